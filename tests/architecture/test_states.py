"""The sets of an order's states stand beside them: a new end is put in there, not looked for in the rooms."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from orders.models import Order

ROOT = Path(__file__).parents[2]
ENDS = {Order.Status(value).name for value in (*Order.DONE, *Order.ENDED)}
SPELLED = ENDS | {name.lower() for name in ENDS}
# Where states and sets are declared, and the table of the process, whose rows are its sets
DECLARED = ("orders/models/", "orders/machines.py")


def sets_of_ends(source: str) -> Iterator[int]:
    """Lines on which a tuple, list or set names two or more of the states in which an order is done or has ended."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            named = [name for part in node.elts if (name := _state(part)) in SPELLED]
            if len(named) > 1:
                yield node.lineno


def _state(node: ast.expr) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def modules() -> Iterator[Path]:
    for room in ("orders", "market", "cms", "demo"):
        for path in sorted((ROOT / room).rglob("*.py")):
            where = path.relative_to(ROOT).as_posix()
            if "migrations" not in path.parts and not where.startswith(DECLARED):
                yield path


def test_sets_of_ends_are_named_once_beside_the_states():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in modules()
        for line in sets_of_ends(path.read_text(encoding="utf-8"))
    ]
    assert found == [], f"name the set in orders.models.Order: {found}"


@pytest.mark.parametrize(
    "source",
    [
        "X = (Order.Status.CLOSED, Order.Status.APPROVED)",
        "if s in [S.DECLINED, S.CANCELLED]: ...",
        "{'closed', 'terminated'}",
    ],
)
def test_a_set_built_elsewhere_is_found(source):
    assert list(sets_of_ends(source)) == [1]


def test_every_state_is_in_its_sets():
    """Running or over, once each, but for the approved one, whose money and ratings are still open."""
    assert {*Order.HOLDING, Order.Status.APPROVED, *Order.OVER} == set(Order.Status)
    assert not set(Order.HOLDING) & set(Order.OVER)
