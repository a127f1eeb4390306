"""Canonical JSON (RFC 8785) for the subset this product signs: no floats, safe integers, BMP keys."""

import hashlib
import json

_SAFE = 2**53 - 1


def _check(value):
    if isinstance(value, float):
        raise ValueError("no floats in signed data")
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _SAFE:
        raise ValueError("integer beyond 2^53 - 1")
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or any(ord(c) > 0xFFFF for c in key):
                raise ValueError("keys are text of the basic plane")
            _check(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _check(item)
    elif not isinstance(value, (str, int, bool, type(None))):
        raise ValueError("cannot be written as JSON: %r" % (value,))


def canonical(value):
    """Bytes of `value` in RFC 8785 form. Raises ValueError on floats, huge integers and foreign types."""
    _check(value)
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8")


def digest(value):
    """SHA-256 (hex) of the canonical form."""
    return hashlib.sha256(canonical(value)).hexdigest()
