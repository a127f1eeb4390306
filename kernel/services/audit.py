"""The audit trail: one entry an act, in the transaction of the act, under the lock its aggregate already holds."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from kernel import clock
from kernel.models import AuditDetail, AuditEntry, Organisation, User


def record(
    *,
    stream: str,
    action: str,
    actor: User | None,
    on_behalf_of: Organisation | None = None,
    from_state: str = "",
    to_state: str = "",
    data: dict[str, Any] | None = None,
) -> AuditEntry:
    """Append to ``stream``. The caller holds the lock of the aggregate, so the next number is free; a caller that does
    not is stopped by UNIQUE(stream, seq). ``data`` must be JSON and holds what a person may read later."""
    last = AuditEntry.objects.filter(stream=stream).order_by("-seq").values_list("seq", "chain").first()
    seq, chain = (last[0] + 1, last[1]) if last else (1, "")
    details, salt, at = data or {}, secrets.token_hex(16), clock.now()
    digest = detail_digest(salt, details)
    entry = AuditEntry.objects.create(
        stream=stream,
        seq=seq,
        at=at,
        actor=actor,
        on_behalf_of=on_behalf_of,
        action=action,
        from_state=from_state,
        to_state=to_state,
        digest=digest,
        chain=link(chain, stream, seq, at.isoformat(), actor.pk if actor else "", action, digest),
    )
    AuditDetail.objects.create(entry=entry, salt=salt, data=details)
    return entry


def record_first(*, action: str, actor: User | None, streams: dict[str, dict[str, Any]]) -> None:
    """The opening entry of many new streams at once (stream → data), in a few statements. A stream that has an entry
    already is stopped by UNIQUE(stream, seq)."""
    at, entries, details = clock.now(), [], []
    for stream, data in streams.items():
        salt = secrets.token_hex(16)
        digest = detail_digest(salt, data)
        chain = link("", stream, 1, at.isoformat(), actor.pk if actor else "", action, digest)
        entries.append(AuditEntry(stream=stream, seq=1, at=at, actor=actor, action=action, digest=digest, chain=chain))
        details.append((salt, data))
    rows = AuditEntry.objects.bulk_create(entries, batch_size=200)
    AuditDetail.objects.bulk_create(
        [AuditDetail(entry=row, salt=salt, data=data) for row, (salt, data) in zip(rows, details, strict=True)],
        batch_size=200,
    )


def detail_digest(salt: str, data: dict[str, Any]) -> str:
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{salt}|{text}".encode()).hexdigest()


def link(previous: str, *fields: object) -> str:
    return hashlib.sha256("|".join([previous, *map(str, fields)]).encode()).hexdigest()
