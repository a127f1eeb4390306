"""The directory (入驻名录): every agency in the market with its status, by letter, category and district."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.selectors.storefronts import mark_urls
from market.selectors.directory import choices, entries, letters, shown
from market.selectors.offers import standings

PAGE = 50


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    wanted = {name: request.GET.get(name, "")[:60] for name in ("q", "category", "district", "status", "letter")}
    page = Paginator(entries(**wanted), PAGE).get_page(request.GET.get("page"))
    agencies = shown(page.object_list)
    context = {
        "page": page,
        "agencies": agencies,
        "standings": standings(agency.pk for agency in agencies),
        "marks": mark_urls(agency.pk for agency in agencies),
        "wanted": wanted,
        "choices": choices(),
        "letters": {letter: len(ids) for letter, ids in letters().items()},
    }
    return render(request, "market/directory.html", context)
