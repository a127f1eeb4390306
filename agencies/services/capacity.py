"""Slots of a listing: how many orders it can have in work. One statement decides, so no two buyers get the last one."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Listing, Storefront
from agencies.selectors import certificates
from agencies.services.steps import note
from kernel import clock
from kernel.errors import DomainError
from kernel.models import User


@transaction.atomic
def listing_take(*, listing: Listing, actor: User | None) -> Listing:
    """Take one slot for an order. DomainError ``listing.full`` when none is free, ``listing.not_open`` when the
    listing, its agency, its storefront or its certificates do not allow orders now."""
    row = _read(listing)
    if certificates.missing(row.agency, row.item, clock.today()):
        raise _not_open(_("该服务所需证书已过期。"))
    open_shops = Storefront.objects.filter(
        agency=OuterRef("agency"), agency__status=Agency.Status.ACTIVE, paused_at__isnull=True
    )
    # No join: with one, the condition moves into a sub-select that PostgreSQL does not look at again after waiting.
    taken = (
        Listing.objects.filter(pk=row.pk, status=Listing.Status.PUBLISHED, taken__lt=F("capacity"))
        .filter(Exists(open_shops))
        .update(taken=F("taken") + 1)
    )
    row = _read(listing)
    if not taken:
        raise _why_not(row)
    note(row, "listing.taken", actor=actor, taken=row.taken)
    return row


@transaction.atomic
def listing_release(*, listing: Listing, actor: User | None) -> Listing:
    """Give a slot back when its order has ended."""
    if not Listing.objects.filter(pk=listing.pk, taken__gt=0).update(taken=F("taken") - 1):
        raise DomainError("listing.nothing_taken", _("没有可释放的接单名额。"), _("请联系平台维护人员核对。"))
    row = _read(listing)
    note(row, "listing.released", actor=actor, taken=row.taken)
    return row


def _read(listing: Listing) -> Listing:
    rows = Listing.objects.select_related("agency__organisation", "agency__storefront", "item", "version")
    return rows.get(pk=listing.pk)


def _why_not(row: Listing) -> DomainError:
    storefront = getattr(row.agency, "storefront", None)
    if row.agency.status != Agency.Status.ACTIVE:
        return _not_open(_("该机构当前不在服务状态。"))
    if storefront is None or storefront.paused_at:
        return _not_open(_("该机构暂停接单。"))
    if row.status != Listing.Status.PUBLISHED:
        return _not_open(_("该服务当前不接单。"))
    return DomainError("listing.full", _("该服务的接单名额已满。"), _("请稍后再试，或选择其他机构的同类服务。"))


def _not_open(sentence: object) -> DomainError:
    return DomainError("listing.not_open", sentence, _("请选择其他机构的同类服务。"))
