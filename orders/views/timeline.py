"""An order told downwards: what happened, what is going on, what comes next and by when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kernel import clock, lamps, workdays
from kernel.ui import format
from orders import reasons
from orders.machines import LIMITS
from orders.models import Deliverable, ExternalReviewRound, Order
from orders.selectors.lateness import late_reported
from orders.views.dossier import Dossier
from orders.views.papers_settled import settled_by

Status = Order.Status
AFTER_WORK = ("order.payment", "order.authority_payment")


def steps(d: Dossier) -> list[dict[str, Any]]:
    """Steps for ``ui.timeline``; each has a title, a state and, where known, moment, person, text and lamp."""
    done = sorted(_happened(d), key=lambda step: step["at"])
    if d.order.status in Order.ENDED:
        return done
    return [*done, *_ahead(d)]


def _happened(d: Dossier) -> list[dict[str, Any]]:
    o = d.order
    found: list[dict[str, Any]] = []

    def add(at: datetime | None, title: str, by: Any = "", text: str = "", state: str = "done") -> None:
        if at is not None:
            found.append({"at": at, "title": title, "by": by, "text": text, "state": state})

    add(
        o.placed_at, pgettext("进度", "下单"), o.buyer.name, _("窗口代办") if o.channel == Order.Channel.COUNTER else ""
    )
    add(o.proposed_at, _("机构提出新的价格或时限"), o.agency.organisation.name, o.proposed_note)
    add(o.accepted_at, _("受理"), o.agency.organisation.name)
    if d.contract:
        add(d.contract.in_force_at, _("合同生效"))
    if d.paid:
        add(
            d.paid.settled_at, _("付款到账"), text=f"{format.money(d.paid.amount_fen)} · {d.paid.get_gateway_display()}"
        )
    if d.material_request:
        add(d.material_request.requested_at, _("机构发出补正通知"), text=d.asked_papers)
    add(o.materials_complete_at, _("资料齐全"), text=settled_by(d) if o.materials_complete_at else "")
    add(o.started_at, _("开始计时"), text=_("合同时限 %(days)s") % {"days": format.wd(o.days)})
    for r in d.review_rounds:
        add(r.submitted_at, _("第 %(n)s 次送审") % {"n": r.number})
        if r.result != ExternalReviewRound.Result.PENDING:
            failed = r.result not in ExternalReviewRound.PASSED
            text = _("批复文号 %(n)s") % {"n": r.approval_number} if r.approval_number else ""
            add(r.decided_at, r.get_result_display(), text=text, state="failed" if failed else "done")
    for item in d.deliverables:
        add(item.delivered_at, _("第 %(n)s 次交付") % {"n": item.number}, item.delivered_by)
        if item.status == Deliverable.Status.CHANGES:
            add(item.decided_at, _("要求修改"), o.buyer.name, item.changes_requested, "failed")
    add(o.approved_at, _("验收"), o.buyer.name, _used(o))
    add(o.received_at, _("送达"), o.buyer.name)
    revealed = [r.revealed_at for r in d.ratings if r.revealed_at]
    add(max(revealed) if revealed else None, _("评价公开"))
    add(o.closed_at, _("完成"))
    if o.status in Order.ENDED:
        _add_end(d, add)
    return found


def _add_end(d: Dossier, add: Any) -> None:
    words = " · ".join(str(w) for w in (reasons.end_reason(d.order.status, d.order.end_reason), d.order.end_note) if w)
    add(d.ended_at, d.order.get_status_display(), text=words, state="failed")


def _used(o: Order) -> str:
    if o.days_used is None:
        return ""
    words = _("用时 %(used)s，合同时限 %(days)s") % {"used": format.wd(o.days_used), "days": format.wd(o.days)}
    late = late_reported(o) if o.days_used > o.days else 0
    if not late:
        return words
    over = ngettext("逾期 %(n)s 个工作日", "逾期 %(n)s 个工作日", late) % {"n": late}
    return _("；").join((words, over))


def _ahead(d: Dossier) -> list[dict[str, Any]]:
    """What is still to come; the first one is going on now."""
    o, found = d.order, []
    reach: date | None = clock.today()

    def add(missing: bool, title: str, *codes: str) -> None:
        nonlocal reach
        if missing:
            step, reach = _next(d, title, codes, reach)
            found.append(step)

    early = o.status in (Status.PLACED, Status.ACCEPTED)
    add(o.accepted_at is None, _("机构受理"), "order.accept", "order.proposal")
    add(early and not (d.contract and d.contract.in_force_at), _("双方确认合同"), "order.contract")
    add(early and d.pays_first and not d.paid, _("付款至托管账户或转账"), "order.pay")
    add(early and o.materials_complete_at is None, _("核对资料"), "order.materials", "order.supplement")
    to_review = o.external_review and not d.reviewed
    add(to_review, _("主管部门评审") if d.review_running else _("编制成果，送审通过"), *_review_limit(d))
    if to_review:
        if not _review_limit(d):
            found[-1]["text"] = _("在服务时限内送审，送审期间不计时")
        # Nobody can tell how long the authority's experts take.
        reach = None
    to_deliver = o.started_at is None or o.status == Status.IN_SERVICE
    add(to_deliver, _("交付成果") if o.external_review else _("服务并交付成果"), "order.service")
    add(o.approved_at is None, _("验收"), "order.approve", "order.inspect")
    add(o.started_at is not None and not d.pays_first and not d.paid, _("付款"), *AFTER_WORK)
    add(o.closed_at is None and not any(r.revealed_at for r in d.ratings), _("互相评价"), "order.rate")
    add(o.closed_at is None, _("完成"))
    if found:
        found[0]["state"] = "now"
    return found


def _review_limit(d: Dossier) -> tuple[str, ...]:
    if d.review_running:
        return ("review.result",)
    return ("order.review",) if d.order.status == Status.DELIVERED else ()


def _next(d: Dossier, title: str, codes: tuple[str, ...], reach: date | None) -> tuple[dict[str, Any], date | None]:
    """One step to come, and the day by which it is done when every limit is used up (None: nobody can tell)."""
    step: dict[str, Any] = {"title": title, "state": "next"}
    row = next((d.deadlines[code] for code in codes if code in d.deadlines), None)
    if row is not None:
        stopped = d.stops(row)
        step["text"] = (
            _("计时暂停，恢复后到期日顺延")
            if stopped
            else _("应于 %(day)s 前完成") % {"day": format.date_cn(row.due_at)}
        )
        step["due"] = lamps.lamp(row, paused=stopped)
        return step, None if stopped else max(clock.civil(row.due_at), clock.today())
    if not codes:
        return step, None
    days = LIMITS[codes[0]].days or d.order.days
    if reach is None:
        step["text"] = _("时限 %(days)s") % {"days": format.wd(days)}
        return step, None
    reach = workdays.add(reach, days)
    step["text"] = _("时限 %(days)s，推算最迟 %(day)s") % {"days": format.wd(days), "day": format.date_cn(reach)}
    return step, reach
