"""Drafts of forms: what is typed survives a closed window and a session that ends."""

from __future__ import annotations

import json
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import DomainError
from kernel.models import FormDraft, User
from kernel.registries import nightly

KEPT = timedelta(days=30)
MOST_CHARACTERS = 64_000
MOST_DRAFTS = 50


def draft_keep(*, key: str, data: str, actor: User) -> FormDraft:
    """Keep ``data`` (JSON: [[name, value], …]) as the draft of the form ``key``; the latest replaces the one before.

    A person's fifty latest drafts are kept. Not audited: nobody but the writer ever sees it."""
    if not key or len(key) > 200 or len(data) > MOST_CHARACTERS:
        raise _too_much()
    try:
        pairs = json.loads(data)
    except ValueError:
        raise _too_much() from None
    if not isinstance(pairs, list) or not all(_pair(pair) for pair in pairs):
        raise _too_much()
    draft, _new = FormDraft.objects.update_or_create(
        user=actor, key=key, defaults={"data": pairs, "saved_at": clock.now()}
    )
    old = FormDraft.objects.filter(user=actor).order_by("-saved_at", "-pk").values_list("pk", flat=True)[MOST_DRAFTS:]
    FormDraft.objects.filter(pk__in=list(old)).delete()
    return draft


def draft_discard(*, key: str, actor: User) -> None:
    FormDraft.objects.filter(user=actor, key=key).delete()


@nightly.register("drafts")
def drafts_expire() -> int:
    """Drafts nobody came back to."""
    return FormDraft.objects.filter(saved_at__lt=clock.now() - KEPT).delete()[0]


def _pair(pair: object) -> bool:
    return (
        isinstance(pair, list)
        and len(pair) in (2, 3)
        and all(isinstance(part, str) and "\x00" not in part for part in pair[:2])
        and all(isinstance(part, bool) for part in pair[2:])
    )


def _too_much() -> DomainError:
    return DomainError("draft.refused", _("这份草稿没有保存。"), _("内容过长或格式不对；请直接提交，或分几次填写。"))
