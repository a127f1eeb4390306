"""The headline figures and, a click away, what each counts and what it is made of."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kernel import clock
from market.selectors.headline import DEFINITIONS, headline, headline_by_category


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    return render(request, "market/figures.html", {"figures": headline(), "now": clock.now()})


@require_safe
def figure(request: HttpRequest, code: str) -> HttpResponse:
    if code not in DEFINITIONS:
        raise Http404
    everything = headline()
    context = {
        "figure": next(row for row in everything if row.code == code),
        "figures": everything,
        "rows": headline_by_category(code),
        "now": clock.now(),
    }
    return render(request, "market/figure.html", context)
