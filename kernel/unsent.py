"""A form sent after the session had ended: its words wait, on the server, for its writer to sign in."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from kernel.errors import DomainError
from kernel.models import User
from kernel.services import drafts

DRAFT_FIELD = "draft_key"
PLACE = "unsent"
OURS = {"csrfmiddlewaretoken", "idempotency_token", DRAFT_FIELD}


def set_aside(request: HttpRequest) -> None:
    """Put what a visitor's page sent under a key of somebody's into the visitor's session; one too long is not kept."""
    said = {name: values for name, values in request.POST.lists() if name not in OURS}
    data = json.dumps(said, ensure_ascii=False)
    if len(data) <= drafts.MOST_CHARACTERS:
        request.session[PLACE] = {"key": request.POST[DRAFT_FIELD], "data": data}


@receiver(user_logged_in, dispatch_uid="unsent")
def hand_over(request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    """To its writer as a draft; anybody else who signs in here ends the wait."""
    waiting = request.session.pop(PLACE, None) if request is not None and hasattr(request, "session") else None
    if waiting is None or drafts.writer_of(waiting["key"]) != user.pk:
        return
    try:
        drafts.draft_keep(key=waiting["key"], data=waiting["data"], actor=user)
    except DomainError:
        return  # what is no draft is not worth a refused sign-in
