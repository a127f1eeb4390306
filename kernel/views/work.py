"""The work home: what waits for me, the most urgent first."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kernel import access, clock, work, workdays
from kernel.models import Notification
from kernel.views.notices import told


@login_required
def home(request: HttpRequest) -> HttpResponse:
    party = request.party or None
    now = clock.now()
    queues = work.queues(request.user, party)
    lines = [(queue, _lamp(queue, clock.civil(now))) for queue in queues]
    context = {
        "queues": [line for line in lines if not line[0].watched],
        "watched": [line for line in lines if line[0].watched],
        "waiting": sum(queue.count for queue in queues if not queue.watched),
        "to_urge": sum(queue.count for queue in queues if queue.watched),
        "overdue": sum(queue.overdue for queue in queues if not queue.watched),
        "party": party,
        "is_staff": access.is_staff(request.user),
        "notices": [told(row) for row in Notification.objects.filter(user=request.user)[:6]],
    }
    return render(request, "kernel/work.html", context)


def _lamp(queue: work.WorkQueue, today: date) -> str:
    """Red with anything overdue, amber when the first falls due today or on the next working day."""
    if queue.overdue:
        return "red"
    if queue.due_at is None:
        return "grey"
    return "amber" if workdays.between(today, clock.civil(queue.due_at)) <= 1 else "green"
