"""The notification centre and its preferences."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kernel import clock, languages
from kernel.models import Notification, NotificationPreference
from kernel.services import notify

PAGE_SIZE = 30


class PreferenceForm(forms.Form):
    """By which ways a person wants to be told; the notification centre always keeps everything."""

    language = forms.ChoiceField(label=gettext_lazy("通知使用的语言"), choices=settings.LANGUAGES)
    email = forms.BooleanField(label=gettext_lazy("重要通知同时发送到我的电子邮箱"), required=False)


@login_required
def centre(request: HttpRequest) -> HttpResponse:
    rows = Notification.objects.filter(user=request.user)
    if request.GET.get("show") == "unread":
        rows = rows.filter(read_at__isnull=True)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    unread = Notification.objects.filter(user=request.user, read_at__isnull=True).count()
    days = groupby(page, key=lambda row: clock.civil(row.created_at))
    groups = [(day, [told(row) for row in rows]) for day, rows in days]
    context = {"page": page, "groups": groups, "unread": unread, "show": request.GET.get("show", "")}
    return render(request, "kernel/notices.html", context)


def told(row: Notification) -> dict[str, Any]:
    """A notice as a page shows it, in the language the page is read in; ``…_zh`` where there is Chinese only."""
    title, body = row.words()
    return {
        "title": title,
        "body": body,
        "title_zh": not row.title_en,
        "body_zh": not row.body_en,
        "href": reverse("kernel:notice", args=[row.pk]),
        "created_at": row.created_at,
        "read_at": row.read_at,
    }


@login_required
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark as read and go where it leads."""
    row = get_object_or_404(Notification, pk=pk, user=request.user)
    if row.read_at is None:
        Notification.objects.filter(pk=row.pk).update(read_at=clock.now())
    return redirect(languages.localised(row.url) if row.url else "kernel:notices")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    Notification.objects.filter(user=request.user, read_at__isnull=True).update(read_at=clock.now())
    messages.success(request, _("全部通知已标为已读。"))
    return redirect("kernel:notices")


@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    refused = NotificationPreference.objects.filter(user=request.user, kind=notify.EVERY_KIND, email=False).exists()
    form = PreferenceForm(request.POST or None, initial={"email": not refused, "language": request.user.language})
    if request.user.is_staff:
        form.fields["language"].label = _("通知和内容后台使用的语言")
    if request.method == "POST" and form.is_valid():
        notify.preferences_choose(user=request.user, actor=request.user, **form.cleaned_data)
        messages.success(request, _("通知设置已保存。"))
        return redirect("kernel:notices")
    return render(request, "kernel/notice_preferences.html", {"form": form})
