from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = _("内容")

    def ready(self) -> None:
        from cms import chrome
        from cms.services.ranking_pages import on_ranking_published
        from kernel.registries import outbox_handlers
        from kernel.ui import navigation

        outbox_handlers.register("ranking_published")(on_ranking_published)
        navigation.register_slot("footer", chrome.footer)
        navigation.register_slot("office", chrome.office)
        navigation.register_slot("office_lines", chrome.office_lines)
        navigation.register(
            navigation.NavItem(navigation.PUBLIC, _("信用排行"), "wagtail_serve", order=30, args=("rankings/",)),
            navigation.NavItem(navigation.PUBLIC, _("指导名录"), "wagtail_serve", order=40, args=("guidance/",)),
            navigation.NavItem(navigation.PUBLIC, _("监管日志"), "wagtail_serve", order=50, args=("supervision/",)),
            navigation.NavItem(navigation.PUBLIC, _("公告"), "wagtail_serve", order=70, args=("news/",)),
            navigation.NavItem(navigation.PUBLIC, _("办事指南"), "wagtail_serve", order=80, args=("guides/",)),
        )
