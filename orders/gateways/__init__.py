"""Ways to pay. The platform never holds money: a custodian does (sandbox bank; later a real bank or Stripe), or the
buyer transfers directly to the agency and both confirm.

An adapter answers in the same words whoever is behind it, so services know no provider by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

ADAPTERS = {"sandbox": "orders.gateways.sandbox.Sandbox", "offline": "orders.gateways.offline.Offline"}

OPEN, PAID, REFUSED, WITHDRAWN, UNKNOWN = "open", "paid", "refused", "withdrawn", "unknown"


class GatewayDown(Exception):
    """No answer, or one that says nothing: the outcome is unknown and must be asked for again."""


@dataclass(frozen=True)
class Report:
    """What the custodian says about one request: ``state`` open | paid | refused | withdrawn | unknown (never heard
    of it); ``provider_ref`` is its own number."""

    state: str
    provider_ref: str = ""
    amount_fen: int = 0


class Gateway(Protocol):
    """Calls carry our reference, so repeating one changes nothing. All may raise ``GatewayDown``."""

    # Does a custodian hold the money until approval?
    custody: bool

    def open(self, payment: Any) -> Report: ...

    def retrieve(self, reference: str) -> Report: ...

    def withdraw(self, reference: str) -> Report: ...

    def refund(self, refund: Any) -> None: ...

    def give_back(self, payment: Any) -> None:
        """Return the whole of what came for an attempt and does not fit (``received_fen``), known by
        ``return_reference``."""

    def release(self, reference: str, amount_fen: int) -> None: ...

    def pay_url(self, payment: Any) -> str: ...


def available() -> list[str]:
    """The ways to pay that are open here; the sandbox bank exists in a demo only."""
    return [code for code in ADAPTERS if code != "sandbox" or settings.DEMO]


def gateway(code: str) -> Gateway:
    return import_string(ADAPTERS[code])()
