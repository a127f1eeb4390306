"""An agency about itself: its live score, the cases against it, its records."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from agencies.selectors.agencies import my_agency
from credit.models import RankingPublication
from credit.selectors.cases import cases_for
from credit.selectors.comments import listed
from credit.selectors.explanation import explanation
from credit.selectors.history import trend_from
from credit.selectors.story import period_name
from credit.selectors.waiting import with_due
from credit.views.advice import raises
from credit.views.queue import lamp_of
from credit.views.records import record_list
from credit.views.score import published_rows
from kernel import clock


@login_required
def home(request: HttpRequest) -> HttpResponse:
    agency = my_agency(request.user, request.party or None)
    if agency is None:
        return redirect("agencies:start")
    why = explanation(agency, public=True)  # the sums alone: the rows are on the page of the score
    published = published_rows(agency)
    drawn = published.trend()
    rows = with_due(cases_for(request.user).filter(agency=agency)).order_by("-pk")
    page = Paginator(rows, 20).get_page(request.GET.get("page"))
    names = why.rules.books.names()
    previews = RankingPublication.objects.filter(status=RankingPublication.Status.PREVIEW, category__isnull=True)
    context = {
        "agency": agency,
        "why": why,
        "raises": raises(why)[:4],
        "latest": published.latest,
        "page": page,
        "cases": [(row, lamp_of(row), names.get(row.event_code, "")) for row in page.object_list],
        "period_name": period_name,
        "published": published,
        "trend": drawn,
        "trend_from": trend_from(drawn),
        "now": clock.now(),
        "previews": [row for row in previews if listed(row, request.user)],
    }
    return render(request, "credit/home.html", context)


@login_required
def records(request: HttpRequest) -> HttpResponseBase:
    """Every record of the agency, newest first; the same as a file."""
    agency = my_agency(request.user, request.party or None)
    return redirect("agencies:start") if agency is None else record_list(request, agency)
