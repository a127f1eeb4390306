"""What every test may count on: a migrated database of its own, clean caches, and servers by name.

Marks:
    @pytest.mark.needs("redis")        skipped, and named in the summary, where Redis cannot be started
    @pytest.mark.needs("postgresql")   runs in the second session of `./run test`, on a temporary PostgreSQL
    @pytest.mark.both_engines          runs in both sessions
"""

import json
import os
from collections import defaultdict
from pathlib import Path

import pytest

from tests import databases, services

PARTS = {
    "all": "one session on whatever database is set; what needs another one is skipped",
    "embedded": "leave out what runs in the PostgreSQL session",
    "postgresql": "only what is marked needs('postgresql') or both_engines",
}


def pytest_addoption(parser):
    parser.addoption("--part", choices=PARTS, default="all", help="; ".join(f"{k}: {v}" for k, v in PARTS.items()))


def pytest_configure(config):
    """A clean checkout has no compiled translations, and pages are read in English too."""
    if not hasattr(config, "workerinput"):
        from kernel.ui import catalogues

        catalogues.compile_catalogues(catalogues.rooms())


def _needs(item) -> set[str]:
    return {name for mark in item.iter_markers("needs") for name in mark.args}


def pytest_collection_modifyitems(config, items):
    unknown = {name for item in items for name in _needs(item)} - set(services.SERVICES)
    if unknown:
        raise pytest.UsageError(f"needs(): unknown {sorted(unknown)}; there are {sorted(services.SERVICES)}")
    part = config.getoption("part")
    items_for_other_part = [item for item in items if not _belongs(item, part)]
    if items_for_other_part:
        config.hook.pytest_deselected(items=items_for_other_part)
        items[:] = [item for item in items if item not in set(items_for_other_part)]
    absent = set(services.missing())
    if not os.environ.get("TEST_DATABASE_URL"):
        absent.add("postgresql")
    for item in items:
        for name in sorted(_needs(item) & absent):
            item.add_marker(pytest.mark.skip(reason=f"needs {name}"))


def _belongs(item, part: str) -> bool:
    on_postgresql = "postgresql" in _needs(item)
    if part == "embedded":
        return not on_postgresql
    if part == "postgresql":
        return on_postgresql or item.get_closest_marker("both_engines") is not None
    return True


# --- the closing words -----------------------------------------------------------------------------------------------
def pytest_terminal_summary(terminalreporter):
    skipped = defaultdict(list)
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        name = reason.removeprefix("Skipped: needs ")
        if name in services.SERVICES:
            skipped[name].append(report.nodeid)
    for name, tests in sorted(skipped.items()):
        terminalreporter.section(f"skipped because {services.SERVICES[name]} is missing")
        for test in sorted(tests):
            terminalreporter.line(test)
    if skipped:
        terminalreporter.line(
            "`./run test` runs them where the programs are there; `./run test --full` installs those first."
        )
    if totals := os.environ.get("SUITE_TOTALS"):
        _write_totals(Path(totals), terminalreporter.stats, skipped)


def _write_totals(path: Path, stats, skipped) -> None:
    """For `./run test`, which adds its sessions up."""
    count = {name: len(stats.get(name, [])) for name in ("passed", "failed", "error", "skipped", "xfailed", "xpassed")}
    path.write_text(json.dumps(count | {"missing": dict(skipped)}))


# --- databases -------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """Replaces pytest-django's: a copy of the migrated template instead of a migrate per worker."""
    from django.test import TransactionTestCase

    def give_back(self):
        databases.restore()

    flush, TransactionTestCase._fixture_teardown = TransactionTestCase._fixture_teardown, give_back
    with django_db_blocker.unblock():
        databases.prepare(os.environ.get("PYTEST_XDIST_WORKER", "one"))
    yield
    TransactionTestCase._fixture_teardown = flush
    with django_db_blocker.unblock():
        databases.remove()


@pytest.fixture(scope="session", autouse=True)
def english_texts():
    """The catalogues compiled, as `manage.py prepare` does at every start."""
    from kernel.ui.catalogues import compile_catalogues

    compile_catalogues()


@pytest.fixture(autouse=True)
def clean_slate():
    """Nothing remembered from the test before: caches, the demo's clock, and the language of the thread."""
    from django.core.cache import cache
    from django.utils import translation

    from kernel import clock

    cache.clear()
    clock._offset = None  # read once a second; the row behind it belongs to the test before
    translation.deactivate()
    yield
    translation.deactivate()


# --- servers ---------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def redis_server():
    """A Redis of this worker's own; mark the test needs("redis")."""
    with services.Redis() as server:
        yield server


@pytest.fixture(scope="session")
def chromium():
    """Playwright's handle on the system's Chromium; mark the test needs("chromium")."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread; Django would refuse the ORM next to it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=services.chromium_program(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def browser_page(chromium):
    """A fresh window, Chinese, 1280 px wide; nothing shared with the test before."""
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()
