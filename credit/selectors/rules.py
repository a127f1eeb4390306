"""Which rules are in force on a day, and what they say about a code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from credit.models import Calibration, Rulebook
from credit.scoring import Terms
from kernel import clock
from kernel.errors import DomainError


@dataclass(frozen=True)
class Rules:
    """The rulebook and calibration of a day (rows), and the arithmetic made from them."""

    rulebook: Rulebook
    calibration: Calibration

    @property
    def content(self) -> dict[str, Any]:
        return self.rulebook.content

    def terms(self, category: str | None = None) -> Terms:
        """For one scope: a category's code, or None for the overview."""
        return Terms(self.rulebook.content, self.calibration.content, category)

    def event(self, code: str) -> dict[str, Any]:
        """What the rulebook says about an event code. DomainError ``credit.unknown_code``."""
        for entry in self.content["events"]:
            if entry["code"] == code:
                return entry
        raise DomainError(
            "credit.unknown_code",
            _("信用规则里没有事项“%(code)s”。") % {"code": code},
            _("请从规则列出的事项中选择。"),
            field="event_code",
        )

    def has(self, code: str) -> bool:
        return any(entry["code"] == code for entry in self.content["events"])

    def grade(self, code: str) -> dict[str, Any]:
        """The entry of a grade, the unrated included."""
        newcomer = {"stars": 0, **self.content["newcomer"]}
        return next((g for g in self.content["grades"] if g["code"] == code), newcomer)


def rules_on(day: date | None = None) -> Rules:
    """What is in force on `day` (default: today in China); before the first adoption, the first version.

    DomainError ``credit.no_rules`` on an installation that has none yet.
    """
    day = day or clock.today()
    return Rules(_in_force(Rulebook, day), _in_force(Calibration, day))


def clause_on(code: str, *days: date | None) -> dict[str, Any]:
    """What is said of an event code by the rules of the first of these days that have it (None: today): a rulebook may
    drop a clause while a matter under it is open. DomainError ``credit.unknown_code`` when none has it."""
    *earlier, last = days
    for rules in map(rules_on, earlier):
        if rules.has(code):
            return rules.event(code)
    return rules_on(last).event(code)


def _in_force(model: Any, day: date) -> Any:
    rows = model.objects.values_list("pk", "sha256")
    key = rows.filter(effective_from__lte=day).order_by("-effective_from", "-id").first()
    key = key or rows.order_by("effective_from", "id").first()
    if key is None:
        raise DomainError("credit.no_rules", _("还没有导入信用规则。"), _("请管理员运行 load_rulebook 导入默认规则。"))
    return _row(model, *key)


@lru_cache(maxsize=64)
def _row(model: Any, pk: int, sha256: str) -> Any:
    """Adopted rules never change, and reading them is a kilobyte of JSON each time: kept by what they are."""
    return model.objects.get(pk=pk, sha256=sha256)


def words(names: dict[str, str]) -> str:
    """A {"zh": …, "en": …} of the rulebook in the reader's language."""
    return names["en"] if (get_language() or "").startswith("en") else names["zh"]
