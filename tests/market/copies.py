"""Many rows copied from service-made ones, for tests that count queries."""

from agencies.models import Agency, Listing, ListingVersion, Storefront
from kernel.models import Organisation
from tests import factories


def copy_market(listing: Listing, count: int) -> None:
    """``count`` more agencies, each with a storefront and one published listing of the same item."""
    agency = listing.agency
    organisations = Organisation.objects.bulk_create(
        _copy(agency.organisation, name=f"澄湖第{n}家复制有限公司", uscc=factories.make_uscc()) for n in range(count)
    )
    agencies = Agency.objects.bulk_create(_copy(agency, organisation_id=o.pk, short_name="") for o in organisations)
    through = Agency.categories.through
    through.objects.bulk_create(through(agency=a, category_id=listing.item.category_id) for a in agencies)
    Storefront.objects.bulk_create(Storefront(agency=a) for a in agencies)
    listings = Listing.objects.bulk_create(
        _copy(listing, agency_id=a.pk, version_id=None, status=Listing.Status.DRAFT) for a in agencies
    )
    versions = ListingVersion.objects.bulk_create(_copy(listing.version, listing_id=row.pk) for row in listings)
    for row, version in zip(listings, versions, strict=True):
        row.version_id, row.status = version.pk, Listing.Status.PUBLISHED
    Listing.objects.bulk_update(listings, ["version", "status"])


def _copy(row, **changes):
    values = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    return type(row)(**{**values, **changes})
