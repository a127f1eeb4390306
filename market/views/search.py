"""Results of a question, and the page that says how they are ordered."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from market.search.ranking import (
    FRESH_DAYS,
    FRESH_WEIGHT,
    GRADE_WEIGHT,
    IN_A_ROW,
    NEUTRAL_ON_TIME,
    NEUTRAL_SCORE,
    NEWCOMER_EVERY,
    ON_TIME_PRIOR,
    ON_TIME_WEIGHT,
)
from market.selectors.directory import named
from market.selectors.finding import find


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    found = find(request)
    text = found.query.text.strip()
    narrowed = found.chosen or found.page.number > 1
    context = {"found": found, "text": text, "named": None if narrowed else named(text)}
    return render(request, "market/search.html", context)


@require_safe
def order_of_results(request: HttpRequest) -> HttpResponse:
    """The published formula, with the very numbers the ranking uses."""
    context = {
        "grade": GRADE_WEIGHT * 10,
        "on_time": ON_TIME_WEIGHT * 10,
        "fresh": FRESH_WEIGHT * 10,
        "fresh_days": FRESH_DAYS,
        "neutral_score": NEUTRAL_SCORE,
        "neutral_on_time": NEUTRAL_ON_TIME,
        "on_time_prior": ON_TIME_PRIOR,
        "every": NEWCOMER_EVERY,
        "in_a_row": IN_A_ROW,
    }
    return render(request, "market/order_of_results.html", context)
