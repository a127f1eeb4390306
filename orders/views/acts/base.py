"""What an act on an order is: one row of a table that draws the buttons, the forms and the addresses alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError
from kernel.ui import format
from orders.forms.base import ActForm
from orders.views.dossier import Dossier
from orders.views.sides import Side

BUYER, AGENCY, STAFF, SUPERVISOR = Side.BUYER, Side.AGENCY, Side.STAFF, Side.SUPERVISOR
BOTH = (Side.BUYER, Side.AGENCY)


@dataclass(frozen=True)
class Act:
    """``code`` is its address, ``label`` its button, ``sides`` who may press it at all (others get 403), ``offered``
    whether it makes sense now for a side (only for what is shown: the service decides).

    ``run(dossier, data, row)`` calls the service with the actor. ``say`` tells the consequence before the button,
    ``why`` (where the order's state alone does not explain it) why the act is not possible now,
    ``done`` (a sentence, or what makes one of the service's answer) what happened after it, ``meanwhile`` what the other
    side reads while it waits for the act. ``press`` is the button's word where it is not the label. ``leads`` marks the acts of the main line, or
    tells when an act belongs to it: the first one offered to a person is the page's next step. ``beside`` marks acts beside the main line. ``limits`` are
    the time limits that run for it. ``rows`` finds what a ``pk`` in the address means. ``answers`` replaces the one button
    by several that send ``answer``.
    """

    code: str
    label: Any
    sides: tuple[Side, ...]
    offered: Callable[[Dossier, Side], bool]
    run: Callable[[Dossier, dict[str, Any], Any], Any]
    done: Any
    form: type[ActForm] = ActForm
    say: Any = ""
    why: Callable[[Dossier], Any] | None = None
    meanwhile: Any = ""
    press: Any = ""
    leads: bool | Callable[[Dossier], bool] = False
    beside: bool = False
    inline: bool = True
    kind: str = "primary"
    title: Any = ""
    limits: tuple[str, ...] = ()
    rows: Callable[[Dossier], Any] | None = None
    answers: tuple[tuple[str, Any, str], ...] = ()
    back: str = "orders:order"

    def led_by(self, dossier: Dossier) -> bool:
        """Whether the act belongs to the main line of the order now."""
        return self.leads(dossier) if callable(self.leads) else self.leads

    def said(self, dossier: Dossier) -> Any:
        return self.say(dossier) if callable(self.say) else self.say

    def refusal(self, dossier: Dossier) -> Any:
        """Why the act is not possible now."""
        reason = self.why(dossier) if self.why else ""
        return reason or gettext("订单现在是“%(status)s”，按目前的进展不能办理“%(act)s”。请返回订单查看进展。") % {
            "status": dossier.order.get_status_display(),
            "act": self.label,
        }

    def told(self, result: Any) -> Any:
        return self.done(result) if callable(self.done) else self.done

    def heading(self) -> Any:
        return self.title or self.label


def there(row: Any) -> Any:
    """The row an act is about; a refusal when it has gone since the page was made."""
    if row is None:
        raise DomainError("act.gone", _("这件事已经办理完毕或已撤销。"), _("请刷新页面，查看最新进展。"))
    return row


ACTS: dict[str, Act] = {}


def register(*acts: Act) -> None:
    for act in acts:
        if act.code in ACTS:
            raise ValueError(f"act {act.code} is listed twice")
        ACTS[act.code] = act


def offered(dossier: Dossier) -> list[Act]:
    """The acts that make sense now for the person, in the order of the table."""
    return [act for act in ACTS.values() if act.rows is None and fits(act, dossier, dossier.sides)]


def awaited(dossier: Dossier) -> list[tuple[Side, Act]]:
    """Whose turn it is, and what for: the first act of the main line that each side could do now; the centre's operators
    are a side where they pay for an authority."""
    leading = [act for act in ACTS.values() if act.rows is None and act.led_by(dossier)]
    sides = dict.fromkeys((*BOTH, dossier.payer if dossier.offline_waiting else Side.BUYER))
    first = [(side, next((act for act in leading if fits(act, dossier, (side,))), None)) for side in sides]
    return [(side, act) for side, act in first if act is not None]


def fits(act: Act, dossier: Dossier, sides: tuple[Side, ...]) -> bool:
    """Whether the act makes sense now for one of ``sides``."""
    return any(side in act.sides and act.offered(dossier, side) for side in sides)


def sum_of(fen: int) -> str:
    """An amount that a sentence promises: ``¥12,000.00（大写：壹万贰仟元整）``; in English the figures alone."""
    if format.english():
        return format.money(fen)
    return gettext("%(fee)s（大写：%(words)s）") % {"fee": format.money(fen), "words": format.money_capital(fen)}
