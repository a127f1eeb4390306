"""How a text message leaves the house. An installation names its provider's class in ``SMS_BACKEND``."""

from __future__ import annotations

import sys
from typing import Protocol


class SmsBackend(Protocol):
    def send(self, *, mobile: str, text: str) -> None:
        """Send ``text`` to ``mobile`` (E.164). Raise on failure: the outbox tries again."""


class ConsoleSms:
    """Prints the message: the default, so that sign-up works with nothing installed."""

    def send(self, *, mobile: str, text: str) -> None:
        print(f"[SMS] {mobile}: {text}", file=sys.stderr, flush=True)  # noqa: T201 (its purpose)
