"""Pages for reading. Their words live in Wagtail; the facts on them are asked from their owners when shown.

Chinese is the page's own text; an English title and text stand beside it and are shown at /en/ when filled in.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.blocks import HOME_BLOCKS, TEXT_BLOCKS
from credit.selectors import grade_rows, grounds, order_notes, period_name, ranking_title, scale_from
from kernel import clock
from kernel.ui.format import chinese, english

PAGE_SIZE = 20
ACTS_A_PAGE = 100


class BilingualPage(Page):
    """A page with an English title beside the Chinese one."""

    title_en = models.CharField(_("英文标题"), max_length=255, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("title_en")]
    show_in_menus_default = False

    class Meta:
        abstract = True

    @property
    def heading(self) -> str:
        return self.title_en if self.title_en and get_language() == "en" else self.title

    @property
    def name(self) -> str:
        """The heading for the text of a page: Chinese is marked where there is no English."""
        return self.heading if self.title_en else chinese(self.title)


class TextPage(BilingualPage):
    """A page with a body in both languages."""

    published_on = models.DateField(_("发布日期"), null=True, blank=True)
    summary = models.CharField(_("摘要"), max_length=200, blank=True)
    summary_en = models.CharField(_("英文摘要"), max_length=300, blank=True)
    body = StreamField(TEXT_BLOCKS, verbose_name=_("正文"), blank=True)
    body_en = StreamField(TEXT_BLOCKS, verbose_name=_("英文正文"), blank=True)

    content_panels = [
        *BilingualPage.content_panels,
        FieldPanel("published_on"),
        FieldPanel("summary"),
        FieldPanel("summary_en"),
        FieldPanel("body"),
        FieldPanel("body_en"),
    ]

    class Meta:
        abstract = True

    @property
    def lead(self) -> str:
        return self.summary_en if self.summary_en and get_language() == "en" else chinese(self.summary)

    @property
    def content(self) -> Any:
        return self.body if self.in_chinese_only or get_language() != "en" else self.body_en

    @property
    def in_chinese_only(self) -> bool:
        """An English reader gets the Chinese text, because there is no other."""
        return english() and not len(self.body_en)


class IndexPage(BilingualPage):
    """A list of the pages below it, newest first, ``a_page`` at a time."""

    a_page = PAGE_SIZE

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        children = self.children_shown().live().descendant_of(self)
        context["listing"] = Paginator(children, self.a_page).get_page(request.GET.get("page"))
        return context

    def children_shown(self) -> Any:
        raise NotImplementedError


class HomePage(BilingualPage):
    """The front page: blocks that editors arrange."""

    body = StreamField(HOME_BLOCKS, verbose_name=_("页面内容"))

    content_panels = [*BilingualPage.content_panels, FieldPanel("body")]
    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    template = "cms/home_page.html"

    class Meta:
        verbose_name = _("首页")


class NewsIndexPage(IndexPage):
    max_count = 1
    subpage_types = ["cms.NewsPage"]
    template = "cms/index_page.html"

    class Meta:
        verbose_name = _("公告栏目")

    def children_shown(self) -> Any:
        return NewsPage.objects.order_by("-published_on", "-id")


class NewsPage(TextPage):
    """A notice or a piece of news."""

    parent_page_types = ["cms.NewsIndexPage"]
    template = "cms/text_page.html"

    class Meta:
        verbose_name = _("公告")


class GuideIndexPage(IndexPage):
    max_count = 1
    subpage_types = ["cms.GuidePage"]
    template = "cms/index_page.html"

    class Meta:
        verbose_name = _("指南栏目")

    def children_shown(self) -> Any:
        return GuidePage.objects.order_by("path")


class GuidePage(TextPage):
    """How to do a thing in the market."""

    parent_page_types = ["cms.GuideIndexPage"]
    template = "cms/text_page.html"

    class Meta:
        verbose_name = _("指南")


class RankingIndexPage(IndexPage):
    """All published rankings by period."""

    max_count = 1
    subpage_types = ["cms.RankingPage"]
    template = "cms/ranking_index_page.html"

    class Meta:
        verbose_name = _("信用排行栏目")

    # Whole months, each with all its categories.
    a_page = 3

    def children_shown(self) -> Any:
        """The months that have a list."""
        rows = RankingPage.objects.order_by("-publication__period")
        return rows.values_list("publication__period", flat=True).distinct()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        lists = RankingPage.objects.live().descendant_of(self).select_related("publication__category")
        lists = lists.filter(publication__period__in=list(context["listing"])).order_by(
            "-publication__period", models.F("publication__category__position").asc(nulls_first=True)
        )
        months = [(period, list(found)) for period, found in groupby(lists, key=lambda row: row.publication.period)]
        return {**context, "months": months, "period_name": period_name}


class RankingPage(BilingualPage):
    """The page of one published ranking, made by cms.services when credit publishes it; editors add no numbers."""

    publication = models.OneToOneField("credit.RankingPublication", models.PROTECT, related_name="+")
    # The title is the list's own, here for the editor to find the page by.
    content_panels = [FieldPanel("title", read_only=True)]
    parent_page_types = ["cms.RankingIndexPage"]
    template = "cms/ranking_page.html"

    class Meta:
        verbose_name = _("信用排行")

    @property
    def heading(self) -> str:
        """The same title as the list has on credit's own page."""
        return ranking_title(self.publication)

    @property
    def name(self) -> str:
        return self.heading

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        rows = list(self.publication.rows.select_related("agency__organisation"))
        context["ranked"] = [row for row in rows if row.best is not None]
        context["scale_from"] = scale_from([row.score_milli - row.half_width_milli for row in context["ranked"]])
        content = self.publication.rulebook.content
        context["grades"] = grade_rows(content)
        context["order_notes"] = order_notes(content)
        context["period_name"] = period_name
        context["unrated"] = [row for row in rows if row.best is None]
        context["address"] = settings.PUBLIC_URL.rstrip("/") + self.get_url(request)
        context["others"] = (
            RankingPage.objects.live()
            .filter(publication__category=self.publication.category_id)
            .exclude(pk=self.pk)
            .select_related("publication")
            .order_by("-publication__period")[:6]
        )
        return context


class DirectoryPage(BilingualPage):
    """The guidance directory (指导名录库): it informs, and is never a condition."""

    max_count = 1
    subpage_types: list[str] = []
    template = "cms/directory_page.html"

    class Meta:
        verbose_name = _("指导名录库")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from cms.selectors import guidance_by_category

        context = super().get_context(request, *args, **kwargs)
        context["groups"] = groups = guidance_by_category()
        context["grounds"] = grounds(entry for _category, entries in groups for entry in entries)
        return context


class SupervisionLogPage(BilingualPage):
    """The public supervision log (监管日志), rendered from the audit trail."""

    max_count = 1
    subpage_types: list[str] = []
    template = "cms/supervision_log_page.html"

    class Meta:
        verbose_name = _("监管日志")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from cms.selectors import log_lines, supervision_log

        context = super().get_context(request, *args, **kwargs)
        kind = request.GET.get("kind", "")
        context["kind"] = kind
        context["log"] = log = Paginator(supervision_log(kind), ACTS_A_PAGE).get_page(request.GET.get("page"))
        context["days"] = [
            (day, list(lines)) for day, lines in groupby(log_lines(log), key=lambda line: clock.civil(line.created_at))
        ]
        return context
