"""The guidance directory as the public reads it. It informs: no list is filtered or ordered by it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agencies.models import Agency, Category
from credit.models import GuidanceEntry, RankingPublication
from credit.selectors.story import period_name
from kernel import clock
from kernel.ui.format import chinese

# A reason that names nothing but a published grade; how grades are called is the rulebook's matter.
GRADED = re.compile(r"(\d{4})年(\d{1,2})月信用排行\s*(\w+?)\s*级。?", re.ASCII)


class Ground(NamedTuple):
    """Why an agency is listed, in the reader's language; ``number`` of the ranking it names, "" for any other reason."""

    text: str
    number: str = ""


def guidance_entries(category: Category | None = None) -> QuerySet[GuidanceEntry]:
    """Who is listed today."""
    rows = GuidanceEntry.objects.filter(removed_on__isnull=True, expires_on__gt=clock.today())
    rows = rows.select_related("agency__organisation", "category")
    return rows if category is None else rows.filter(category=category)


def guidance_of(agency: Agency) -> list[GuidanceEntry]:
    """The agency's entries of today with their categories."""
    return list(guidance_entries().filter(agency=agency))


def grounds(entries: Iterable[GuidanceEntry]) -> dict[int, Ground]:
    """{entry id: why it is listed}; one query. What an officer wrote in other words stays Chinese and is marked."""
    rows = list(entries)
    named = {row.pk: found for row in rows if (found := GRADED.fullmatch(row.reason))}
    periods = {pk: f"{found[1]}-{int(found[2]):02}" for pk, found in named.items()}
    published = RankingPublication.objects.filter(
        status=RankingPublication.Status.PUBLISHED, period__in=set(periods.values())
    ).order_by("id")
    lists = {(p, category): n for p, category, n in published.values_list("period", "category_id", "number")}
    return {
        row.pk: Ground(
            _("%(period)s信用排行 %(grade)s 级") % {"period": period_name(periods[row.pk]), "grade": named[row.pk][3]},
            lists.get((periods[row.pk], row.category_id)) or lists.get((periods[row.pk], None), ""),
        )
        if row.pk in named
        else Ground(chinese(row.reason))
        for row in rows
    }
