"""What the editors' settings put into every page's frame."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import get_language
from markupsafe import Markup

from cms.models import SiteIdentity

KEEP_S = 60


def footer(request: HttpRequest) -> str:
    """Sponsor, identification and filing numbers, as far as they are filled in."""

    def make() -> str:
        return render_to_string("cms/footer.html", {"lines": SiteIdentity.for_request(request).lines()}, request)

    return Markup(cache.get_or_set(f"cms:footer:{get_language()}", make, KEEP_S))  # noqa: S704 (our own template)
