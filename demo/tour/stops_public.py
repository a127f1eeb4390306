"""What everybody sees, and what anybody who is signed in sees."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import translation

from agencies.selectors import listings
from agencies.selectors.reviews import in_publicity
from cms.models import (
    DirectoryPage,
    GuideIndexPage,
    GuidePage,
    NewsIndexPage,
    NewsPage,
    RankingIndexPage,
    RankingPage,
    SupervisionLogPage,
)
from demo.logins import LABELS
from demo.tour.rows import Finder, Sight, at, of_any, of_user, plain
from demo.tour.stops import Stop
from kernel.models import Organisation, User
from market.models import LockedComparison
from market.selectors.headline import DEFINITIONS


def _written(model: Any) -> Finder:
    """The newest page of a kind that lives in Wagtail."""

    def find(user: User | None) -> Sight | None:
        page = model.objects.live().order_by("-first_published_at", "-id").first()
        return page and _at_page(page, user)

    return find


def _ranking(user: User | None) -> Sight | None:
    """The page of the ranking with most agencies in it."""
    ranked = Count("publication__rows", filter=Q(publication__rows__best__isnull=False))
    page = RankingPage.objects.live().annotate(ranked=ranked).order_by("-ranked", "-first_published_at", "-id").first()
    return page and _at_page(page, user)


def _at_page(page: Any, user: User | None) -> Sight:
    with translation.override("zh-hans"):
        return Sight(urlsplit(page.full_url).path, user)


def _party(route: str) -> Finder:
    def find(user: User | None) -> Sight | None:
        mine = Organisation.objects.filter(memberships__user=user, memberships__ended_at__isnull=True).first()
        return plain(route, mine.pk)(user) if mine else None

    return find


def _back_office(user: User | None) -> Sight | None:
    editor = User.objects.filter(is_superuser=True, is_active=True).first()
    return Sight(reverse("wagtailadmin_home"), editor) if editor else None


OFFERED = listings.public


def _known() -> Any:
    """Listings of the agencies with most completed orders first: a storefront with a record to look at."""
    done = Count("agency__orders", filter=Q(agency__orders__status="closed"))
    return OFFERED().annotate(done=done).order_by("-done", "agency_id", "id")


STOPS = [
    Stop("home", "Home", "", "", at("/")),
    Stop("home-buyer", "Home", "buyer", "", at("/")),
    Stop("missing", "Error", "", "", at("/no/such/page/"), status=404),
    Stop("forbidden", "Error", "buyer", "agencies:review_queue", plain("agencies:review_queue"), status=403),
    Stop("offline", "Error", "", "offline", plain("offline")),
    Stop("categories", "Catalogue", "", "market:categories", plain("market:categories")),
    Stop(
        "category",
        "Catalogue",
        "",
        "market:category",
        of_any("market:category", lambda: OFFERED().order_by("item__category__position", "id"), "item.category.code"),
    ),
    Stop("item", "Catalogue", "", "market:item", of_any("market:item", OFFERED, "item.code")),
    Stop("search", "Search", "", "market:search", plain("market:search", query="?q=%E7%8E%AF%E8%AF%84")),
    Stop("search-all", "Search", "", "market:search", plain("market:search")),
    Stop("search-nothing", "Search", "", "market:search", plain("market:search", query="?q=zzzzzz")),
    Stop("search-order", "Search", "", "market:order_of_results", plain("market:order_of_results")),
    Stop("listing", "Listing", "", "market:listing", of_any("market:listing", OFFERED, "pk")),
    Stop("listing-buyer", "Listing", "buyer", "market:listing", of_any("market:listing", OFFERED, "pk")),
    Stop(
        "listing-version",
        "Listing",
        "",
        "market:listing_version",
        of_any("market:listing_version", OFFERED, "pk", "version.number"),
    ),
    Stop(
        "storefront",
        "Storefront",
        "",
        "market:storefront",
        of_any("market:storefront", _known, "agency_id"),
    ),
    Stop("compare", "Compare", "", "market:compare", plain("market:compare")),
    Stop(
        "compare-locked",
        "Compare",
        "buyer",
        "market:compare_locked",
        of_user("market:compare_locked", lambda: LockedComparison.objects.order_by("-id"), "locked_by", "number"),
    ),
    Stop("basket", "Project list", "buyer", "market:basket", plain("market:basket")),
    Stop("directory", "Directory", "", "market:directory", plain("market:directory")),
    Stop("figures", "Figures", "", "market:figures", plain("market:figures")),
    Stop("figure", "Figures", "", "market:figure", plain("market:figure", next(iter(DEFINITIONS)))),
    Stop("favourites", "Favourites", "buyer", "market:favourites", plain("market:favourites")),
    # Reading
    Stop("rankings", "Ranking", "", "", _written(RankingIndexPage)),
    Stop("ranking", "Ranking", "", "", _ranking),
    Stop("guidance", "Guidance directory", "", "", _written(DirectoryPage)),
    Stop("supervision", "Supervision log", "", "", _written(SupervisionLogPage)),
    Stop("news-index", "Reading", "", "", _written(NewsIndexPage)),
    Stop("news", "Reading", "", "", _written(NewsPage)),
    Stop("guide-index", "Reading", "", "", _written(GuideIndexPage)),
    Stop("guide", "Reading", "", "", _written(GuidePage)),
    Stop("publicity-list", "Public notice", "", "agencies:publicity_list", plain("agencies:publicity_list")),
    Stop(
        "publicity",
        "Public notice",
        "",
        "agencies:publicity",
        of_any("agencies:publicity", in_publicity, "pk"),
    ),
    Stop(
        "objection",
        "Public notice",
        "buyer",
        "agencies:objection",
        of_any("agencies:objection", in_publicity, "pk"),
    ),
    # Account
    Stop("login", "Account", "", "account_login", plain("account_login")),
    Stop("login-code", "Account", "", "account_request_login_code", plain("account_request_login_code")),
    Stop("signup", "Account", "", "account_signup", plain("account_signup")),
    Stop("password-forgotten", "Account", "", "account_reset_password", plain("account_reset_password")),
    Stop("password-change", "Account", "buyer", "account_change_password", plain("account_change_password")),
    Stop("phone-change", "Account", "buyer", "account_change_phone", plain("account_change_phone")),
    # Everybody who is signed in
    *(
        Stop(f"work-{role.replace('_', '-')}", "Work home", role, "kernel:work", plain("kernel:work"))
        for role in LABELS
        if role != "credit_officer_2"
    ),
    Stop("notices", "Notices", "agency", "kernel:notices", plain("kernel:notices")),
    Stop("notice-settings", "Notices", "agency", "kernel:notice_preferences", plain("kernel:notice_preferences")),
    Stop("party", "Organisation", "buyer", "kernel:party", _party("kernel:party")),
    Stop("party-invite", "Organisation", "buyer", "kernel:party_invite", _party("kernel:party_invite")),
    Stop("party-register", "Organisation", "buyer", "kernel:party_register", plain("kernel:party_register")),
    Stop("invitation", "Organisation", "buyer", "kernel:invitation", plain("kernel:invitation", "key-from-a-message")),
    # The house itself
    Stop("styleguide", "Style guide", "", "kernel:styleguide", plain("kernel:styleguide")),
    Stop("demo-advance", "Demo", "operator", "demo:advance", plain("demo:advance")),
    Stop("back-office", "Back office", "administrator", "wagtailadmin_home", _back_office),
]
