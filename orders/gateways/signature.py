"""How the sandbox bank signs its messages: HMAC-SHA256 over "timestamp.body", with a window against replay.

Header: ``t=<unix seconds>,v1=<64 hex digits>``. The scheme is the common one of payment providers, so the door is
built and tested as a real one would be.
"""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

from kernel import clock

WINDOW_S = 300


class BadSignature(Exception):
    """Forged, altered, stale or not signed at all: answered 400 and not looked at."""


def sign(body: bytes) -> str:
    stamp = int(clock.now().timestamp())
    return f"t={stamp},v1={_digest(stamp, body)}"


def verify(body: bytes, signature: str) -> None:
    """Raise ``BadSignature`` unless the header fits the bytes and is at most five minutes old (or ahead)."""
    parts = dict(part.partition("=")[::2] for part in signature.split(",") if "=" in part)
    stamp, given = parts.get("t", ""), parts.get("v1", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise BadSignature("no timestamp")
    if not hmac.compare_digest(_digest(int(stamp), body).encode(), given.encode("utf-8", "replace")):
        raise BadSignature("digest")
    if abs(int(clock.now().timestamp()) - int(stamp)) > WINDOW_S:
        raise BadSignature("stale")


def _digest(stamp: int, body: bytes) -> str:
    return hmac.new(settings.SANDBOX_BANK_SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
