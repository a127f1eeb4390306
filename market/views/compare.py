"""Two to five offers side by side; as a table to take away, or locked as evidence."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.phrases import spoken
from kernel.errors import DomainError
from kernel.export import table
from market.selectors import session as lists
from market.selectors.comparison import ENOUGH_ORDERS, Comparison, comparison, frozen_rows, locked_for
from market.selectors.offers import offers_by_id
from market.services.compare import comparison_lock
from market.views.returning import back, posted_change


def _now(request: HttpRequest) -> Comparison:
    ids = lists.chosen(request.session, lists.COMPARE)
    return comparison(offers_by_id(ids, request.user, request.session))


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    return render(request, "market/compare.html", {"comparison": _now(request), "enough_orders": ENOUGH_ORDERS})


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """``action`` add, remove or clear; ``listing`` the offer."""
    action, pk = posted_change(request)
    try:
        if action == "clear":
            lists.clear(request.session, lists.COMPARE)
        elif pk is not None and offers_by_id([pk]):
            lists.choose(request.session, lists.COMPARE, pk, action == "add")
        elif pk is not None:
            lists.choose(request.session, lists.COMPARE, pk, False)
    except DomainError as error:
        messages.error(request, str(error))
    return back(request, "market:compare")


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The comparison as CSV for a spreadsheet."""
    found = _now(request)
    heads = [_("比较项目"), *(spoken(offer.version.title) for offer in found.offers)]
    return table("csv", "comparison", heads, ([row.label, *row.values] for row in found.rows))


@require_POST
@login_required
def lock(request: HttpRequest) -> HttpResponse:
    row = comparison_lock(
        listing_ids=lists.chosen(request.session, lists.COMPARE), organisation=request.party or None, actor=request.user
    )
    messages.success(request, _("比较结果已锁定，编号 %(number)s。") % {"number": row.number})
    return redirect("market:compare_locked", number=row.number)


@require_safe
@login_required
def locked(request: HttpRequest, number: str) -> HttpResponse:
    row = locked_for(request.user, number)
    return render(request, "market/compare_locked.html", {"row": row, "lines": frozen_rows(row.content)})
