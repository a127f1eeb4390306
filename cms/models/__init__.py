from cms.models.pages import (
    DirectoryPage,
    GuideIndexPage,
    GuidePage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    RankingIndexPage,
    RankingPage,
    SupervisionLogPage,
)
from cms.models.settings import SiteIdentity

__all__ = [
    "DirectoryPage",
    "GuideIndexPage",
    "GuidePage",
    "HomePage",
    "NewsIndexPage",
    "NewsPage",
    "RankingIndexPage",
    "RankingPage",
    "SiteIdentity",
    "SupervisionLogPage",
]
