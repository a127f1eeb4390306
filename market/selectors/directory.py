"""Agencies of the directory, narrowed by what a visitor asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from string import ascii_uppercase
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet, Window
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from agencies.models import Agency, Category
from agencies.selectors.agencies import IN_DIRECTORY
from agencies.selectors.storefronts import mark_url
from kernel.models import Region
from market.search.words import syllables
from market.selectors.offers import Standing, standings

LETTERS_UP_TO = 5_000
NAME_WORDS, NAMED_SHOWN = 6, 2


def entries(*, q: str = "", category: str = "", district: str = "", status: str = "", letter: str = "") -> list[int]:
    """Ids of the agencies in the directory that answer to the question, in the order of ``letters``; ``district`` takes
    everything below it. Unknown values find nothing."""
    rows = _named_by(Agency.objects.filter(status__in=IN_DIRECTORY), _words(q))
    if category:
        rows = rows.filter(categories__code=category.replace("\x00", ""))
    if district:
        code = district.replace("\x00", "")
        below = Q(organisation__region__code=code) | Q(organisation__region__parent__code=code)
        rows = rows.filter(below | Q(organisation__region__parent__parent__code=code))
    if status in Agency.Status.values:
        rows = rows.filter(status=status)
    if letter:
        rows = rows.filter(pk__in=letters().get(letter, ()))
    place = {pk: n for n, pk in enumerate(chain.from_iterable(letters().values()))}
    found = rows.order_by("organisation__name", "pk").values_list("pk", flat=True)
    return sorted(found, key=lambda pk: place.get(pk, len(place)))


def shown(ids: Iterable[int]) -> list[Agency]:
    """The agencies of a page of ``entries``, in its order."""
    wanted = list(ids)
    rows = Agency.objects.select_related("organisation__region").prefetch_related("categories").in_bulk(wanted)
    return [rows[pk] for pk in wanted]


@dataclass(frozen=True)
class Named:
    """Shops that the words of a question name: the first few, and how many there are."""

    agencies: list[Agency]
    total: int
    standings: dict[int, Standing]
    marks: dict[int, str | None]


def named(text: str) -> Named | None:
    """The shops whose name, short name or code holds every word of ``text``; None when there are none. A single character
    names nobody. Four queries, one when there are none."""
    words = _words(text)
    if len("".join(words)) < 2:
        return None
    rows = _named_by(Agency.objects.filter(status__in=IN_DIRECTORY), words).annotate(total=Window(Count("pk")))
    rows = rows.select_related("organisation__region", "storefront__mark").prefetch_related("categories")
    shown: list[Any] = list(rows.order_by(Length("organisation__name"), "pk")[:NAMED_SHOWN])
    if not shown:
        return None
    marks = {agency.pk: mark_url(getattr(agency, "storefront", None)) for agency in shown}
    return Named(shown, shown[0].total, standings(marks), marks)


def _words(text: str) -> list[str]:
    return text.replace("\x00", "").split()[:NAME_WORDS]


def _named_by(rows: QuerySet[Agency], words: list[str]) -> QuerySet[Agency]:
    for word in words:
        organisation = Q(organisation__name__icontains=word) | Q(organisation__uscc__iexact=word)
        rows = rows.filter(organisation | Q(short_name__icontains=word))
    return rows


def choices() -> dict[str, list[tuple[str, Any]]]:
    """What the form of the directory offers."""
    regions = Region.objects.filter(organisations__agency__status__in=IN_DIRECTORY).distinct().order_by("code")
    categories = Category.objects.filter(active=True)
    return {
        "category": [("", _("全部类别")), *((row.code, row.name) for row in categories)],
        "district": [("", _("全部地区")), *((row.code, str(row)) for row in regions)],
        "status": [("", _("全部状态")), *((s.value, s.label) for s in IN_DIRECTORY)],
    }


def districts() -> list[tuple[Region, int]]:
    """Regions with the number of agencies in the market that sit there, most first; one query."""
    here = Count("organisations__agency", filter=Q(organisations__agency__status=Agency.Status.ACTIVE))
    rows = Region.objects.annotate(agencies=here).filter(agencies__gt=0).order_by("-agencies", "code")
    return [(row, row.agencies) for row in rows]


def letters() -> dict[str, list[int]]:
    """Ids of the directory's agencies in the order of their names in pinyin, under the first letter, A to Z, then "#".

    One query and a sort, kept for a minute; a directory beyond ``LETTERS_UP_TO`` agencies goes without letters, by name.
    """
    return cache.get_or_set("market:letters", _letters, 60)


def _letters() -> dict[str, list[int]]:
    rows = Agency.objects.filter(status__in=IN_DIRECTORY).values_list("pk", "organisation__name")
    names = list(rows[: LETTERS_UP_TO + 1])
    if len(names) > LETTERS_UP_TO:
        return {}
    found: dict[str, list[int]] = {}
    for sounds, _name, pk in sorted((syllables(name), name, pk) for pk, name in names):
        letter = "".join(sounds)[:1].upper()
        found.setdefault(letter if letter in tuple(ascii_uppercase) else "#", []).append(pk)
    return {letter: found[letter] for letter in (*ascii_uppercase, "#") if letter in found}
