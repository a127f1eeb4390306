"""Asking an engine in a line, and an offer of another trade than ``documents.listing`` makes."""

from market.search import SearchQuery
from market.search.query import SearchResult
from tests.market.documents import TODAY

SURVEY = {
    "title": "1:500 地形图测绘",
    "title_en": "Topographic survey 1:500",
    "agency": "澄湖衡准测绘有限公司",
    "item_code": "0501",
    "item": "地形图测绘",
    "category_code": "05",
    "category": "工程测绘",
}


def ask(engine, text="", on=TODAY, **filters) -> SearchResult:
    """``sort``, ``page`` and ``size`` as they are; anything else is a filter with one value or several."""
    paging = {name: filters.pop(name) for name in ("sort", "page", "size") if name in filters}
    chosen = {name: (value,) if isinstance(value, str) else value for name, value in filters.items()}
    return engine.search(SearchQuery(on=on, text=text, filters=chosen, **paging))


def ids(result: SearchResult) -> list[int]:
    return [hit.listing_id for hit in result.hits]
