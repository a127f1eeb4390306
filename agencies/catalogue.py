"""The default catalogue as files: read, checked and frozen. Knows no database; ``services.catalogue`` loads it.

Two files of ``agencies/data``: ``certificate_types.yaml`` and ``catalogue.yaml``; their heads explain every field. An
item inherits the ``defaults`` of its category, its steps come from a named step pattern. Money is integer fen, days are
working days. ``read()`` returns the whole or raises ``CatalogueError`` with one sentence for each thing that is wrong.
A county's own file may do without English: its names are shown in Chinese then, and its texts always are, unless they are
the very ones that ours says in English.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from agencies import catalogue_english
from agencies import catalogue_rules as rules

DATA = Path(__file__).parent / "data"


class CatalogueError(ValueError):
    """The files cannot be used; ``sentences`` name item, key and what is wrong."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class AbolishedLevel:
    """A level that is gone while the type goes on (测绘丙级)."""

    level: str
    abolished_on: date
    remedy_zh: str
    remedy_en: str = ""


@dataclass(frozen=True)
class CertificateType:
    """A kind of certificate (资质). ``kind``: licence, filing, person or voluntary. Levels run from the best down."""

    code: str
    kind: str
    name_zh: str
    name_en: str
    authority: str
    note: str
    source: str
    synonyms: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    validity_years: int | None = None
    number_pattern: str | None = None
    number_example: str | None = None
    abolished_on: date | None = None
    abolished_levels: tuple[AbolishedLevel, ...] = ()
    remedy_zh: str = ""
    remedy_en: str = ""

    def abolished_level(self, level: str) -> AbolishedLevel | None:
        return next((gone for gone in self.abolished_levels if gone.level == level), None)


@dataclass(frozen=True)
class Demand:
    """A certificate type and the lowest level that will do (None: any)."""

    type: str
    level: str | None = None


@dataclass(frozen=True)
class CertificateRule:
    """What an agency must hold: one of ``any_of`` and each of ``all_of``. Both empty: no licence may be demanded."""

    any_of: tuple[Demand, ...] = ()
    all_of: tuple[Demand, ...] = ()

    def as_json(self) -> dict[str, list[dict[str, str | None]]]:
        """The shape that ``ServiceItem.certificate_rule`` stores."""
        parts = {"any_of": self.any_of, "all_of": self.all_of}
        return {key: [{"type": d.type, "level": d.level} for d in value] for key, value in parts.items() if value}


@dataclass(frozen=True)
class Step:
    """One line of the time-limit table (流程时限表); 0 days means the same day."""

    code: str
    name_zh: str
    name_en: str
    days: int
    post_zh: str
    post_en: str


