"""What credit puts into pages of the rooms below: the grade on the first page of an agency's back room."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from markupsafe import Markup

from agencies.models import Agency
from credit.selectors.grades import published_grade
from credit.selectors.story import period_name


def agency_grade(request: HttpRequest) -> str:
    """The published grade of the agency the person acts for, with its interval and the way to what would raise it."""
    party: Any = getattr(request, "party", None)
    agency = Agency.objects.filter(organisation=party.pk).first() if party else None
    if agency is None:
        return ""
    context = {"agency": agency, "grade": published_grade(agency), "period_name": period_name}
    return Markup(render_to_string("credit/agency_grade.html", context, request))  # noqa: S704 (our template)
