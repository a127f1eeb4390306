"""Telling people: in the notification centre at once, by e-mail and SMS through the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation

from kernel import access, clock, languages
from kernel.models import Notification, NotificationPreference, Organisation, User
from kernel.services import outbox

# The preference row that speaks for all kinds of notice
EVERY_KIND = "all"


def users(
    *, to: Iterable[User], kind: str, title: Any, body: Any = "", subject: str = "", url: str = "", sms: bool = False
) -> None:
    """One notification for each person, in every language of the site (pass lazy strings): the centre shows the one that
    is read just now, letters and messages are written in the person's own. ``sms`` for what cannot wait. ``url`` is the
    path of a page in any language; each reader is led to it in the reader's own."""
    people = [user for user in {user.pk: user for user in to}.values() if user.is_active]
    told = {"kind": kind, "subject": subject, "url": languages.neutral(url), "created_at": clock.now()}
    told |= _worded(title, body)
    rows = Notification.objects.bulk_create([Notification(user=user, **told) for user in people])
    _queue_mail(people, rows)
    if sms:
        for user, row in zip(people, rows, strict=True):
            outbox.announce(topic="sms", payload={"mobile": user.mobile, "text": row.words(user.language)[0]})


def _worded(title: Any, body: Any) -> dict[str, str]:
    """The columns of ``Notification`` that hold its words."""
    with translation.override(settings.LANGUAGE_CODE):
        told = {"title": str(title)[:200], "body": str(body)}
    with translation.override("en"):
        english = {"title": str(title)[:200], "body": str(body)}
    return told | {f"{name}_en": text for name, text in english.items() if text != told[name]}


def organisation(
    *, to: Organisation, kind: str, title: Any, body: Any = "", subject: str = "", url: str = "", sms: bool = False
) -> None:
    """Everybody with a live membership in the organisation."""
    members = User.objects.filter(memberships__organisation=to, memberships__ended_at__isnull=True).distinct()
    users(to=members, kind=kind, title=title, body=body, subject=subject, url=url, sms=sms)


def role(*, role: str, kind: str, title: Any, body: Any = "", subject: str = "", url: str = "") -> None:
    """Everybody who holds a role of an authority (operators, credit officers…)."""
    holders = User.objects.filter(
        memberships__role=role,
        memberships__ended_at__isnull=True,
        memberships__organisation__kind=Organisation.Kind.AUTHORITY,
    ).distinct()
    users(to=holders, kind=kind, title=title, body=body, subject=subject, url=url)


@transaction.atomic
def preferences_choose(*, user: User, email: bool, language: str, actor: User) -> None:
    """A person's own choice: whether notices come by e-mail too, and in which language all of them are written."""
    row = User.objects.select_for_update().get(pk=user.pk)
    access.require(actor.pk == row.pk)
    row.language = language
    row.save(update_fields=["language"])
    NotificationPreference.objects.update_or_create(user=row, kind=EVERY_KIND, defaults={"email": email})


def _queue_mail(people: list[User], rows: list[Notification]) -> None:
    with_address = [(user, row) for user, row in zip(people, rows, strict=True) if user.email]
    if not with_address:
        return
    refused = set(
        NotificationPreference.objects.filter(
            user__in=[user for user, _ in with_address], kind__in=[rows[0].kind, EVERY_KIND], email=False
        ).values_list("user_id", flat=True)
    )
    for user, row in with_address:
        if user.pk not in refused:
            outbox.announce(topic="mail", payload={"notification": row.pk})
