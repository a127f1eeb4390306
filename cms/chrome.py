"""What the editors' settings put into every page's frame."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import get_language
from markupsafe import Markup, escape

from cms.models import SiteIdentity

KEEP_S = 60


def footer(request: HttpRequest) -> str:
    """Sponsor, identification and filing numbers, as far as they are filled in."""

    def make() -> str:
        return render_to_string("cms/footer.html", {"lines": SiteIdentity.for_request(request).lines()}, request)

    return Markup(cache.get_or_set(f"cms:footer:{get_language()}", make, KEEP_S))  # noqa: S704 (our own template)


def office(request: HttpRequest) -> str:
    """Full name of the office that runs the market, as it signs a public notice; empty while it is not filled in."""
    identity = SiteIdentity.for_request(request)
    return escape(identity.said("operator" if identity.operator else "sponsor"))


def office_lines(request: HttpRequest) -> str:
    """Where the office is reached: its name, telephone, address and hours, as far as they are filled in."""
    lines = SiteIdentity.for_request(request).lines("operator", "hotline", "address", "opening_hours")
    if not lines:
        return ""
    return Markup(render_to_string("cms/office_lines.html", {"lines": lines}, request))  # noqa: S704 (our own template)
