"""Drafts of forms: what is typed survives a closed window and a session that ends.

A draft belongs to a person, the organisation they act for, a form and its row. Its key says all four
("17:4:order-place:12", drawn by ``ui.draft_attrs``), so that a page goes on meaning what it meant when it was opened.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import DomainError
from kernel.models import FormDraft, IdempotencyKey, User
from kernel.registries import nightly

KEPT = timedelta(days=30)
MOST_CHARACTERS = 64_000
MOST_DRAFTS = 50


def draft_keep(*, key: str, data: str, token: str = "", actor: User) -> FormDraft | None:
    """Keep ``data`` (JSON: {name: [value, …]}) as the draft ``key``; the latest replaces the one before, and nothing
    at all is none.

    ``token`` is the form's own (``idempotency_token``): once the form was sent, words of it that arrive late are
    refused. A person's fifty latest drafts are kept. Not audited: nobody but the writer ever sees it."""
    said = _read(data) if len(key) <= 200 and writer_of(key) == actor.pk and len(data) <= MOST_CHARACTERS else None
    if said is None or not _text(key):
        raise DomainError("draft.refused", _("这份草稿没有保存。"), _("内容过长或格式不对；请直接提交，或分几次填写。"))
    with transaction.atomic():
        _one_at_a_time(actor)
        if token and IdempotencyKey.objects.filter(user=actor, key=hashlib.sha256(token.encode()).hexdigest()).exists():
            raise DomainError("draft.sent", _("这份表单已经提交，不再保存草稿。"))
        mine = FormDraft.objects.filter(user=actor)
        if not said:
            mine.filter(key=key).delete()
            return None
        draft, _new = FormDraft.objects.update_or_create(
            user=actor, key=key, defaults={"data": said, "saved_at": clock.now()}
        )
        old = mine.order_by("-saved_at", "-pk").values_list("pk", flat=True)[MOST_DRAFTS:]
        mine.filter(pk__in=list(old)).delete()
    return draft


def draft_discard(*, key: str, actor: User) -> None:
    if not _text(key):
        return
    with transaction.atomic():
        _one_at_a_time(actor)
        FormDraft.objects.filter(user=actor, key=key).delete()


def draft_of(actor: User, key: str) -> FormDraft | None:
    """The person's own draft of the form."""
    return FormDraft.objects.filter(user=actor, key=key).first() if _text(key) else None


def writer_of(key: str) -> int | None:
    """The person for whom the form was drawn."""
    writer = key.partition(":")[0]
    return int(writer) if writer.isascii() and writer.isdigit() and len(writer) < 19 else None


@nightly.register("drafts")
def drafts_expire() -> int:
    """Drafts nobody came back to."""
    return FormDraft.objects.filter(saved_at__lt=clock.now() - KEPT).delete()[0]


def _one_at_a_time(actor: User) -> None:
    """Keeping and discarding wait for each other: a draft is not kept between the claim of a form and its discarding."""
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)


def _read(data: str) -> dict[str, list[str]] | None:
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) and all(map(_answer, said.items())) else None


def _answer(pair: tuple[str, object]) -> bool:
    name, values = pair
    return _text(name) and isinstance(values, list) and all(isinstance(one, str) and _text(one) for one in values)


def _text(part: str) -> bool:
    """Whether every database can hold it: no NUL, no half of a character."""
    return "\x00" not in part and not any("\ud800" <= char <= "\udfff" for char in part)
