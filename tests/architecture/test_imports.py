"""The import contracts of pyproject.toml hold, and each of them would break if somebody crossed it."""

import re
import shutil
import subprocess
import sys

import pytest

from tests.architecture.walls import FLOORS, ROOT

CROSSINGS = {
    "Each floor knows only the floors below it": ("kernel/services/planted_floor.py", "import demo.apps"),
    "Nobody imports config": ("credit/planted_config.py", "import config.settings"),
    "stripe is known in orders.gateways alone": ("orders/planted_stripe.py", "import stripe"),
    "Search engines are known in market.search alone": ("market/planted_search.py", "import tantivy"),
    "wagtail is known in cms alone": ("market/planted_wagtail.py", "import wagtail"),
    "Inside an app": ("kernel/services/planted_inside.py", "import kernel.tasks"),
}


def lint(folder) -> dict[str, bool]:
    """Name of each contract (its first words) -> is it kept?"""
    answer = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "COLUMNS": "200", "PATH": "", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    kept = dict(re.findall(r"^(\S.*?) (KEPT|BROKEN)", answer.stdout, flags=re.MULTILINE))
    assert kept, answer.stdout + answer.stderr
    return {name: word == "KEPT" for name, word in kept.items()}


@pytest.fixture
def copy_of_the_house(tmp_path):
    for name in [*FLOORS, "config"]:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=lambda _, files: [f for f in files if _is_data(f)])
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _is_data(name: str) -> bool:
    return "." in name and not name.endswith(".py")


def test_contracts_are_kept():
    assert all(lint(ROOT).values())


def test_every_contract_notices_a_crossing(copy_of_the_house):
    for path, line in CROSSINGS.values():
        (copy_of_the_house / path).write_text(line + "\n")
    kept = lint(copy_of_the_house)
    assert not any(kept.values())
    for begins in CROSSINGS:
        assert any(name.startswith(begins) for name in kept)
    assert len(kept) == len(CROSSINGS)
