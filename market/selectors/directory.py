"""Agencies of the directory, narrowed by what a visitor asks."""

from __future__ import annotations

from string import ascii_uppercase
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from agencies.models import Agency, Category
from agencies.selectors.agencies import IN_DIRECTORY
from kernel.models import Region
from market.search.words import normalise, spellings

LETTERS_UP_TO = 5_000


def entries(
    *, q: str = "", category: str = "", district: str = "", status: str = "", letter: str = ""
) -> QuerySet[Agency]:
    """Agencies in the directory by name; ``district`` takes everything below it. Unknown values find nothing."""
    rows = Agency.objects.filter(status__in=IN_DIRECTORY).select_related("organisation__region")
    if text := q.replace("\x00", "").strip():
        organisation = Q(organisation__name__icontains=text) | Q(organisation__uscc__iexact=text)
        rows = rows.filter(organisation | Q(short_name__icontains=text))
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
    return rows.prefetch_related("categories").order_by("organisation__name", "pk")


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
    """Ids of the directory's agencies by the first letter of their short name (or name) in pinyin, A to Z, then "#".

    One query and a sort, kept for a minute; a directory beyond ``LETTERS_UP_TO`` agencies goes without letters.
    """
    return cache.get_or_set("market:letters", _letters, 60)


def _letters() -> dict[str, list[int]]:
    rows = Agency.objects.filter(status__in=IN_DIRECTORY).values_list("pk", "short_name", "organisation__name")
    names = list(rows[: LETTERS_UP_TO + 1])
    if len(names) > LETTERS_UP_TO:
        return {}
    found: dict[str, list[int]] = {}
    for pk, short, name in names:
        first = normalise(short or name).strip()[:1]
        letter = (spellings(first) or (first,))[0][:1].upper() if first else "#"
        found.setdefault(letter if letter in ascii_uppercase else "#", []).append(pk)
    return {letter: found[letter] for letter in (*ascii_uppercase, "#") if letter in found}
