from agencies.models.agency import Agency, Claim, DirectoryEntry, Objection, Review
from agencies.models.catalogue import Category, CertificateType, ServiceItem
from agencies.models.paper import Practitioner, Qualification
from agencies.models.shop import Listing, ListingVersion, Storefront

__all__ = [
    "Agency",
    "Category",
    "CertificateType",
    "Claim",
    "DirectoryEntry",
    "Listing",
    "ListingVersion",
    "Objection",
    "Practitioner",
    "Qualification",
    "Review",
    "ServiceItem",
    "Storefront",
]
