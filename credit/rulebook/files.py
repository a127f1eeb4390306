"""Reading a rulebook or a calibration: YAML or JSON in, checked content, canonical bytes and digest out."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import rfc8785
import yaml

from credit.rulebook.lints import lint, lint_calibration

DATA = Path(__file__).resolve().parent.parent / "data"
RULEBOOK_DEFAULT = DATA / "rulebook-default.yaml"
CALIBRATION_DEFAULT = DATA / "calibration-default.json"
PRESETS = DATA / "presets"


class RulebookError(ValueError):
    """The file cannot be adopted. ``problems``: one sentence each, with the place in the file."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Frozen:
    """Checked content with its canonical JSON (RFC 8785) and the SHA-256 that is its identity."""

    source: str
    content: dict[str, Any]
    canonical: bytes
    sha256: str


class _Loader(yaml.SafeLoader):
    """YAML without its traps: a date stays text, a repeated key is an error."""


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    repeated = sorted({str(k) for k in keys if keys.count(k) > 1})
    if repeated:
        raise yaml.constructor.ConstructorError(None, None, f"repeated key: {', '.join(repeated)}", node.start_mark)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def rulebook_load(source: str | Path) -> Frozen:
    """A rulebook from YAML text or a file. Raises RulebookError with every problem found."""
    return _load(source, "rulebook.schema.json", lint)


def calibration_load(source: str | Path, rulebook: dict[str, Any]) -> Frozen:
    """A calibration for `rulebook` from JSON text or a file. Raises RulebookError."""
    return _load(source, "calibration.schema.json", lambda content: lint_calibration(content, rulebook))


def presets() -> list[Path]:
    """The other rulebooks that ship with the product."""
    return sorted(PRESETS.glob("*.yaml"))


def schema(name: str) -> dict[str, Any]:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def _load(source: str | Path, schema_name: str, lints: Any) -> Frozen:
    text = source.read_text(encoding="utf-8") if isinstance(source, Path) else source
    try:
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 — a SafeLoader with fewer types
    except (yaml.YAMLError, RecursionError) as error:
        raise RulebookError([f"not readable: {error}"]) from error
    validator = jsonschema.Draft202012Validator(schema(schema_name))
    found = sorted(validator.iter_errors(content), key=lambda e: [str(p) for p in e.absolute_path])
    if found:
        raise RulebookError([f"{'/'.join(map(str, e.absolute_path)) or '.'}: {e.message}" for e in found])
    problems = lints(content)
    if problems:
        raise RulebookError(problems)
    canonical = rfc8785.dumps(content)
    return Frozen(text, content, canonical, hashlib.sha256(canonical).hexdigest())
