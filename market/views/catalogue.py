"""Categories and service items: what may be ordered, on what basis, and who offers it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from agencies.models import Category, ServiceItem
from market.selectors import catalogue
from market.selectors.certificate_rules import rule_lines
from market.selectors.contract_points import contract_points
from market.selectors.finding import find
from market.selectors.spread import price_spread, usual_duration
from market.selectors.stages import by_stage


@require_safe
def categories(request: HttpRequest) -> HttpResponse:
    return render(request, "market/categories.html", {"stages": by_stage(catalogue.categories())})


@require_safe
def category(request: HttpRequest, code: str) -> HttpResponse:
    row = get_object_or_404(Category, code=code, active=True)
    context = {
        "category": row,
        "shelves": catalogue.items_of(row),
        "found": find(request, {"category": (row.code,)}, row.pk),
    }
    return render(request, "market/category.html", context)


@require_safe
def item(request: HttpRequest, code: str) -> HttpResponse:
    row = get_object_or_404(ServiceItem.objects.select_related("category"), code=code, active=True)
    contract, contract_spoken = contract_points(row)
    context = {
        "item": row,
        "contract": contract,
        "contract_spoken": contract_spoken,
        "rule": rule_lines(row),
        "found": find(request, {"category": (row.category.code,), "item": (row.code,)}, row.category_id),
        "spread": price_spread(row.pk, row.fee_unit),
        "usual": usual_duration(row.pk),
    }
    return render(request, "market/item.html", context)
