from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MarketConfig(AppConfig):
    name = "market"
    verbose_name = _("市场")

    def ready(self) -> None:
        from kernel.registries import invariants, nightly, outbox_handlers
        from kernel.ui import navigation
        from kernel.ui.navigation import ACCOUNT, PUBLIC, NavItem
        from market.chrome import category_menu
        from market.invariants import search_matches_rows
        from market.services import index

        outbox_handlers.register("listing_changed")(index.on_listing_changed)
        outbox_handlers.register("agency_changed")(index.on_agency_changed)
        outbox_handlers.register("ranking_published")(index.on_ranking_published)
        nightly.register("market.reindex")(index.index_rebuild)
        invariants.register("market.search_matches_rows")(search_matches_rows)
        navigation.register_slot("public_menu", category_menu)
        navigation.register(
            NavItem(PUBLIC, _("找服务"), "market:categories", order=10),
            NavItem(PUBLIC, _("机构名录"), "market:directory", order=20),
            NavItem(PUBLIC, _("运行数据"), "market:figures", order=60),
            NavItem(ACCOUNT, _("我的收藏"), "market:favourites", order=40),
            NavItem(ACCOUNT, _("项目清单"), "market:basket", order=41),
        )
