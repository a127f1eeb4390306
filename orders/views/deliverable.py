"""Handing over a deliverable: the buyer's first opening is recorded, and of the approved one it is the 送达."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from orders.selectors import orders
from orders.services.deliver import deliverable_open
from orders.views.dossier import Dossier


@login_required
def download(request: HttpRequest, number: str, n: int) -> HttpResponseBase:
    """To the file, by way of the record."""
    d = Dossier(request, orders.order_for(request.user, number))
    row = get_object_or_404(d.order.deliverables, number=n)
    if d.is_buyer:
        deliverable_open(deliverable=row, actor=request.user)
    return HttpResponseRedirect(reverse("file", args=[row.file_id]))
