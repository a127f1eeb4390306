"""What a case waits for, told to the one who reads it: the officers, the agency, or somebody who only looks on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from credit.models import Case
from kernel.ui.format import chinese, date_cn
from kernel.wording import sentences

if TYPE_CHECKING:
    from credit.views.dossier import Dossier

S = Case.Status


@dataclass(frozen=True)
class Next:
    """``turn`` as in ui.next_step; ``text`` explains; ``go`` is (label, anchor) of the form on the page; ``post`` is
    the act that needs no form."""

    title: str
    turn: str
    text: str = ""
    who: str = ""
    due: datetime | None = None
    outcome: str = ""
    go: tuple[str, str] | None = None
    post: str = ""


def next_of(d: Dossier) -> Next:
    found: dict[str, Callable[[Dossier], Next]] = {
        S.INTAKE: _intake,
        S.ALLEGED: _alleged,
        S.NOTICED: _noticed if d.defence_open else _deciding,
        S.DEFENDED: _deciding,
        S.IN_EFFECT: _in_effect,
        S.REPAIRED: lambda _d: Next(
            _("信用修复已完成"),
            "done",
            _repaired(d) % {"day": _day(d.case.repaired_at)},
        ),
        S.DISMISSED: lambda _d: Next(_("已决定不予认定"), "done", _("不扣分，不展示。")),
        S.WITHDRAWN: lambda _d: Next(_("案件已撤回"), "ended", _("不扣分，不展示；理由见进展。")),
    }
    return found[d.case.status](d)


def _day(moment: datetime | None) -> str:
    return date_cn(moment, False)


def _intake(d: Dossier) -> Next:
    title, text = _("核实线索，提出认定"), _("属实的，上传证据后选定条款提出认定；不属实的，撤回案件。")
    if d.officer:
        return Next(title, "mine", text, go=(_("填写认定"), "#allege"))
    return Next(title, "theirs", text, who=_("信用管理员"))


def _alleged(d: Dossier) -> Next:
    title = _("核对条款和证据，送达告知")
    said = _("机构会立即收到事实、条款、扣分和证据，并有 %(n)s 个工作日陈述申辩。告知后不能再补充证据。")
    if d.unproved:
        said = _("机构会立即收到事实、条款和扣分，并有 %(n)s 个工作日陈述申辩。")
    text = said % {"n": d.rules.content["appeal"]["notice_wd"]}
    return Next(title, "mine", text, post="notice") if d.officer else Next(title, "theirs", text, who=_("信用管理员"))


def _noticed(d: Dossier) -> Next:
    due = d.deadline.due_at if d.deadline else None
    if d.agency_side:
        return Next(
            _("请陈述申辩"),
            "mine",
            _("这是拟认定，尚未决定。您可以说明事实、提出理由、上传证据；告知以后，条款和期限不会再变。"),
            due=due,
            outcome=_("视为放弃陈述申辩，由另一位信用管理员依现有材料决定"),
            go=(_("填写陈述申辩"), "#defend"),
        )
    return Next(
        _("等待机构陈述申辩"),
        "theirs",
        who=chinese(d.case.agency.organisation.name),
        due=due,
        outcome=_("由提出人以外的信用管理员依现有材料决定"),
    )


def _deciding(d: Dossier) -> Next:
    if "decide" in d.acts:
        text = _("机构已经申辩，请逐点回应。") if d.case.defence else _("申辩期已满，机构没有陈述申辩。")
        return Next(_("作出决定"), "mine", text, go=(_("填写决定"), "#decide"))
    if d.agency_side:
        text = (
            _("您的陈述申辩已收到，决定会逐点回应；决定前仍可补充材料。")
            if d.case.defence
            else _("申辩期已满，没有收到陈述申辩。")
        )
        return Next(_("等待作出决定"), "theirs", text, who=_("提出人以外的信用管理员"))
    return Next(_("等待作出决定"), "theirs", d.decide_bar if d.officer else "", who=_("提出人以外的信用管理员"))


def _repaired(d: Dossier) -> str:
    return _("自 %(day)s 起不再展示、扣分和限制，记录保留。") if d.shown else _("自 %(day)s 起不再扣分，记录保留。")


def while_it_lasts(public: bool, until: date | None) -> str:
    """What a decision does until it ends (None: as long as the agency is listed)."""
    if until is None:
        return _("名单期间一直展示。") if public else _("轻微事项不逐项对外展示，只合计计入信用分。")
    day = {"day": date_cn(until, False)}
    if public:
        return _("对外展示至 %(day)s，扣分逐日减少到 0。") % day
    return sentences(_("轻微事项不逐项对外展示，只合计计入信用分。"), _("扣分逐日减少，%(day)s 为 0。") % day)


def _in_effect(d: Dossier) -> Next:
    event = d.case.event
    until = event.expires_on if event else None
    text = while_it_lasts(d.shown, until)
    if "repair" in d.acts:
        return Next(_("决定已生效，可以办理信用修复"), "done", text, go=(_("办理信用修复"), "#repair"))
    if d.agency_side:
        # 行政复议法（2023 修订）第二十条. It is lodged with the authority that the law names, not here.
        text = sentences(text, _("对决定不服的，可自知道之日起 60 日内依法申请行政复议。"))
    if d.agency_side and not d.repair_bar:
        text = sentences(text, _("已满最短期限：请把整改和修复材料交给服务中心信用管理员，申请信用修复。"))
    return Next(_("决定已生效"), "done", str(text))
