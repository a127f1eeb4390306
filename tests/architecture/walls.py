"""Walls that import-linter cannot see, as functions from source text to a list of breaches.

Each takes the path (relative to the project) and the text, so a test can hand it a planted breach.
"""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FLOORS = ["kernel", "agencies", "credit", "orders", "market", "cms", "demo"]
LONGEST_FILE, LONGEST_TEST = 400, 500


def python_files(*, tests: bool = False):
    for folder in [*FLOORS, "config", *(["tests"] if tests else [])]:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT), path.read_text()


def templates():
    for floor in FLOORS:
        for folder in ("jinja2", "templates"):
            for path in sorted((ROOT / floor / folder).rglob("*.*")):
                if path.suffix in {".html", ".txt", ".xml", ".jinja", ".svg"}:
                    yield path.relative_to(ROOT), path.read_text()


def floors_above(path: Path) -> list[str]:
    floor = path.parts[0]
    return FLOORS[FLOORS.index(floor) + 1 :] if floor in FLOORS else []


# --- names in strings ------------------------------------------------------------------------------------------------
def strings_naming_a_higher_floor(path: Path, text: str) -> list[str]:
    """Foreign keys, `get_model`, import paths, template names: whatever spells a higher app's thing in a string."""
    above = floors_above(path)
    if not above:
        return []
    apps = "|".join(above)
    model = re.compile(rf"({apps})\.[A-Z]\w*$")
    model_in_migration = re.compile(rf"({apps})\.\w+$")
    template = re.compile(rf"({apps})/[\w/.-]+\.(html|txt|xml)$")
    breaches = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            named = node.value
            if (
                model.match(named)
                or template.match(named)
                or ("migrations" in path.parts and model_in_migration.match(named))
                or _is_module(named, above)
            ):
                breaches.append(f"{path}:{node.lineno} names {named!r}")
        elif _first_is(node, above):
            breaches.append(f"{path}:{node.lineno} looks a model of {node.args[0].value!r} up")
    return breaches


def _first_is(node, above: list[str]) -> bool:
    """get_model("orders", "Order")"""
    return (
        isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in {"get_model", "get_app_config"}
        and bool(node.args)
        and isinstance(node.args[0], ast.Constant)
        and node.args[0].value in above
    )


def _is_module(named: str, above: list[str]) -> bool:
    """Is this the dotted path of something that exists on a higher floor?"""
    if not re.fullmatch(r"[a-z_]+(\.\w+)+", named) or named.split(".")[0] not in above:
        return False
    parts = named.split(".")
    return (ROOT / "/".join(parts[:2])).is_dir() or (ROOT / parts[0] / f"{parts[1]}.py").is_file()


def migrations_depending_upward(path: Path, text: str) -> list[str]:
    if "migrations" not in path.parts:
        return []
    above = floors_above(path)
    return [
        f"{path}:{pair.lineno} {assignment.targets[0].id} names {pair.elts[0].value}"
        for assignment in ast.walk(ast.parse(text))
        if isinstance(assignment, ast.Assign) and _last_name(assignment.targets[0]) in {"dependencies", "run_before"}
        for pair in ast.walk(assignment.value)
        if isinstance(pair, ast.Tuple) and getattr(pair.elts[0], "value", None) in above
    ]


def templates_reaching_upward(path: Path, text: str) -> list[str]:
    above = floors_above(path)
    used = re.findall(r"{%-?\s*(?:extends|include|import|from)\s+['\"]([^'\"]+)['\"]", text)
    return [f"{path} uses {name}" for name in used if name.split("/")[0] in above]


def kernel_pages_of_a_trade(path: Path, text: str) -> list[str]:
    """The kernel's pages lead to the public front (market, cms) where it is there; what a room in between has to say on
    them stands in its own template, in a slot."""
    if path.parts[0] != "kernel":
        return []
    return [f"{path} names {name}" for name in re.findall(r"['\"]((?:agencies|credit|orders|demo):\w+)['\"]", text)]


