"""Direct transfer from payer to agency: there is nobody to call, both sides confirm on the platform."""

from __future__ import annotations

from typing import Any

from orders.gateways import OPEN, Report


class Offline:
    custody = False

    def open(self, payment: Any) -> Report:
        return Report(OPEN)

    def retrieve(self, reference: str) -> Report:
        return Report(OPEN)

    def withdraw(self, reference: str) -> Report:
        return Report("withdrawn")

    def refund(self, refund: Any) -> None:
        """The agency transfers back; the payer confirms."""

    def give_back(self, payment: Any) -> None:
        """Both sides confirm the amount asked for; another cannot come."""

    def release(self, reference: str, amount_fen: int) -> None:
        """Nothing is held."""

    def pay_url(self, payment: Any) -> str:
        return ""
