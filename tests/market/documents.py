"""Listing documents for the search tests."""

from datetime import date
from typing import Any

from market.search import ListingDocument

TODAY = date(2026, 11, 21)


def listing(listing_id: int, **values: Any) -> ListingDocument:
    """An ordinary listing; every value may be set."""
    ordinary: dict[str, Any] = {
        "listing_id": listing_id,
        "agency_id": listing_id,
        "version": 1,
        "title": "环境影响报告表编制",
        "agency": f"澄湖青禾{listing_id}环境科技有限公司",
        "item_code": "0301",
        "item": "建设项目环境影响报告表",
        "category_code": "03",
        "category": "环境影响评价",
        "updated_on": TODAY,
        "indexed_on": TODAY,
        "region_codes": ("330000", "330400", "330499"),
        "region_names": ("浙江省", "澄湖市"),
        "price_fen": 1_500_000,
        "unit": "report",
        "days": 15,
        "finished": 90,
    }
    return ListingDocument(**{**ordinary, **values})
