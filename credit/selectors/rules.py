"""Which rules are in force on a day, and what they say about a code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from credit.models import Calibration, Rulebook
from credit.scoring import Terms
from kernel import clock
from kernel.errors import DomainError


class Rulebooks:
    """Every version adopted, read when first asked: what a code meant on its day. One query, however many are asked."""

    def clause(self, code: str, *days: date | None) -> dict[str, Any]:
        """What is said of an event code by the rules of the first of these days that have it (None: today): a rulebook
        may drop a clause while a matter under it is open. DomainError ``credit.unknown_code`` when none has it."""
        for day in days:
            if entry := _entry(self.on(day or clock.today()).content, code):
                return entry
        raise _unknown(code)

    def decided(self, code: str, decided_on: date, happened_on: date | None) -> dict[str, Any]:
        """The clause that a decision of the past rests on. What it does (points, cap, bar, display) follows this one,
        not what the rulebook of today says or leaves out."""
        return self.clause(code, decided_on, *([happened_on] if happened_on else []))

    def names(self) -> dict[str, str]:
        """{code: its name} of every version, the newest words where several have it."""
        return {e["code"]: words(e["name"]) for _, row in self._versions for e in row.content["events"]}

    def on(self, day: date) -> Rulebook:
        """The version in force on a day; before the first adoption, the first. DomainError ``credit.no_rules``."""
        if not self._versions:
            raise _no_rules()
        begun = [row for start, row in self._versions if start <= day]
        return begun[-1] if begun else self._versions[0][1]

    @cached_property
    def _versions(self) -> list[tuple[date, Rulebook]]:
        rows = Rulebook.objects.order_by("effective_from", "id").values_list("effective_from", "pk", "sha256")
        return [(start, _row(Rulebook, *key)) for start, *key in rows]


@dataclass(frozen=True)
class Rules:
    """The rulebook and calibration of a day (rows), and the arithmetic made from them; ``books`` are all versions."""

    rulebook: Rulebook
    calibration: Calibration
    books: Rulebooks = field(default_factory=Rulebooks, repr=False, compare=False)

    @property
    def content(self) -> dict[str, Any]:
        return self.rulebook.content

    def terms(self, category: str | None = None) -> Terms:
        """For one scope: a category's code, or None for the overview."""
        return Terms(self.rulebook.content, self.calibration.content, category)

    def event(self, code: str) -> dict[str, Any]:
        """What the rulebook says about an event code. DomainError ``credit.unknown_code``."""
        if (entry := _entry(self.content, code)) is None:
            raise _unknown(code)
        return entry

    def has(self, code: str) -> bool:
        return _entry(self.content, code) is not None

    def grade(self, code: str) -> dict[str, Any]:
        """The entry of a grade, the unrated included."""
        newcomer = {"stars": 0, **self.content["newcomer"]}
        return next((g for g in self.content["grades"] if g["code"] == code), newcomer)


def rules_on(day: date | None = None) -> Rules:
    """What is in force on `day` (default: today in China); before the first adoption, the first version.

    DomainError ``credit.no_rules`` on an installation that has none yet.
    """
    day, books = day or clock.today(), Rulebooks()
    return Rules(books.on(day), _calibration_on(day), books)


def clause_on(code: str, *days: date | None) -> dict[str, Any]:
    """One clause (see `Rulebooks.clause`)."""
    return Rulebooks().clause(code, *days)


def _entry(content: dict[str, Any], code: str) -> dict[str, Any] | None:
    return next((entry for entry in content["events"] if entry["code"] == code), None)


def _no_rules() -> DomainError:
    return DomainError("credit.no_rules", _("还没有导入信用规则。"), _("请管理员运行 load_rulebook 导入默认规则。"))


def _unknown(code: str) -> DomainError:
    return DomainError(
        "credit.unknown_code",
        _("信用规则里没有事项“%(code)s”。") % {"code": code},
        _("请从规则列出的事项中选择。"),
        field="event_code",
    )


def _calibration_on(day: date) -> Calibration:
    rows = Calibration.objects.values_list("pk", "sha256")
    key = rows.filter(effective_from__lte=day).order_by("-effective_from", "-id").first()
    key = key or rows.order_by("effective_from", "id").first()
    if key is None:
        raise _no_rules()
    found: Calibration = _row(Calibration, *key)
    return found


@lru_cache(maxsize=64)
def _row(model: Any, pk: int, sha256: str) -> Any:
    """Adopted rules never change, and reading them is a kilobyte of JSON each time: kept by what they are."""
    return model.objects.get(pk=pk, sha256=sha256)


# The classes of deductions that the public reads one by one. Minor ones it meets only as one sum in a score.
SHOWN = ("general", "serious")


def shown(clause: dict[str, Any]) -> bool:
    """Whether a decision by this clause is displayed; else its time limits how long it counts."""
    return clause["class"] in SHOWN


def words(names: dict[str, str]) -> str:
    """A {"zh": …, "en": …} of the rulebook in the reader's language."""
    return names["en"] if (get_language() or "").startswith("en") else names["zh"]
