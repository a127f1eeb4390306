"""The process record says every act in words: none that a service writes down is left as its code."""

import ast
from pathlib import Path

from orders.action_words import WORDS

SOURCES = [ast.parse(path.read_text()) for path in sorted(Path("orders").glob("services/*.py"))]
CALLS = [node for tree in SOURCES for node in ast.walk(tree) if isinstance(node, ast.Call)]
ASSIGNED = [
    node.value
    for tree in SOURCES
    for node in ast.walk(tree)
    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "action"
]
NO_RECORD = "project."  # an order has a process record, a project has none
# Where a function takes the action: {name: its place}, None where it is named
PLACES = {
    node.name: next((n for n, one in enumerate(node.args.args) if one.arg == "action"), None)
    for tree in SOURCES
    for node in ast.walk(tree)
    if isinstance(node, ast.FunctionDef)
}


def strings(node):
    """What an expression may come to, with * for a part that is not known here."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return [*strings(node.body), *strings(node.orelse)]
    if isinstance(node, ast.JoinedStr):
        return ["".join(part.value if isinstance(part, ast.Constant) else "*" for part in node.values)]
    return []


def written():
    found = set()
    for call in CALLS:
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        given = [word.value for word in call.keywords if word.arg == "action"]
        place = PLACES.get(name)
        if place is not None and len(call.args) > place:
            given.append(call.args[place])
        found |= {text for node in given for text in strings(node)}
    for node in ASSIGNED:
        found |= set(strings(node))
    return {action for action in found if not action.startswith(NO_RECORD)}


def worded(action):
    before, star, after = action.partition("*")
    return action in WORDS or (bool(star) and any(w.startswith(before) and w.endswith(after) for w in WORDS))


def test_every_act_has_words():
    actions = written()
    assert {"order.placed", "complaint.accepted", "refund.retried", "deliverable.opened", "deliverable.*"} <= actions
    assert sorted(action for action in actions if not worded(action)) == []


def test_every_word_belongs_to_an_act():
    acts = written()
    stars = [act.partition("*") for act in acts if "*" in act]
    unused = {
        code
        for code in WORDS
        if code not in acts and not any(code.startswith(a) and code.endswith(z) for a, _, z in stars)
    }
    assert unused == set()
