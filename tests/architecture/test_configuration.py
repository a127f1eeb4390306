"""What the settings read, what the papers list and what the containers set are the same names."""

import ast
import re

import pytest
import yaml

from tests.architecture.walls import ROOT, python_files


def read_by_settings(source: str) -> set[str]:
    """First arguments of `env.str("NAME", …)`, `env("NAME")` and of os.environ's ways."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            asked = node.func.value if isinstance(node.func, ast.Attribute) else node.func
            whole = ast.unparse(asked)
            if whole in {"env", "os", "os.environ"} and node.args[0].value and str(node.args[0].value).isupper():
                names.add(node.args[0].value)
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            names.add(ast.literal_eval(node.slice))
    return names


SETTINGS = read_by_settings((ROOT / "config" / "settings.py").read_text())
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if service["image"] == "chengxuan"}


def documented(text: str) -> set[str]:
    """Names in the first column of the tables."""
    return set(re.findall(r"^\| `([A-Z_]+)` \|", text, flags=re.MULTILINE))


def exemplified(text: str) -> set[str]:
    return set(re.findall(r"^#?([A-Z_]+)=", text, flags=re.MULTILINE))


def set_by(service: dict) -> set[str]:
    environment = service.get("environment", {})
    return set(environment) if isinstance(environment, dict) else {entry.split("=")[0] for entry in environment}


def test_settings_are_found():
    assert {"SECRET_KEY", "DATABASE_URL", "DEMO"} <= SETTINGS
    assert read_by_settings('env.bool("A"); env("B"); os.environ["C"]; os.environ.get("D"); f("E")') == set("ABCD")


def test_documentation_lists_exactly_these():
    text = (ROOT / "docs" / "configuration.md").read_text()
    assert documented(text) == SETTINGS
    assert documented(text + "\n| `PLANTED` | | |\n") != SETTINGS


def test_example_lists_exactly_these():
    text = (ROOT / ".env.example").read_text()
    assert exemplified(text) == SETTINGS
    assert exemplified(text + "\n#PLANTED=1\n") != SETTINGS


@pytest.mark.parametrize("name", OURS)
def test_containers_set_only_what_settings_read(name):
    assert set_by(OURS[name]) <= SETTINGS
    assert not set_by({"environment": {"PLANTED": "1"}}) <= SETTINGS


def test_the_five_are_there():
    assert {"web", "worker", "beat", "postgres", "redis"} <= set(COMPOSE["services"])


def test_only_the_secret_must_be_chosen():
    required = set(re.findall(r"\$\{(\w+):?\?", (ROOT / "docker-compose.yml").read_text()))
    undefended = set(re.findall(r"(?<!\$)\$\{(\w+)\}", (ROOT / "docker-compose.yml").read_text()))
    assert required == {"SECRET_KEY"}
    assert not undefended


def test_all_that_stay_up_are_watched():
    assert {name for name, service in COMPOSE["services"].items() if "healthcheck" not in service} == {"prepare"}


def test_containers_do_not_run_as_root():
    users = re.findall(r"^USER (\S+)", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    assert users
    assert users[-1] not in {"root", "0"}


def test_stores_are_not_published():
    for name in ("postgres", "redis"):
        assert "ports" not in COMPOSE["services"][name]
        assert all(COMPOSE["networks"][network]["internal"] for network in COMPOSE["services"][name]["networks"])


def settings_guessed(text: str) -> list[str]:
    """Settings asked for with an answer of the asker's own: config/settings.py does not know them."""
    return re.findall(r"(?:getattr|hasattr)\(\s*settings,\s*[\"']([A-Z_]+)", text)


def test_no_setting_is_read_that_is_not_declared():
    found = {f"{path}: {name}" for path, text in python_files() for name in settings_guessed(text)}
    assert not found
    assert settings_guessed('getattr(settings, "PLANTED", 1)') == ["PLANTED"]
