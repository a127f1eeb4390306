"""The two lock files agree, name no registry, and hold what pyproject.toml asks for."""

import re
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.walls import ROOT


def pins(name: str) -> dict[str, str]:
    found = {}
    for line in (ROOT / name).read_text().splitlines():
        if line and not line.startswith("#"):
            requirement = Requirement(line)
            key = f"{canonicalize_name(requirement.name)} ; {requirement.marker}"
            found[key] = str(requirement.specifier)
    return found


def test_development_contains_the_runtime():
    development = pins("requirements-dev.lock")
    assert {key: development.get(key) for key in pins("requirements.lock")} == pins("requirements.lock")


def test_every_pin_is_exact():
    assert all(
        re.fullmatch(r"==[\w.+!]+", pin)
        for name in ("requirements.lock", "requirements-dev.lock")
        for pin in pins(name).values()
    )


def test_no_address_of_a_registry():
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links", (ROOT / name).read_text()), name


def test_locks_hold_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for name, wanted in (
        ("requirements.lock", project["dependencies"]),
        ("requirements-dev.lock", project["optional-dependencies"]["dev"]),
    ):
        locked = {key.split(" ; ")[0]: pin.removeprefix("==") for key, pin in pins(name).items()}
        for line in wanted:
            requirement = Requirement(line)
            assert requirement.specifier.contains(locked[canonicalize_name(requirement.name)], prereleases=True), line
