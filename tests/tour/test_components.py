"""The style guide shows every component that templates use, and components stay small."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from jinja2 import nodes

GUIDE = "kernel/jinja2/kernel/styleguide.html"
COMPONENTS = "kernel/jinja2/ui"
LONGEST = 80


def parse(text):
    return engines["jinja2"].env.parse(text)


def used(tree):
    """Names of the components that a template or macro asks for."""
    return {
        node.attr
        for node in tree.find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == "ui"
    }


def macros(folder):
    """Each component's macros, and what each of them is made of: macros of its own file or of others."""
    made = {}
    for path in sorted(Path(folder).glob("*.html")):
        found = {macro.name: macro for macro in parse(path.read_text("utf-8")).find_all(nodes.Macro)}
        for name, macro in found.items():
            called = {node.name for node in macro.find_all(nodes.Name)} & found.keys()
            made[name] = (called | used(macro)) - {name}
    return made


def shown(guide, made):
    """What a page shows: the macros it calls and those that they are made of."""
    seen, ahead = set(), used(guide)
    while ahead:
        name = ahead.pop()
        seen.add(name)
        ahead |= made.get(name, set()) - seen
    return seen


def pages():
    guide = settings.BASE_DIR / GUIDE
    return [path for path in settings.BASE_DIR.glob("*/jinja2/**/*.html") if path != guide]


def too_long(paths):
    return [path.name for path in paths if len(path.read_text("utf-8").splitlines()) > LONGEST]


def test_the_guide_shows_every_component_in_use():
    guide = parse((settings.BASE_DIR / GUIDE).read_text("utf-8"))
    seen = shown(guide, macros(settings.BASE_DIR / COMPONENTS))
    missing = {
        (name, path.name) for path in pages() for name in used(parse(path.read_text("utf-8"))) if name not in seen
    }
    assert missing == set()


def test_components_are_short():
    assert too_long((settings.BASE_DIR / COMPONENTS).glob("*.html")) == []


# --- they could fail -------------------------------------------------------------------------------------------------
def test_a_component_that_is_not_shown_is_noticed():
    made = {"form": {"submit_row"}, "submit_row": set(), "odd": set()}
    assert shown(parse("{% call ui.form(x) %}{% endcall %}"), made) == {"form", "submit_row"}
    assert used(parse("{{ ui.odd() }}{{ other.even() }}")) == {"odd"}


@pytest.mark.parametrize(("lines", "found"), [(LONGEST, []), (LONGEST + 1, ["x.html"])])
def test_a_long_component_is_noticed(tmp_path, lines, found):
    (tmp_path / "x.html").write_text("x\n" * lines)
    assert too_long(tmp_path.glob("*.html")) == found
