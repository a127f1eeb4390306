"""What was sent by somebody who has to sign in first: the words wait, in the session, and are in the form again after.

One form waits at a time. A form with a draft key was drawn for a person whose session has ended: at the sign-in of this
person its words become the draft, and the page is drawn with them, with a script or without. A form of visitors waits
under a name of its own for whoever signs in here; its page takes it (``take``)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from kernel.errors import DomainError
from kernel.models import User
from kernel.services import drafts

DRAFT_FIELD = "draft_key"
PLACE = "unsent"
OURS = {"csrfmiddlewaretoken", "idempotency_token", DRAFT_FIELD}
# Not put back: what a page sets itself, what is secret, what a browser cannot be given, a tick that declares something.
NEVER = (forms.HiddenInput, forms.PasswordInput, forms.FileInput, forms.CheckboxInput)


def set_aside(request: HttpRequest, key: str) -> None:
    """Put what the page sent into the session, under its draft key or a page's own name; too much is not kept."""
    said = {name: values for name, values in request.POST.lists() if name not in OURS}
    if len(json.dumps(said, ensure_ascii=False)) <= drafts.MOST_CHARACTERS:
        writer = drafts.writer_of(request.POST.get(DRAFT_FIELD, ""))
        request.session[PLACE] = {"key": key, "writer": writer, "said": said}


@receiver(user_logged_in, dispatch_uid="unsent")
def hand_over(request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    """A draft goes to its writer; anybody else who signs in here ends the wait."""
    waiting = request.session.get(PLACE) if request is not None and hasattr(request, "session") else None
    if request is None or waiting is None:
        return
    # Without a writer: put aside by an older version of the site.
    if waiting.get("writer", 0) not in (None, user.pk):
        del request.session[PLACE]
    elif drafts.writer_of(waiting["key"]) == user.pk:
        said = request.session.pop(PLACE)["said"]
        try:
            drafts.draft_keep(key=waiting["key"], data=json.dumps(said), actor=user)
        except DomainError:
            return  # what is no draft is not worth a refused sign-in
        request.session[PLACE] = {"key": waiting["key"], "writer": user.pk}


def take(request: HttpRequest, name: str) -> dict[str, list[str]]:
    """What waits under a page's own name, once, for the person who has signed in."""
    waiting = request.session.get(PLACE) if request.user.is_authenticated else None
    if waiting is None or waiting["key"] != name or waiting["writer"] not in (None, request.user.pk):
        return {}
    said: dict[str, list[str]] = request.session.pop(PLACE)["said"]
    return said


def put_back(request: HttpRequest | None, key: str, form: forms.BaseForm | None) -> datetime | None:
    """Begin ``form`` with the draft that was handed over at the sign-in; gives when it was kept, None when there is none.

    Until it is sent or discarded it is there on every visit: without a script nothing else would bring it back."""
    if request is None or form is None or form.is_bound or request.session.get(PLACE, {}).get("key") != key:
        return None
    draft = drafts.draft_of(request.user, key)  # type: ignore[arg-type]
    if draft is None:
        return None
    said = MultiValueDict(draft.data)
    for bound in form:
        if bound.html_name in said and not isinstance(bound.field.widget, NEVER):
            form.initial[bound.name] = bound.field.widget.value_from_datadict(said, {}, bound.html_name)
            bound.__dict__.pop("initial", None)
    return draft.saved_at


def sent(request: HttpRequest) -> None:
    """The form went through: its draft has served."""
    if key := request.POST.get(DRAFT_FIELD):
        drafts.draft_discard(key=key, actor=request.user)  # type: ignore[arg-type]
        if request.session.get(PLACE, {}).get("key") == key:
            del request.session[PLACE]
