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
    queues = work.queues(request.user, party)
    lines = [(queue, _lamp(queue)) for queue in queues]
    context = {
        "queues": [line for line in lines if not line[0].watched],
        "watched": [line for line in lines if line[0].watched],
        "waiting": sum(queue.count for queue in queues if not queue.watched),
        "to_urge": sum(queue.count for queue in queues if queue.watched),
        "overdue": sum(queue.overdue for queue in queues if not queue.watched),
        "party": party,
        "owner": bool(party) and not access.is_staff(request.user) and access.owns(request.user, party),
        "is_staff": access.is_staff(request.user),
        "reads_only": access.reads_only(request.user),
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
