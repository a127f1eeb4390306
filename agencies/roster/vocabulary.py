"""The words a roster may use for categories and certificates."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from agencies import catalogue
from agencies.catalogue import CertificateType, Item


def folded(text: str) -> str:
    """Spelling differences that mean nothing: width, brackets, spaces, case."""
    return re.sub(r"[\s()\[\]【】〔〕《》“”\"'·.,，。]+", "", unicodedata.normalize("NFKC", text)).lower()


@dataclass(frozen=True)
class Vocabulary:
    """Folded spelling → code, and the certificate types by code; built from the files or from the database."""

    categories: dict[str, str]
    certificates: dict[str, str]
    types: dict[str, CertificateType]
    category_names: dict[str, str] = field(default_factory=dict)

    @classmethod
    def shipped(cls) -> Vocabulary:
        """From the catalogue that comes with the product."""
        known = catalogue.shipped()
        spellings = _item_spellings(known.items.values())
        for category in known.categories.values():
            for word in (category.code, category.name_zh, category.name_en, *category.synonyms):
                spellings[folded(word)] = category.code
        spellings |= {folded(category.name_zh): category.code for category in known.categories.values()}
        names = {category.code: category.name_zh for category in known.categories.values()}
        return cls(spellings, _certificate_spellings(known.certificate_types.values()), known.certificate_types, names)

    def only(self, categories: Iterable[str], types: Iterable[str]) -> Vocabulary:
        """The same words, limited to codes that exist (the database may have retired some)."""
        kept, held = set(categories), set(types)
        return Vocabulary(
            {word: code for word, code in self.categories.items() if code in kept},
            {word: code for word, code in self.certificates.items() if code in held},
            {code: kind for code, kind in self.types.items() if code in held},
            {code: name for code, name in self.category_names.items() if code in kept},
        )

    def category(self, text: str) -> str | None:
        return self.categories.get(folded(text))

    def certificate(self, text: str) -> CertificateType | None:
        code = self.certificates.get(folded(text))
        return self.types[code] if code else None

    def nearest_category(self, text: str) -> str | None:
        """The official name of the category whose spelling comes closest, if any is close."""
        close = difflib.get_close_matches(folded(text), self.categories, n=1, cutoff=0.5)
        return self.category_names.get(self.categories[close[0]]) if close else None

    def nearest_certificate(self, text: str) -> str | None:
        close = difflib.get_close_matches(folded(text), self.certificates, n=1, cutoff=0.5)
        return self.types[self.certificates[close[0]]].name_zh if close else None


def _item_spellings(items: Iterable[Item]) -> dict[str, str]:
    """An item's name or synonym stands for its category, unless items of two categories share the word."""
    meant: dict[str, set[str]] = {}
    for item in items:
        for word in (item.name_zh, *item.synonyms):
            meant.setdefault(folded(word), set()).add(item.category)
    return {word: codes.pop() for word, codes in meant.items() if len(codes) == 1}


def _certificate_spellings(types: Iterable[CertificateType]) -> dict[str, str]:
    spellings: dict[str, str] = {}
    held = [kind for kind in types if kind.kind != "person"]
    for kind in held:
        for word in (*kind.synonyms, kind.code, kind.name_en):
            spellings.setdefault(folded(word), kind.code)
    for kind in held:
        spellings[folded(kind.name_zh)] = kind.code
    return spellings
