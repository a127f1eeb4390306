"""Identity numbers at rest: sealed (Fernet, AES-128-CBC + HMAC) for reading back, fingerprinted for comparing.

A fingerprint is a keyed hash: equal numbers can be found without opening any, and nobody without the key can try
all numbers against it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def seal(text: str) -> str:
    return _fernet().encrypt(text.encode()).decode()


def unseal(token: str) -> str:
    return _fernet().decrypt(token.encode()).decode()


def fingerprint(text: str) -> str:
    """64 hex digits, the same for the same text under the same oldest key (rotation keeps the last key)."""
    return hmac.new(_keys()[-1], text.strip().upper().encode(), hashlib.sha256).hexdigest()


def mask(text: str, head: int = 3, tail: int = 4) -> str:
    """``330421199001011234`` → ``330***********1234``; shorter texts show nothing but their length."""
    if len(text) <= head + tail:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[-tail:]


def _keys() -> list[bytes]:
    texts = settings.FIELD_KEYS or [settings.SECRET_KEY]
    return [base64.urlsafe_b64encode(hashlib.sha256(b"field:" + text.encode()).digest()) for text in texts]


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in _keys()])
