"""The work home: what waits for me, the most urgent first."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kernel import access, clock, work
from kernel.models import Notification


@login_required
def home(request: HttpRequest) -> HttpResponse:
    queues = work.queues(request.user, request.party if request.parties else None)
    sections: dict[str, list[work.WorkQueue]] = {}
    for queue in queues:
        sections.setdefault(str(queue.section), []).append(queue)
    context = {
        "sections": sections,
        "now": clock.now(),
        "party": request.party if request.parties else None,
        "is_staff": access.is_staff(request.user),
        "notices": Notification.objects.filter(user=request.user)[:6],
    }
    return render(request, "kernel/work.html", context)
