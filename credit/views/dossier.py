"""What the page of a case shows, and which acts it offers to whom."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from credit import trail
from credit.forms.case import CLASSES, AllegeForm, DecideForm, DefenceForm, PaperForm, ReasonForm
from credit.models import Case
from credit.scoring.integers import add_months
from credit.selectors.cases import OPEN, READERS, leads_to
from credit.selectors.rules import Rules, rules_on, shown, words
from credit.selectors.story import order_of, reported, told
from credit.selectors.whatif import Consequence, if_upheld
from credit.services.cases import DEFENCE
from credit.services.papers import FOR_AGENCY, FOR_OFFICERS, PROOF
from credit.views.door import is_officer, named, other_officers
from credit.views.next_act import Next, next_of, while_it_lasts
from kernel import access, clock, lamps
from kernel.models import Attachment, AuditEntry, Deadline
from kernel.ui.format import chinese, date_cn, sentence

S = Case.Status
# What these acts said stands on the page already.
DECIDED = ("case.upheld", "case.dismissed")
# Where a case goes if nothing unusual happens: (status reached, word).
WAY = (S.ALLEGED, S.NOTICED, S.DEFENDED, S.IN_EFFECT)


class Dossier:
    """Everything about one case for one reader; each part is read once, when the page asks for it."""

    def __init__(self, request: HttpRequest, case: Case) -> None:
        self.request, self.case = request, case
        self.officer = is_officer(request)
        self.reader = access.holds(request.user, *READERS)
        self.agency_side = access.belongs_to(request.user, case.agency.organisation_id)

    @cached_property
    def rules(self) -> Rules:
        return rules_on()

    @cached_property
    def rule(self) -> dict[str, Any] | None:
        """The clause it was decided by, or would be today; of the day it happened where later rules have dropped it."""
        case = self.case
        decided_on = case.event.occurred_on if case.event else None
        return self.rules.books.clause(case.event_code, decided_on, case.occurred_on) if case.event_code else None

    @property
    def name(self) -> str:
        """What the agency is said to have done, in the rulebook's words; "" before a clause is chosen."""
        return words(self.rule["name"]) if self.rule else ""

    @property
    def clause(self) -> str:
        if self.rule is None:
            return ""
        points = self.rule["points"]
        said = ngettext("%(name)s（%(class)s，%(points)s 分）", "%(name)s（%(class)s，%(points)s 分）", points)
        return said % {
            "name": words(self.rule["name"]),
            "class": CLASSES[self.rule["class"]],
            "points": points,
        }

    @cached_property
    def deadline(self) -> Deadline | None:
        return Deadline.objects.filter(subject=self.case.stream, code=DEFENCE).order_by("-id").first()

    @property
    def defence_open(self) -> bool:
        return self.case.status == S.NOTICED and self.deadline is not None and clock.now() <= self.deadline.due_at

    @property
    def lamp(self) -> lamps.Lamp | None:
        return lamps.lamp(self.deadline) if self.defence_open else None

    @cached_property
    def consequence(self) -> Consequence | None:
        """What upholding would do; only while that is open."""
        undecided = self.case.status in (S.ALLEGED, S.NOTICED, S.DEFENDED)
        return if_upheld(self.case, self.rule, self.rules) if undecided and self.rule else None

    @property
    def afterwards(self) -> str:
        """How long it would be shown and count, if it is upheld."""
        return while_it_lasts(self.shown, self.consequence.until) if self.consequence else ""

    @cached_property
    def graver(self) -> str:
        """The graver clause that a repetition calls for; a hint to officers before the notice."""
        if not self.officer or self.case.status != S.ALLEGED or not self.rules.has(self.case.event_code):
            return ""
        code = leads_to(self.case, self.rules)
        return words(self.rules.event(code)["name"]) if code else ""

    @property
    def acts(self) -> set[str]:
        status, found = self.case.status, set()
        if self.officer:
            found |= {"allege"} if status == S.INTAKE else set()
            found |= {"notice"} if status == S.ALLEGED else set()
            found |= {"withdraw"} if status in OPEN else set()
            found |= {"paper"} if status in FOR_OFFICERS else set()
            found |= {"repair"} if status == S.IN_EFFECT and not self.repair_bar else set()
            if status in (S.NOTICED, S.DEFENDED) and not self.decide_bar:
                found.add("decide")
        if self.agency_side:
            found |= {"defend"} if self.defence_open else set()
            found |= {"paper"} if status in FOR_AGENCY else set()
        return found

    @cached_property
    def decide_bar(self) -> str:
        """Why this officer cannot decide now ("" = may)."""
        if self.defence_open and self.deadline:
            day = date_cn(self.deadline.due_at, False)
            return _("申辩期到 %(day)s 为止；机构提交申辩或期满后可以决定。") % {"day": day}
        if self.case.proposed_by_id == self.request.user.pk:
            names = named(other_officers(self.request.user)[:5])
            if names:
                return sentence(_("认定由您提出，须由另一位信用管理员决定：%(names)s。"), names=names)
            return _("认定由您提出，须由另一位信用管理员决定；目前没有第二位，请单位管理员添加。")
        return ""

    @cached_property
    def repair_bar(self) -> str:
        """Why the case cannot be repaired now ("" = may)."""
        if self.rule is None or self.case.event is None:
            return ""
        if not self.rule["repairable"]:
            return _("该事项依规则不能修复，期满后自动终止。")
        earliest: date = add_months(self.case.event.occurred_on, self.rule["display"]["min"] or 0)
        if clock.today() < earliest:
            return _("最短期限未满，%(day)s 起可以办理信用修复。") % {"day": date_cn(earliest, False)}
        return ""

    @cached_property
    def _uploaded(self) -> list[Attachment]:
        return list(Attachment.objects.filter(subject=self.case.stream))

    @property
    def unproved(self) -> bool:
        """No evidence was uploaded: the facts and what the lead named are all that the agency can read."""
        return all(row.purpose == PROOF for row in self._uploaded)

    @property
    def papers(self) -> list[dict[str, Any]]:
        words_of = {PROOF: _("申辩材料")}
        return [
            {
                "name": row.name,
                "href": reverse("file", args=[row.pk]),
                "size": row.size,
                "at": row.uploaded_at,
                "sha256": row.sha256,
                "note": words_of.get(row.purpose, _("证据")),
            }
            for row in self._uploaded
        ]

    @property
    def facts(self) -> str:
        return told(self.case.facts)

    @property
    def reported(self) -> list[tuple[str, Any]]:
        return reported(self.case.evidence)

    @property
    def order(self) -> str:
        """The number of the order the lead came from, "" for any other source."""
        return order_of(self.case.evidence)

    @property
    def shown(self) -> bool:
        """Whether the public reads of it once it is decided."""
        return self.rule is not None and shown(self.rule)

    @property
    def term(self) -> str:
        """How long the public would read of it, or (a minor one) how long it would count."""
        if self.rule is None:
            return ""
        months = self.case.display_months or self.rule["display"]["months"]
        return _("%(n)s 个月") % {"n": months} if months else _("名单期间")

    @property
    def stage(self) -> int:
        """Which of the five steps (STAGES) the case stands at; 6 when all are behind it."""
        waiting = {S.INTAKE: 2, S.ALLEGED: 3, S.NOTICED: 4 if self.defence_open else 5, S.DEFENDED: 5}
        return waiting.get(S(self.case.status), 6)

    @property
    def ways(self) -> list[str]:
        """The names of the five steps; the fourth says when it went by unused."""
        silent = self.stage > 4 and not self.case.defence
        answer = _("没有陈述申辩") if silent else _("陈述申辩")
        return [_("登记线索"), _("提出认定"), _("送达告知"), answer, _("作出决定")]

    @cached_property
    def entries(self) -> list[AuditEntry]:
        return trail.entries(self.case.stream)

    @property
    def withdrawn_at(self) -> datetime | None:
        return next((entry.at for entry in self.entries if entry.action == "case.withdrawn"), None)

    @cached_property
    def next(self) -> Next:
        return next_of(self)

    @cached_property
    def steps(self) -> list[dict[str, Any]]:
        """The timeline: what was done, then what comes next. The agency reads no officer's name."""
        steps = []
        for entry in self.entries:
            steps.append(
                {
                    "title": trail.word(entry),
                    "state": "done",
                    "at": entry.at,
                    "by": (chinese(entry.actor) or _("系统")) if self.reader else "",
                    "text": "" if entry.action in DECIDED else chinese(trail.said(entry)),
                }
            )
        return steps + self._ahead()

    def _ahead(self) -> list[dict[str, Any]]:
        status, due = self.case.status, self.deadline.due_at if self.deadline else None
        names = {
            S.ALLEGED: _("提出认定"),
            S.NOTICED: _("送达告知"),
            S.DEFENDED: _("陈述申辩"),
            S.IN_EFFECT: _("第二人决定"),
        }
        if status not in OPEN:
            return []
        if status == S.NOTICED and not self.defence_open:
            status = S.DEFENDED
        rest = WAY[WAY.index(status) + 1 :] if status in WAY else WAY
        return [
            {
                "title": names[step],
                "state": "now" if n == 0 else "next",
                "text": _("截止 %(day)s") % {"day": date_cn(due, False)} if due and step == S.DEFENDED else "",
            }
            for n, step in enumerate(rest)
        ]

    def blank(self, name: str) -> forms.Form:
        """An unfilled form of an act, with what is known already."""
        if name == "allege":
            return AllegeForm(rules=self.rules, initial={"facts": self.case.facts})
        kinds: dict[str, type[forms.Form]] = {"defend": DefenceForm, "decide": DecideForm, "paper": PaperForm}
        return kinds.get(name, ReasonForm)(auto_id=f"id_{name}_%s")