# --- one clock -------------------------------------------------------------------------------------------------------
CLOCK = Path("kernel/clock.py")
READINGS = {
    ("timezone", "now"),
    ("timezone", "localdate"),
    ("timezone", "localtime"),
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}


def other_clocks(path: Path, text: str) -> list[str]:
    """Everything but kernel.clock that reads the time: attributes, `auto_now`, the database's own."""
    if path == CLOCK:
        return []
    breaches = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and (_last_name(node.value), node.attr) in READINGS:
            if _reads_present(node, text):
                breaches.append(f"{path}:{node.lineno} {_last_name(node.value)}.{node.attr}")
        elif isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
            breaches.append(f"{path}:{node.value.lineno} {node.arg}")
        elif isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                if (node.module.split(".")[-1], name.name) in READINGS or name.name in {"Now", "TransactionNow"}:
                    breaches.append(f"{path}:{node.lineno} imports {name.name}")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_sql_reading_the_time(node.value):
            breaches.append(f"{path}:{node.lineno} asks the database for the time")
    return breaches


def _last_name(node) -> str:
    return getattr(node, "attr", getattr(node, "id", ""))


def _reads_present(node: ast.Attribute, text: str) -> bool:
    """`timezone.localtime(moment)` only converts; without an argument it reads the clock."""
    if node.attr not in {"localtime", "localdate"}:
        return True
    line = text.splitlines()[node.end_lineno - 1][node.end_col_offset :]
    return not line.startswith("(") or line.startswith("()")


def _is_sql_reading_the_time(value: str) -> bool:
    reading = r"\b(CURRENT_TIMESTAMP|CURRENT_DATE|LOCALTIMESTAMP|(clock|statement|transaction)_timestamp\()"
    return bool(re.search(reading, value) and re.search(r"\b(SELECT|SET|VALUES|DEFAULT|WHERE)\b", value))


# --- what a browser must not run -------------------------------------------------------------------------------------
def inline_code(path: Path, text: str) -> list[str]:
    """`<style>`, `<script>` without src, `style=` and `on…=` attributes; Jinja2's own syntax is left out."""
    html = re.sub(r"{#.*?#}|{{.*?}}|{%.*?%}", lambda m: "\n" * m.group().count("\n"), text, flags=re.DOTALL)
    patterns = {
        r"<style\b": "a <style>",
        r"<script\b(?![^>]*\bsrc=)": "a <script> without src",
        r"<[^>]*\sstyle\s*=": "a style attribute",
        r"<[^>]*\son[a-z]+\s*=": "an event attribute",
        r"javascript:": "a javascript: address",
    }
    return [
        f"{path}:{html.count(chr(10), 0, found.start()) + 1} has {what}"
        for pattern, what in patterns.items()
        for found in re.finditer(pattern, html, flags=re.IGNORECASE)
    ]


# --- size and words --------------------------------------------------------------------------------------------------
def too_long(path: Path, text: str, allowed: dict[str, str]) -> list[str]:
    lines = text.count("\n")
    limit = LONGEST_TEST if path.parts[0] == "tests" else LONGEST_FILE
    if "migrations" in path.parts or lines <= limit or str(path) in allowed:
        return []
    return [f"{path} has {lines} lines; split it, or give the reason in LONG_FILES"]


def sleeps_in_tests(path: Path, text: str) -> list[str]:
    """A test that sleeps is slow or shaky; services.wait_until waits for a thing that can be asked."""
    if not path.name.startswith("test_"):
        return []
    return [
        f"{path}:{node.lineno} sleeps"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and _last_name(node.func) == "sleep"
    ]


def paths_of_one_machine(path: Path, text: str) -> list[str]:
    return [f"{path} speaks of {found}" for found in re.findall(r"/(?:home|Users)/\w+|/root/", text)]
