"""Who comes to the credit desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from markupsafe import Markup

from credit.selectors.cases import READERS
from credit.services.cases import OFFICER
from kernel import access
from kernel.models import Organisation, User
from kernel.ui.format import chinese

View = Callable[..., HttpResponseBase]


def desk(view: View) -> View:
    """Readable for the roles that read cases, 403 for others; the services ask who may act."""

    @login_required
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        access.require(access.holds(request.user, *READERS), "access.role")
        return view(request, *args, **kwargs)

    return inner


def is_officer(request: HttpRequest) -> bool:
    return access.holds(request.user, OFFICER)


def named(users: Iterable[User]) -> str:
    """The names in one line, for a page."""
    return Markup.escape(_("、")).join(chinese(user) for user in users)


def other_officers(user: User | Any) -> QuerySet[User]:
    """Who else could take the second step."""
    return (
        User.objects.filter(
            memberships__role=OFFICER,
            memberships__ended_at__isnull=True,
            memberships__organisation__kind=Organisation.Kind.AUTHORITY,
            is_active=True,
        )
        .exclude(pk=user.pk)
        .distinct()
    )
