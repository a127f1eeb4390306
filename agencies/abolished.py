"""Abolished qualifications in a text: an agency may not advertise what no longer exists (国发〔2017〕46号, 国发〔2021〕7号)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.translation import get_language

from agencies.models import CertificateType

# "无需环评资质" and "环评资质已取消" are statements of fact, not claims.
_DENIED_BEFORE = re.compile(r"(无需|无须|不需要|不需|不要求|不再要求|不得要求|取消了?)[^，。；]{0,6}$")
_DENIED_AFTER = re.compile(r"^[^，。；]{0,4}(已取消|已经取消|已废止|不再要求|不得要求)")


@dataclass(frozen=True)
class Claimed:
    """A claim found: ``words`` as written in the text, ``remedy`` in the reader's language."""

    words: str
    type_code: str
    remedy: str


def find(text: str, on: date, types: Iterable[CertificateType] | None = None) -> list[Claimed]:
    """Claims of qualifications or levels that were abolished on or before ``on``, at most one a type."""
    tidy = _tidy(text)
    if not tidy:
        return []
    rows = types if types is not None else CertificateType.objects.all()
    found = [claim for row in rows for claim in [_claim(row, tidy, on)] if claim]
    return found


def _claim(row: CertificateType, text: str, on: date) -> Claimed | None:
    names = [_tidy(name) for name in (row.name_zh, *row.synonyms) if len(_tidy(name)) >= 3]
    if row.abolished_on and row.abolished_on <= on:
        words = _first(text, names)
        return Claimed(words, row.code, row.remedy) if words else None
    for level in row.abolished_levels:
        if date.fromisoformat(str(level["abolished_on"])) <= on:
            mark = _tidy(level["level"])
            words = _first(text, [f"{name}{mark}" for name in names] + [f"{mark}{name}" for name in names])
            if words:
                remedy = level["remedy_en"] if get_language() == "en" else level["remedy_zh"]
                return Claimed(words, row.code, remedy)
    return None


def _first(text: str, names: list[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        for hit in re.finditer(re.escape(name), text):
            if not _DENIED_BEFORE.search(text[: hit.start()]) and not _DENIED_AFTER.search(text[hit.end() :]):
                return hit.group()
    return ""


@lru_cache(maxsize=4096)
def _tidy(text: str) -> str:
    """One spelling: full-width forms, spaces and brackets do not hide a claim."""
    return re.sub(r"[\s()（）“”\"'《》〔〕\[\]·—-]+", "", unicodedata.normalize("NFKC", text))
