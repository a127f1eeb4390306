"""The headline figures and, a click away, what each counts and what it is made of."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kernel import clock
from kernel.ui import format
from market.selectors.headline import DEFINITIONS, Figure, headline, headline_by_category
from market.selectors.headline_months import COUNTED, headline_by_month


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    return render(request, "market/figures.html", {"figures": headline(), "now": clock.now()})


@require_safe
def figure(request: HttpRequest, code: str) -> HttpResponse:
    if code not in DEFINITIONS:
        raise Http404
    everything = headline()
    shown = next(row for row in everything if row.code == code)
    months = headline_by_month(code)
    counted = code in COUNTED
    highest = max((row.value or 0 for _month, row in months), default=0)
    context = {
        "figure": shown,
        "tabs": [
            {"label": row.label, "href": reverse("market:figure", args=[row.code]), "current": row.code == code}
            for row in everything
        ],
        "rows": headline_by_category(code),
        "points": [_point(month, row, counted) for month, row in months],
        # Shares are drawn on the whole scale; counts reach up to a round number.
        "top": _round_up(highest) if counted else 100,
        "now": clock.now(),
    }
    return render(request, "market/figure.html", context)


def _point(month: date, row: Figure, counted: bool) -> dict[str, object]:
    value = row.value if counted or row.value is None else row.value // 10
    return {"label": format.month_of_year(month), "value": value, "text": row.text, "range_text": row.note}


def _round_up(number: int) -> int:
    """The next of 4, 8, 20, 40, 80, 200, … so that a quarter of the scale is a whole number."""
    size = 1
    while True:
        for factor in (4, 8, 20):
            if size * factor >= number:
                return size * factor
        size *= 10
