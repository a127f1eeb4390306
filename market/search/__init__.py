"""Search over published listings: one façade, the same answers whichever engine stands behind it."""

from market.search.document import ListingDocument, Removal
from market.search.engine import Engine
from market.search.query import Facet, FacetValue, Hit, SearchQuery, SearchResult

__all__ = [
    "Engine",
    "Facet",
    "FacetValue",
    "Hit",
    "ListingDocument",
    "Removal",
    "SearchQuery",
    "SearchResult",
]
