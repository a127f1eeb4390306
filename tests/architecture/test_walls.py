"""The house keeps its shape. For every wall: it stands, and it would have been noticed if it did not."""

from pathlib import Path

import pytest

from tests.architecture import walls

# Files over the limit, each with the reason why it is one thing.
LONG_FILES: dict[str, str] = {}

# Files that may ask another clock, each with the reason.
OTHER_CLOCKS = {
    "kernel/forms/password.py": "compares with the stamps of the sign-in, which are the machine's own time",
    "agencies/services/roster_upload.py": "compares with the file system's own times, which know no demo offset",
    "kernel/services/stray_files.py": "compares with the file system's own times, which know no demo offset",
}


def breaches(check, sources) -> str:
    return "\n".join(breach for path, text in sources for breach in check(path, text))


@pytest.mark.parametrize(
    "check",
    [
        walls.strings_naming_a_higher_floor,
        walls.migrations_depending_upward,
        walls.paths_of_one_machine,
    ],
)
def test_python_keeps_the_walls(check):
    assert not breaches(check, walls.python_files())


def test_one_clock():
    asking = {str(path) for path, text in walls.python_files() if walls.other_clocks(path, text)}
    assert asking == set(OTHER_CLOCKS)
    assert all(OTHER_CLOCKS.values())


@pytest.mark.parametrize(
    "check",
    [
        walls.templates_reaching_upward,
        walls.kernel_pages_of_a_trade,
        walls.inline_code,
        walls.paths_of_one_machine,
    ],
)
def test_templates_keep_the_walls(check):
    assert not breaches(check, walls.templates())


def test_there_is_something_to_check():
    assert len(list(walls.python_files())) > 50
    assert len(list(walls.templates())) > 10


PLANTED = [
    (walls.strings_naming_a_higher_floor, "credit/models/x.py", "ForeignKey('orders.Order', CASCADE)"),
    (walls.strings_naming_a_higher_floor, "kernel/x.py", "apps.get_model('agencies', 'Agency')"),
    (walls.strings_naming_a_higher_floor, "kernel/x.py", "apps.get_model('agencies.Agency')"),
    (walls.strings_naming_a_higher_floor, "orders/x.py", "import_string('market.apps.MarketConfig')"),
    (walls.strings_naming_a_higher_floor, "orders/views/x.py", "render(request, 'market/listing.html')"),
    (walls.strings_naming_a_higher_floor, "credit/migrations/0001_initial.py", "ForeignKey(to='orders.order')"),
    (
        walls.migrations_depending_upward,
        "credit/migrations/0001_initial.py",
        "dependencies = [('orders', '0001_initial')]",
    ),
    (walls.templates_reaching_upward, "orders/jinja2/orders/x.html", "{% extends 'market/base.html' %}"),
    (walls.templates_reaching_upward, "orders/jinja2/orders/x.html", '{%- from "cms/x.html" import y %}'),
    (walls.kernel_pages_of_a_trade, "kernel/jinja2/kernel/x.html", '{% set way = url_or_none("agencies:claim") %}'),
    (walls.other_clocks, "orders/x.py", "from django.utils import timezone\ntimezone.now()"),
    (walls.other_clocks, "orders/x.py", "from django.utils.timezone import now"),
    (walls.other_clocks, "orders/x.py", "DateTimeField(auto_now_add=True)"),
    (walls.other_clocks, "orders/x.py", "from django.db.models.functions import Now"),
    (walls.other_clocks, "orders/x.py", "datetime.date.today()"),
    (walls.other_clocks, "orders/x.py", "timezone.localdate()"),
    (walls.other_clocks, "orders/x.py", "cursor.execute('SELECT CURRENT_TIMESTAMP')"),
    (walls.inline_code, "orders/jinja2/orders/x.html", "<p style='color:red'>"),
    (walls.inline_code, "orders/jinja2/orders/x.html", "<style>p{}</style>"),
    (walls.inline_code, "orders/jinja2/orders/x.html", "<script>alert(1)</script>"),
    (walls.inline_code, "orders/jinja2/orders/x.html", '<a class="x"\n onclick="go()">'),
    (walls.inline_code, "orders/jinja2/orders/x.html", '<a href="javascript:go()">'),
    (walls.sleeps_in_tests, "tests/orders/test_x.py", "import time\ntime.sleep(1)"),
    (walls.paths_of_one_machine, "orders/x.py", "open('/" + "home/somebody/x')"),
]


@pytest.mark.parametrize(("check", "path", "text"), PLANTED)
def test_a_planted_breach_is_noticed(check, path, text):
    assert check(Path(path), text)


INNOCENT = [
    (walls.strings_naming_a_higher_floor, "market/x.py", "ForeignKey('orders.Order', CASCADE)"),
    (walls.strings_naming_a_higher_floor, "orders/x.py", "reverse('market:listing')"),
    (walls.strings_naming_a_higher_floor, "kernel/x.py", "'orders.'"),
    (walls.migrations_depending_upward, "agencies/migrations/0001_initial.py", "choices = [('market', '市场')]"),
    (walls.kernel_pages_of_a_trade, "kernel/jinja2/kernel/x.html", '{% set way = url_or_none("market:search") %}'),
    (walls.other_clocks, "orders/x.py", "from kernel import clock\nclock.now()"),
    (walls.other_clocks, "orders/x.py", "timezone.localtime(moment)"),
    (walls.other_clocks, "kernel/clock.py", "datetime.now(UTC)"),
    (walls.inline_code, "orders/jinja2/orders/x.html", '<script src="/x.js" defer></script>{{ f(style="wide") }}'),
]


@pytest.mark.parametrize(("check", "path", "text"), INNOCENT)
def test_an_innocent_line_passes(check, path, text):
    assert not check(Path(path), text)


def test_files_stay_short():
    sources = [*walls.python_files(tests=True), *walls.templates()]
    assert not breaches(lambda path, text: walls.too_long(path, text, LONG_FILES), sources)
    assert walls.too_long(Path("orders/x.py"), "\n" * 401, LONG_FILES)
    assert walls.too_long(Path("tests/orders/x.py"), "\n" * 501, LONG_FILES)


def test_reasons_for_length_are_current():
    long = {str(path) for path, text in walls.python_files(tests=True) if walls.too_long(path, text, {})}
    assert set(LONG_FILES) <= long
    assert all(LONG_FILES.values())


def test_tests_do_not_sleep():
    assert not breaches(walls.sleeps_in_tests, walls.python_files(tests=True))
