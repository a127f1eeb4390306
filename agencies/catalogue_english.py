"""The English of the catalogue that comes with the product: what must be there, and the book of phrases it makes.

Each text people are shown stands in the file in Chinese under its key and in English under ``<key>_en`` right after it;
names are ``name_zh`` and ``name_en``, posts and materials ``zh`` and ``en``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

Entry = dict[str, Any]

TEXTS = ("basis", "matter_served", "size_trigger", "price_reference", "result_type", "includes", "certificate_note")
_PLACES = re.compile(r"\{\w*\}")
_CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def missing(raw: Entry, types: dict[str, Entry]) -> Iterator[tuple[str, str, str]]:
    """(entry, key, fault) for a text or name without English, English without its text, and one text said in two ways."""
    for entry, key, english in _names(raw, types):
        if not english or _CHINESE.search(english):
            yield entry, key, _("缺少英文，或英文里有中文字符。")
    said: dict[str, str] = {}
    for entry, key, chinese, english in _pairs(raw):
        if not chinese:
            yield entry, f"{key}_en", _("有英文而没有中文。")
        elif not english or _CHINESE.search(english):
            yield entry, f"{key}_en", _("缺少英文，或英文里有中文字符。")
        elif sorted(_PLACES.findall(chinese)) != sorted(_PLACES.findall(english)):
            yield entry, f"{key}_en", _("花括号与中文不一致。")
        elif said.setdefault(chinese, english) != english:
            yield entry, f"{key}_en", _("同一句中文在别处另有译法“%(other)s”。") % {"other": said[chinese]}


def phrases(raw: Entry, types: dict[str, Entry], built: dict[str, Any]) -> dict[str, str]:
    """Chinese text → English, of everything a page may show; ``built`` are the items as the database gets them."""
    book = {chinese: english for _entry, _key, chinese, english in _pairs(raw)}
    book |= {entry["name_zh"]: entry["name_en"] for c in raw["categories"] for entry in (c, *c["items"])}
    book |= {text["zh"]: text["en"] for part in ("posts", "materials") for text in raw[part].values()}
    for category in raw["categories"]:
        for item in category["items"]:
            whole = {**category["defaults"], **item}
            book[built[item["code"]].contract_text] = _contract(raw, whole)
            if "certificate_note" not in whole:
                book[built[item["code"]].certificate_note] = _certificate_note(whole, types)
    return book


def _names(raw: Entry, types: dict[str, Entry]) -> Iterator[tuple[str, str, str]]:
    """(entry, key, English) of everything that has a name, and of what is to be done about abolished certificates."""
    for entry in (*types.values(), *(entry for c in raw["categories"] for entry in (c, *c["items"]))):
        yield str(entry["code"]), "name_en", str(entry.get("name_en") or "").strip()
    for kind in types.values():
        for gone in (kind, *kind.get("abolished_levels", ())):
            if gone.get("abolished_on"):
                yield kind["code"], "remedy_en", str(gone.get("remedy_en") or "").strip()
    for part in ("posts", "materials"):
        for code, text in raw[part].items():
            yield part, str(code), str(text.get("en") or "").strip()
    for pattern, steps in raw["step_patterns"].items():
        for step in steps:
            yield "step_patterns", str(pattern), str(step.get("name_en") or "").strip()


def _pairs(raw: Entry) -> Iterator[tuple[str, str, str, str]]:
    """(entry, key, Chinese, English) as they stand in the file; nothing said in either language is left out."""
    places = [(c.get("code"), c.get("defaults", {}), TEXTS) for c in raw["categories"]]
    places += [(i.get("code"), i, TEXTS) for c in raw["categories"] for i in c.get("items", ())]
    clauses = [raw["contract_clauses"], *raw["contract_variants"].values()]
    places += [(name, clause, ("title", "text")) for part in clauses for name, clause in part.items()]
    for entry, place, keys in places:
        for key in keys:
            chinese, english = str(place.get(key) or ""), str(place.get(f"{key}_en") or "")
            if chinese or english:
                yield str(entry), key, chinese, english


def _contract(raw: Entry, item: Entry) -> str:
    clauses = {**raw["contract_clauses"], **raw["contract_variants"][item["contract"]]}
    includes = item["includes_en"][:1].lower() + item["includes_en"][1:]
    lines = [(c["title_en"], c["text_en"].replace("{includes}", includes)) for c in clauses.values()]
    return "\n".join(f"{n}. {title}: {text}" for n, (title, text) in enumerate(lines, start=1))


def _certificate_note(item: Entry, types: dict[str, Entry]) -> str:
    """The English of ``catalogue._certificate_note``."""
    filings = _listed(types[code]["name_en"] for code in item.get("filings", ()))
    people = _listed(types[code]["name_en"] for code in item.get("people", ()))
    bare = not any(item["certificate_rule"].get(key) for key in ("any_of", "all_of"))
    parts = [
        "No licence needed." if bare else "",
        f"Filing needed: {filings}." if filings else "",
        f"Signed by: {people}." if people else "",
    ]
    return " ".join(part for part in parts if part)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