@dataclass(frozen=True)
class Text:
    """Something named in both languages."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Category:
    """A trade of the market (服务类别)."""

    code: str
    number: int
    name_zh: str
    name_en: str
    icon: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """A service item (服务事项) with everything a buyer must know before choosing."""

    code: str
    category: str
    name_zh: str
    name_en: str
    synonyms: tuple[str, ...]
    basis: str
    matter_served: str
    who_commissions: str
    who_pays: str
    self_service_allowed: bool
    size_trigger: str
    certificate_rule: CertificateRule
    filings: tuple[str, ...]
    people: tuple[str, ...]
    certificate_note: str
    abolished_qualifications: tuple[str, ...]
    statutory_days: int | None
    default_days: int
    steps: tuple[Step, ...]
    price_control: str
    price_reference: str
    fee_unit: str
    price_low_fen: int
    price_high_fen: int
    min_fee_fen: int
    includes: str
    result_type: str
    external_review: bool
    materials: tuple[Text, ...]
    template_contract: tuple[tuple[str, str], ...]
    baseline_fee_fen: int
    baseline_days: int
    orderable: bool

    @property
    def contract_text(self) -> str:
        """The clauses as numbered lines, with their open places."""
        return "\n".join(f"{n}. {title}：{text}" for n, (title, text) in enumerate(self.template_contract, start=1))


@dataclass(frozen=True)
class Catalogue:
    """Everything, by code, in the order of the files; ``phrases`` says each text of an item in English, of our files."""

    version: str
    certificate_types: dict[str, CertificateType]
    categories: dict[str, Category]
    items: dict[str, Item]
    phrases: dict[str, str]


def read(catalogue_path: Path | None = None, types_path: Path | None = None) -> Catalogue:
    """Read and check both files (the shipped ones by default). CatalogueError lists every fault; of our own files, when
    all else is right, every English that is missing."""
    types_raw = _yaml(types_path or DATA / "certificate_types.yaml")
    raw = _yaml(catalogue_path or DATA / "catalogue.yaml")
    return build(raw, types_raw, english=catalogue_path is None and types_path is None)


@cache
def shipped() -> Catalogue:
    """The catalogue that comes with the product, read once."""
    return read()


def build(raw: dict[str, Any], types_raw: dict[str, Any], *, english: bool = True) -> Catalogue:
    """Parsed files → catalogue; pure, for tests that plant errors. ``english``: both languages must be there."""
    sentences = rules.check_types(types_raw)
    if not sentences:
        known = {entry["code"]: entry for entry in types_raw["certificate_types"]}
        sentences = rules.check_catalogue(raw, known)
    if english and not sentences:
        sentences = [rules.fault(*said) for said in catalogue_english.missing(raw, known)]
    if sentences:
        raise CatalogueError(sentences)
    types = {entry["code"]: _type(entry) for entry in types_raw["certificate_types"]}
    categories, items = {}, {}
    for entry in raw["categories"]:
        fields = {name: entry[name] for name in ("code", "number", "name_zh", "icon")}
        synonyms, spoken = tuple(entry["synonyms"]), entry.get("name_en") or ""
        categories[entry["code"]] = Category(**fields, name_en=spoken, synonyms=synonyms)
        for item in entry["items"]:
            items[item["code"]] = _item(raw, rules.merged(entry, item), types)
    phrases = catalogue_english.phrases(raw, known, items) if english else {}
    return Catalogue(str(raw["version"]), types, categories, items, phrases)


def _yaml(path: Path) -> dict[str, Any]:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CatalogueError([rules.unreadable(path.name, error)]) from error


def _type(entry: dict[str, Any]) -> CertificateType:
    fields = {**entry, "name_en": entry.get("name_en") or ""}
    for key in ("synonyms", "levels"):
        fields[key] = tuple(fields.get(key, ()))
    fields["abolished_levels"] = tuple(AbolishedLevel(**gone) for gone in fields.get("abolished_levels", ()))
    return CertificateType(**fields)


def _item(raw: dict[str, Any], entry: dict[str, Any], types: dict[str, CertificateType]) -> Item:
    rule = _rule(entry["certificate_rule"])
    materials = tuple(
        Text(code, raw["materials"][code]["zh"], raw["materials"][code].get("en", "")) for code in entry["materials"]
    )
    days, fee = entry["days"], entry["fee_fen"]
    plain = (
        "code category name_zh basis matter_served who_commissions who_pays self_service_allowed size_trigger "
        "price_control price_reference fee_unit includes result_type external_review"
    )
    return Item(
        **{key: entry[key] for key in plain.split()},
        name_en=entry.get("name_en") or "",
        synonyms=tuple(entry["synonyms"]),
        certificate_rule=rule,
        certificate_note=_certificate_note(entry, rule, types),
        filings=tuple(entry.get("filings", ())),
        people=tuple(entry.get("people", ())),
        abolished_qualifications=tuple(entry.get("abolished_qualifications", ())),
        statutory_days=days.get("statutory"),
        default_days=days["default"],
        steps=_steps(raw, entry),
        price_low_fen=fee["low"],
        price_high_fen=fee["high"],
        min_fee_fen=fee["min"],
        baseline_fee_fen=fee["baseline"],
        baseline_days=days["baseline"],
        materials=materials,
        template_contract=_contract(raw, entry),
        orderable=entry.get("orderable", True),
    )


def _rule(entry: dict[str, Any]) -> CertificateRule:
    parts = {key: tuple(Demand(d["type"], d.get("level")) for d in entry.get(key, ())) for key in ("any_of", "all_of")}
    return CertificateRule(**parts)


def _certificate_note(entry: dict[str, Any], rule: CertificateRule, types: dict[str, CertificateType]) -> str:
    """What is needed in words: the item's own note, else the filings and people that it names."""
    if "certificate_note" in entry:
        return entry["certificate_note"]
    filings = "、".join(types[code].name_zh for code in entry.get("filings", ()))
    people = "、".join(types[code].name_zh for code in entry.get("people", ()))
    parts = [f"须有{filings}" if filings else "", f"由{people}签字负责" if people else ""]
    said = "，".join(part for part in parts if part)
    if rule.any_of or rule.all_of:
        return f"{said}。" if said else ""
    return f"无需资质；{said}。" if said else "无需资质。"


def _steps(raw: dict[str, Any], entry: dict[str, Any]) -> tuple[Step, ...]:
    pattern = raw["step_patterns"][entry["step_pattern"]]
    posts = raw["posts"]
    return tuple(
        Step(step["code"], step["name_zh"], step.get("name_en", ""), days, post["zh"], post.get("en", ""))
        for step, days in zip(pattern, entry["days"]["steps"], strict=True)
        for post in (posts[step["post"]],)
    )


def _contract(raw: dict[str, Any], entry: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The template contract as (heading, clause). What an order knows better ({days}, {materials}, {matter}, {unit},
    {item}, {result}) stays open; what the price includes is the item's own."""
    clauses = {**raw["contract_clauses"], **raw["contract_variants"][entry["contract"]]}
    return tuple((c["title"], c["text"].replace("{includes}", entry["includes"])) for c in clauses.values())
