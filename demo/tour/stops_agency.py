"""The agency's back room."""

from __future__ import annotations

from typing import Any

from agencies.models import Agency, Listing, Practitioner, Qualification
from demo.tour.rows import Finder, Sight, chinese, of_mine, plain, tenant
from demo.tour.stops import Stop
from kernel.models import Organisation, User

ENTERING = (Agency.Status.DRAFT, Agency.Status.RETURNED)


def _room(name: str, *, kind: str = "Back room") -> Stop:
    route = f"agencies:{name}"
    return Stop(f"agency-{name.replace('_', '-')}", kind, "agency", route, plain(route))


def _entering(step: str) -> Stop:
    """A step of the application, at an agency that is still at it."""

    def rows() -> Any:
        return Agency.objects.filter(status__in=ENTERING).order_by("-id")

    finder = of_mine("agencies:application", rows, "organisation", lambda _row: step)
    return Stop(f"agency-application-{step}", "Entry", "agency", "agencies:application", finder)


def _start(user: User | None) -> Sight | None:
    """Somebody of an organisation that has no file yet."""
    found = tenant(Organisation.objects.filter(kind="agency", agency__isnull=True), "", user)
    return found and Sight(chinese("agencies:start"), found[1], found[2])


def _of_listing(name: str, *parts: Any, **having: Any) -> Stop:
    def rows() -> Any:
        return Listing.objects.filter(**(having or {"version__isnull": False})).order_by("-id")

    route = f"agencies:{name}"
    return Stop(
        f"agency-{name.replace('_', '-')}",
        "Listing editor",
        "agency",
        route,
        of_mine(route, rows, "agency__organisation", "pk", *parts),
    )


def _certificates() -> Any:
    return Qualification.objects.filter(agency__status=Agency.Status.ACTIVE).order_by("-id")


def _practitioners() -> Any:
    return Practitioner.objects.filter(ended_on__isnull=True).order_by("-id")


def _own(route: str, rows: Any) -> Finder:
    return of_mine(route, rows, "agency__organisation", "pk")


STOPS = [
    Stop("agency-start", "Entry", "agency", "agencies:start", _start),
    *(_entering(step) for step in ("profile", "commitment", "papers", "people", "submit")),
    Stop("agency-claim", "Entry", "buyer", "agencies:claim", plain("agencies:claim")),
    *(_room(name) for name in ("home", "profile", "change", "confirm", "exit", "storefront")),
    *(_room(name) for name in ("certificates", "certificate_add", "people", "person_add")),
    Stop(
        "agency-certificate-renew",
        "Back room",
        "agency",
        "agencies:certificate_renew",
        _own("agencies:certificate_renew", _certificates),
    ),
    Stop(
        "agency-person-end", "Back room", "agency", "agencies:person_end", _own("agencies:person_end", _practitioners)
    ),
    _room("listings", kind="Listing editor"),
    _room("listing_new", kind="Listing editor"),
    _of_listing("listing"),
    _of_listing("listing_edit"),
    _of_listing("listing_preview", versions__status="draft"),
    _of_listing("listing_version", "version.number"),
]
