"""From stops to visits: the row found, the person signed in. Everything that needs the database happens here, before
a browser is started."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db.models import Case, Count, Sum, When

from agencies.models import Listing
from agencies.selectors import listings
from credit.models import RankingRow
from demo.tour.rows import Sight
from demo.tour.stops import Stop
from kernel.models import User
from market.selectors import session as lists

BANK = "/bank/"
PLAIN = ("/back-office/", "/offline/")
COMPARED = 3


@dataclass(frozen=True)
class Visit:
    stop: Stop
    sight: Sight
    cookie: str

    def path(self, language: str) -> str:
        """Chinese stands at /, English at /en/; the bank is told in its address; the back office and the page without a network
        have one address for both."""
        if self.sight.path.startswith(BANK):
            return f"{self.sight.path}?lang={'zh-hans' if language.startswith('zh') else 'en'}"
        plain = language.startswith("zh") or self.sight.path.startswith(PLAIN)
        return self.sight.path if plain else f"/en{self.sight.path}"


def sights(stops: Sequence[Stop], people: Mapping[str, User]) -> Iterator[tuple[Stop, Sight | None]]:
    """Each stop with what there is to see; None where the database holds no such row or nobody has the role."""
    for stop in stops:
        sight = stop.find(people.get(stop.role)) or None
        yield stop, sight if sight and (sight.user or not stop.role) else None


@contextlib.contextmanager
def signed_in(stops: Sequence[Stop], people: Mapping[str, User]) -> Iterator[tuple[list[Visit], list[Stop]]]:
    """The visits, and the stops with nothing to see. The sessions end with the block."""
    keys: list[str] = []
    visits: list[Visit] = []
    absent: list[Stop] = []
    chosen = offers()
    try:
        for stop, sight in sights(stops, people):
            if sight is None:
                absent.append(stop)
                continue
            keys.append(_session(sight, chosen))
            visits.append(Visit(stop, sight, keys[-1]))
        yield visits, absent
    finally:
        for key in keys:
            _store(key).delete()


def _store(key: str | None = None) -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore(key)


def _session(sight: Sight, chosen: list[int]) -> str:
    """A session of this person, with three offers of one item to compare and in the project list."""
    store = _store()
    if sight.user is not None:
        store[SESSION_KEY] = str(sight.user.pk)
        store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        store[HASH_SESSION_KEY] = sight.user.get_session_auth_hash()
    if sight.party is not None:
        store["party"] = sight.party.pk
    store[lists.COMPARE] = store[lists.BASKET] = chosen
    store.create()
    return str(store.session_key)


def offers() -> list[int]:
    """Up to three open listings of one item: the item that most rated agencies offer, theirs first."""
    shown = listings.public().filter(status=Listing.Status.PUBLISHED, item__orderable=True)
    rated = RankingRow.objects.filter(best__isnull=False).values("agency")
    found = shown.annotate(rated=Case(When(agency__in=rated, then=1), default=0))
    most = found.values("item_id").order_by().annotate(known=Sum("rated"), offered=Count("pk"))
    item = most.order_by("-known", "-offered", "item_id").values_list("item_id", flat=True).first()
    return list(found.filter(item_id=item).order_by("-rated", "id").values_list("pk", flat=True)[:COMPARED])
