"""What only a demo has: signing in by one click, moving the clock, watching the replay."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from demo import progress
from demo.logins import logins
from kernel import access, clock, workdays
from kernel.models import Membership
from kernel.services import deadlines, outbox, schedule

MAX_DAYS = 30


def _demo_only() -> None:
    if not settings.DEMO:
        raise Http404


@require_POST
def sign_in(request: HttpRequest, role: str) -> HttpResponse:
    """Become the demo's account of that role."""
    _demo_only()
    row = next((row for row in logins() if row.role == role), None)
    if row is None:
        raise Http404
    login(request, row.user, backend="django.contrib.auth.backends.ModelBackend")
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}):
        target = "kernel:work"
    return redirect(target)


def advance(request: HttpRequest) -> HttpResponse:
    """Let working days pass: the clock moves and everything that falls due in between happens, day by day."""
    _demo_only()
    access.require_role(request.user, Membership.Role.OPERATOR, Membership.Role.ADMINISTRATOR)
    if request.method == "POST":
        text = request.POST.get("days", "")
        days = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
        if not 1 <= days <= MAX_DAYS:
            messages.error(request, _("请填写 1 到 %(n)s 之间的工作日数。") % {"n": MAX_DAYS})
        elif schedule.held():
            messages.error(request, _("演示数据还在回放，请等它完成后再推进时间。"))
        else:
            for _day in range(days):
                _next_day()
            messages.success(
                request, _("时间已推进 %(n)s 个工作日，今天是 %(day)s。") % {"n": days, "day": clock.today()}
            )
            return redirect("demo:advance")
    return render(request, "demo/advance.html", {"today": clock.today()})


def _next_day() -> None:
    """To the same time of the next working day, with the sweeps a day would have seen."""
    now = clock.now()
    passed = workdays.add(clock.civil(now), 1) - clock.civil(now)
    clock.demo_advance(int(timedelta(days=passed.days).total_seconds()))
    deadlines.sweep(limit=10_000)
    schedule.run_nightly(skip=frozenset({"market.reindex"}))
    outbox.drain()


def status(request: HttpRequest) -> HttpResponse:
    """Progress of the replay, for the strip at the top of the pages."""
    _demo_only()
    row = progress.read()
    return JsonResponse({"state": row.state, "permille": row.permille, "day": row.day})
