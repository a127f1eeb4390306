"""The pages every installation begins with. Existing pages are left as the editors have made them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from wagtail.models import Page, Site

from cms.models import (
    DirectoryPage,
    GuideIndexPage,
    GuidePage,
    HomePage,
    NewsIndexPage,
    RankingIndexPage,
    SupervisionLogPage,
)
from cms.texts import GUIDES, HOME_BODY


class Command(BaseCommand):
    help = "Create the home page and the sections below it, if they are not there"

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        home = HomePage.objects.first() or self._home()
        for model, slug, title, title_en in (
            (RankingIndexPage, "rankings", "信用排行", "Credit rankings"),
            (DirectoryPage, "guidance", "指导名录库", "Guidance directory"),
            (SupervisionLogPage, "supervision", "监管日志", "Supervision log"),
            (NewsIndexPage, "news", "公告", "Notices"),
            (GuideIndexPage, "guides", "办事指南", "Guides"),
        ):
            if not model.objects.exists():
                home.add_child(instance=model(title=title, title_en=title_en, slug=slug))
        guides = GuideIndexPage.objects.get()
        if not guides.get_children().exists():
            for guide in GUIDES:
                guides.add_child(instance=GuidePage(**guide))

    def _home(self) -> HomePage:
        root = Page.get_first_root_node()
        # Wagtail's own welcome page stands where ours belongs.
        for page in root.get_children().filter(slug="home"):
            if page.specific_class is Page:
                page.delete()
        root.refresh_from_db()
        home = root.add_child(instance=HomePage(title="诚选", title_en="Chengxuan", slug="home", body=HOME_BODY))
        site = Site.objects.filter(is_default_site=True).first() or Site(hostname="localhost", is_default_site=True)
        site.root_page, site.site_name = home, "诚选"
        site.save()
        return home
