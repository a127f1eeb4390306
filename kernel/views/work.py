"""The work home: what waits for me, the most urgent first."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kernel import access, lamps, work
from kernel.models import Notification
from kernel.views.notices import told


@login_required
def home(request: HttpRequest) -> HttpResponse:
    party = request.party or None
    waiting = work.summary(request.user, party)
    context = {
        "waiting": waiting,
        "queues": [(queue, _lamp(queue)) for queue in waiting.own],
        "watched": [(queue, _lamp(queue)) for queue in waiting.watched],
        "party": party,
        "owner": bool(party) and not access.is_staff(request.user) and access.owns(request.user, party),
        "is_staff": access.is_staff(request.user),
        "notices": [told(row) for row in Notification.objects.filter(user=request.user)[:6]],
    }
    return render(request, "kernel/work.html", context)


def _lamp(queue: work.WorkQueue) -> str:
    """Red with anything overdue, else the lamp of what falls due first."""
    if queue.overdue:
        return "red"
    if queue.due_at is None:
        return "grey"
    return lamps.colour(queue.due_at)
