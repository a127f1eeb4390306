"""What an administrator keeps of the catalogue: categories, service items, certificate types. ``pk`` None makes one."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from agencies.models import Category, CertificateType, Listing, ServiceItem
from kernel.models import User
from kernel.services import outbox
from kernel.services.rows import row_save


@transaction.atomic
def category_save(*, pk: int | None = None, values: dict[str, Any], actor: User | None) -> Category:
    """A renamed or switched-off category shows at once on every listing under it."""
    row, changes = row_save(model=Category, pk=pk, values=values, actor=actor)
    if pk and changes:
        _announce(item__category=row)
    return row


@transaction.atomic
def item_save(*, pk: int | None = None, values: dict[str, Any], actor: User | None) -> ServiceItem:
    """A changed item shows at once on every listing of it; orders keep the terms they were placed on."""
    row, changes = row_save(model=ServiceItem, pk=pk, values=values, actor=actor)
    if pk and changes:
        _announce(item=row)
    return row


@transaction.atomic
def certificate_type_save(*, pk: int | None = None, values: dict[str, Any], actor: User | None) -> CertificateType:
    """What a kind of certificate is called, and from when it may no longer be demanded."""
    return row_save(model=CertificateType, pk=pk, values=values, actor=actor)[0]


def _announce(**which: Any) -> None:
    for pk in Listing.objects.filter(version__isnull=False, **which).values_list("pk", flat=True):
        outbox.announce(topic="listing_changed", payload={"listing": pk})
