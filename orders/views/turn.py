"""What an order waits for: whose turn it is, what for, by when, and what happens when nobody acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from kernel import lamps
from kernel.models import Deadline
from orders import reasons
from orders.machines import LIMITS, PAYING
from orders.models import Order
from orders.views.acts import Act, awaited
from orders.views.acts.base import BOTH
from orders.views.dossier import Dossier
from orders.views.sides import Side


@dataclass(frozen=True)
class Turn:
    """``whose``: mine, theirs, system, done or ended, as ``ui.next_step`` has them. ``also``: what the other side has to
    do at the same time."""

    whose: str
    title: Any
    text: Any = ""
    who: str = ""
    due: Any = None
    lamp: lamps.Lamp | None = None
    outcome: Any = ""
    also: list[str] = field(default_factory=list)


def turn(d: Dossier, leading: Act | None, pays: bool) -> Turn:
    """``leading`` is the person's own next act, ``pays`` whether the person is asked for money."""
    if d.order.status in Order.ENDED:
        words = (reasons.end_reason(d.order.status, d.order.end_reason), d.order.end_note)
        title = _("本订单已结束：%(status)s") % {"status": d.order.get_status_display()}
        return Turn("ended", title, _("；").join(str(word) for word in words if word))
    if d.order.status == Order.Status.CLOSED:
        return Turn("done", _("本订单已完成"), _("全部记录可以查看和打印。"))
    waiting = _waiting(d)
    if pays or leading:
        return _mine(d, leading, pays, waiting)
    if waiting:
        codes = [code for _side, _label, limits in waiting for code in limits]
        names = _("、").join(d.name_of(side) for side, _label, _limits in waiting)
        title = _("；").join(dict.fromkeys(str(label) for _side, label, _limits in waiting))
        when = _by_when(d, codes)
        return Turn("theirs", title, _meanwhile(d, _late(when)), names, **when)
    if unrated := _unrated(d):
        # Who has rated waits for the other, and staff for both
        text = _("评价由双方自行办理，现在不需要您操作。") if d.watches or d.stands_in else _meanwhile(d)
        names = _("、").join(d.name_of(side) for side in unrated)
        return Turn("theirs", _("互相评价"), text, names, **_by_when(d, ("order.rate",)))
    if d.review_running:
        # The buyer has objected
        text = _("项目业主对这次送审有异议，由服务中心核实后登记结果。通过后才能验收，验收时限从那时起算。")
        return Turn("theirs", _("登记评审结果"), text, _("服务中心"), **_by_when(d, ("review.result",)))
    if d.paused:
        return Turn("system", _("计时暂停中"), _("暂停期间不计服务时限，恢复后到期日顺延。"))
    return Turn("system", _("按期限自动推进"), _("现在没有需要双方办理的事项，系统会按期限自动推进。"))


def _unrated(d: Dossier) -> list[Side]:
    """While the window is open: the sides that have not rated. Only its own people see the act, so it stands in no list of
    acts awaited."""
    if "order.rate" not in d.deadlines:
        return []
    return [side for side in BOTH if d.rating_of(side) is None]


def _late(when: dict[str, Any]) -> bool:
    return bool(when.get("lamp")) and when["lamp"].colour == "red"


def _meanwhile(d: Dossier, late: bool = False) -> Any:
    """What the reader is told while somebody else acts."""
    for side, act in awaited(d):
        if act.meanwhile and side != d.trading_side:
            return act.meanwhile(d) if callable(act.meanwhile) else act.meanwhile
    if late and d.side != Side.READER:
        return _("已经逾期。可以留言催办，留言会通知对方。")
    if late:
        return _("已经逾期，尚未办理。")
    return _("现在不需要您操作，办理后会通知您。")


def _waiting(d: Dossier) -> list[tuple[Side, Any, tuple[str, ...]]]:
    """Sides that must act, what for and under which limits. To pay is no act of the table: it happens at the bank."""
    found = {side: (side, act.label, act.limits) for side, act in awaited(d)}
    if d.pays_now:
        found[d.payer] = (d.payer, _("支付服务费"), PAYING)
    return list(found.values())


def _mine(d: Dossier, leading: Act | None, pays: bool, waiting: list[tuple[Side, Any, tuple[str, ...]]]) -> Turn:
    own = (d.trading_side, d.side)
    also = [
        _("%(who)s同时在办：%(what)s。") % {"who": d.name_of(side), "what": label}
        for side, label, _limits in waiting
        if side not in own
    ]
    if pays or leading is None:
        return Turn("mine", _("支付服务费"), also=also, **_by_when(d, PAYING))
    return Turn("mine", leading.heading(), also=also, **_by_when(d, leading.limits))


def _by_when(d: Dossier, codes: Iterable[str]) -> dict[str, Any]:
    """The nearest open limit among ``codes``."""
    open_ones = [d.deadlines[code] for code in codes if code in d.deadlines]
    row: Deadline | None = min(open_ones, key=lambda one: one.due_at, default=None)
    if row is None:
        return {}
    stopped = d.stops(row)
    # When the clock runs again the day moves
    due, lamp = None if stopped else row.due_at, lamps.lamp(row, paused=stopped)
    return {"due": due, "lamp": lamp, "outcome": LIMITS[row.code].outcome}
