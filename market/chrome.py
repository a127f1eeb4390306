"""What the market adds to the frame of every page: the menu of categories. The list is kept for ten minutes, so that a
page does not pay a query for it."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest
from django.template.loader import render_to_string
from markupsafe import Markup

from agencies.models import Category
from kernel.ui.environment import lang

KEPT_S = 600


def category_menu(request: HttpRequest) -> str:
    names = cache.get_or_set(f"market.category_menu.{lang()}", _names, KEPT_S)
    return Markup(render_to_string("market/category_menu.html", {"names": names}, request))  # noqa: S704 (our template)


def _names() -> list[tuple[str, str]]:
    return [(category.code, str(category)) for category in Category.objects.filter(active=True)]
