"""A published ranking becomes a page: pulled from credit by id, once, whenever the news arrives."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import translation

from cms.models import RankingIndexPage, RankingPage
from credit.models import RankingPublication
from credit.selectors import ranking_title


def on_ranking_published(payloads: list[dict[str, Any]]) -> None:
    """Outbox handler of ``ranking_published``; doing it again changes nothing."""
    pks = [payload["ranking"] for payload in payloads]
    published = RankingPublication.objects.filter(pk__in=pks, status=RankingPublication.Status.PUBLISHED)
    for publication in published.select_related("category"):
        ranking_page_create(publication=publication, actor=None)


@transaction.atomic
def ranking_page_create(*, publication: RankingPublication, actor: None) -> RankingPage:
    """The page of a publication, under the ranking index; the existing one if there is one."""
    index = RankingIndexPage.objects.select_for_update().first()
    if index is None:
        raise RuntimeError("the site has no ranking index page: run manage.py setup_site")
    page = RankingPage.objects.filter(publication=publication).first()
    if page is None:
        page = index.add_child(
            instance=RankingPage(
                title=_title(publication, "zh-hans"),
                title_en=_title(publication, "en"),
                slug=publication.number.lower(),
                publication=publication,
                first_published_at=publication.published_at,
            )
        )
    return page


def _title(publication: RankingPublication, language: str) -> str:
    with translation.override(language):
        return ranking_title(publication)
