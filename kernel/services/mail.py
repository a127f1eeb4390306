"""Outbox handlers that send: at least once, so a crash may repeat a letter but never lose one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.utils.module_loading import import_string

from kernel import languages
from kernel.models import Notification
from kernel.registries import outbox_handlers

# With the outbox's growing pauses about a day.
ATTEMPTS = 36


@outbox_handlers.register("mail", singly=True, attempts=ATTEMPTS)
def send_mails(payloads: list[dict[str, Any]]) -> None:
    rows = Notification.objects.filter(pk__in=[p["notification"] for p in payloads]).select_related("user")
    for row in rows:
        title, body = row.words(row.user.language)
        link = f"\n\n{settings.PUBLIC_URL}{languages.localised(row.url, row.user.language)}" if row.url else ""
        send_mail(title, f"{body}{link}", settings.DEFAULT_FROM_EMAIL, [row.user.email])


@outbox_handlers.register("sms", singly=True, attempts=ATTEMPTS)
def send_sms(payloads: list[dict[str, Any]]) -> None:
    backend = import_string(settings.SMS_BACKEND)()
    for payload in payloads:
        backend.send(mobile=payload["mobile"], text=payload["text"])
