"""What a hostile client types into a field, and how its bytes come over the wire."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import quote_from_bytes

from hypothesis import strategies as st

MARK = "zq9x"
MARKUP = f"\"'><{MARK} onload=1>{{{{7*7}}}}</textarea><{MARK}>"
VALUES = [
    "",
    "\0",
    "a\0b",
    "\u202e反\u2066向\u200f",
    "𠮷𡃁🀄",
    "\ud800",  # half a surrogate pair
    MARKUP,
    "9" * 400,
    "-1",
    "0",
    "-0.0000001",
    "1e400",
    "NaN",
    "Infinity",
    "٣",  # a digit, but not an ASCII one
    "9999-12-31",
    "0001-01-01",
    "9999-12",
    "2026-02-30",
    str(2**63),
    str(-(2**63) - 1),
    "=cmd|' /C calc'!A0",
    "' OR 1=1 --",
    "../../etc/passwd",
    "%00%n%s",
    "字" * 5000,
]
HUGE = "大" * 350_000  # a good megabyte in UTF-8
TEXT = st.one_of(
    st.sampled_from(VALUES),
    st.text(st.characters(), max_size=60),  # every plane, controls and lone surrogates
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(str),
)


def raw(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")


def urlencoded(fields: list[tuple[str, str]]) -> str:
    return "&".join(f"{quote_from_bytes(raw(name))}={quote_from_bytes(raw(value))}" for name, value in fields)


def multipart(fields: list[tuple[str, str]], files: list[tuple[str, str, bytes]]) -> tuple[bytes, str]:
    """Body and content type; ``files`` as (field, name, content). No library would send such names."""
    edge = secrets.token_hex(12)
    parts: list[Any] = []
    for name, value in fields:
        parts.append(b'Content-Disposition: form-data; name="' + raw(name) + b'"\r\n\r\n' + raw(value))
    for name, title, content in files:
        head = b'Content-Disposition: form-data; name="' + raw(name) + b'"; filename="' + raw(title) + b'"\r\n'
        parts.append(head + b"Content-Type: application/pdf\r\n\r\n" + content)
    body = b"".join(b"--" + edge.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    return body + b"--" + edge.encode() + b"--\r\n", f"multipart/form-data; boundary={edge}"
