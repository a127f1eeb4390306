"""How a request comes to an agency's file: by the organisation the person acts for, never by a number in the address."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from agencies.models import Agency
from agencies.selectors.agencies import my_agency
from agencies.services.steps import REVIEWERS
from kernel import access

View = Callable[..., HttpResponse]


def back_room(view: View) -> View:
    """The agency's own pages: signed in, acting for an organisation of kind agency (else 404) that has a file (else
    the start page). The view gets the file as its second argument."""

    @login_required
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        agency = my_agency(request.user, request.party or None)
        if agency is None:
            return redirect("agencies:start")
        return view(request, agency, *args, **kwargs)

    return inner


def desk(view: View) -> View:
    """The desk's pages: readable for every role of an authority, 403 for others."""

    @login_required
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        access.require(access.is_staff(request.user), "access.staff")
        return view(request, *args, **kwargs)

    return inner


def may_review(request: HttpRequest, agency: Agency) -> bool:
    """Whether to offer the desk's acts; the services ask again."""
    mine = access.belongs_to(request.user, agency.organisation_id)
    return access.holds(request.user, *REVIEWERS) and not mine


def may_own(request: HttpRequest, agency: Agency) -> bool:
    return access.owns(request.user, agency.organisation)
