"""The shop window and what stands in it: storefront, listings, their drafts; capacity and pause at the agency's hand."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.machines import FORM_CHECK, FORM_CHECK_DAYS
from agencies.models import Agency, Listing, ListingVersion, Review, ServiceItem, Storefront
from agencies.selectors import certificates
from agencies.services import offers
from agencies.services.steps import announce_agency, listing_step, lock_agency, lock_listing, note
from kernel import access, clock
from kernel.errors import DomainError
from kernel.models import User
from kernel.services import deadlines

MAX_CASES = 20
CASE_LIMITS = {"title": 80, "client": 80, "year": 4, "text": 300}
V, L = ListingVersion.Status, Listing.Status
# What must pass the desk again before it stands on the shelf; a new version of any other waits beside the published one.
OFF_SHELF = (L.DRAFT, L.RETURNED, L.WITHDRAWN)


@transaction.atomic
def storefront_update(*, storefront: Storefront, actor: User | None, **fields: Any) -> Storefront:
    """Change ``tagline``, ``opening_hours`` or ``cases`` ([{"title", "client", "year", "text"}])."""
    row = _storefront(storefront, actor)
    for name, value in fields.items():
        if name == "cases":
            row.cases = _cases(value)
        elif name in ("tagline", "opening_hours"):
            text = str(value).strip()
            if len(text) > 80:
                raise DomainError("storefront.length", _("这一栏最多 80 个字。"), _("请删减后再保存。"), field=name)
            offers.refuse_abolished(text, field=name)
            setattr(row, name, text)
        else:
            raise ValueError(f"a storefront has no {name} to change")
    row.save()
    note(row.agency, "storefront.updated", actor=actor, fields=sorted(fields))
    announce_agency(row.agency)
    return row


@transaction.atomic
def storefront_pause(*, storefront: Storefront, note: str = "", actor: User | None) -> Storefront:
    """Take no new orders for now, in the whole shop; what is shown stays."""
    return _pause(storefront, actor, note)


@transaction.atomic
def storefront_resume(*, storefront: Storefront, actor: User | None) -> Storefront:
    return _pause(storefront, actor, None)


@transaction.atomic
def listing_create(*, agency: Agency, item: ServiceItem, capacity: int = 5, actor: User | None) -> Listing:
    """Start offering an item of the catalogue. One listing an item; calling again returns the one there is."""
    row = lock_agency(agency)
    access.require_member(actor, row.organisation)
    if row.status != Agency.Status.ACTIVE:
        raise DomainError("listing.agency", _("入驻后才能上架服务。"), _("请先完成入驻审核。"))
    existing = Listing.objects.filter(agency=row, item=item).first()
    if existing:
        return existing
    if not (item.active and item.orderable):
        raise DomainError("listing.item", _("该事项暂不开放下单。"), _("请选择目录中的其他事项。"), field="item")
    if not row.categories.filter(pk=item.category_id).exists():
        raise DomainError(
            "listing.category",
            _("“%(category)s”不在机构登记的服务类别内。") % {"category": item.category},
            _("请先通过“信息变更”增加服务类别。"),
            field="item",
        )
    listing = Listing.objects.create(agency=row, item=item, capacity=_capacity(capacity, 0), created_at=clock.now())
    note(listing, "listing.created", actor=actor, item=item.code, capacity=capacity)
    return listing


@transaction.atomic
def listing_draft(*, listing: Listing, actor: User | None, **fields: Any) -> ListingVersion:
    """Write the open version, starting one from the published text where there is none. ``fields`` are the version's:
    title, summary, unit, unit_price_fen, min_fee_fen, tiers, days, includes, not_included, copies."""
    row = _listing(listing, actor)
    version = offers.open_or_new(row)
    if version.status == V.IN_REVIEW:
        raise DomainError("listing.in_review", _("这一版正在审查，暂不能修改。"), _("请等待结果，或先撤回。"))
    offers.write(version, row.item, fields)
    version.status = V.DRAFT
    version.save()
    note(row, "listing.drafted", actor=actor, version=version.number, fields=sorted(fields))
    return version


@transaction.atomic
def listing_submit(*, version: ListingVersion, actor: User | None) -> Review:
    """Hand the open version in for review. Refused at once, with the remedy: a missing certificate, an abolished
    qualification in the text, a promise beyond the law's limit."""
    row = _listing(version.listing, actor)
    fresh = ListingVersion.objects.select_for_update().get(pk=version.pk)
    if fresh.status not in (V.DRAFT, V.RETURNED):
        raise DomainError("listing.in_review", _("这一版已经提交或发布。"), _("请刷新页面查看最新状态。"))
    offers.check_complete(fresh, row)
    offers.check_allowed(fresh, row)
    fresh.status = V.IN_REVIEW
    fresh.save(update_fields=["status"])
    if row.status in OFF_SHELF:
        listing_step(row, "submit", actor=actor, version=fresh.number)
    review = Review.objects.create(
        kind=Review.Kind.LISTING,
        agency=row.agency,
        listing_version=fresh,
        changes=offers.differences(fresh),
        submitted_by=actor,
        submitted_at=clock.now(),
    )
    note(review, "review.opened", actor=actor, kind=review.kind, version=fresh.number)
    deadlines.start(subject=review.stream, code=FORM_CHECK, limit_days=FORM_CHECK_DAYS, reminders=(1,))
    return review


@transaction.atomic
def listing_pause(*, listing: Listing, actor: User | None) -> Listing:
    """Take no new orders for this service; it stays visible and says so."""
    return listing_step(_listing(listing, actor), "pause", actor=actor)


@transaction.atomic
def listing_resume(*, listing: Listing, actor: User | None) -> Listing:
    row = _listing(listing, actor)
    if lacking := certificates.missing(row.agency, row.item, clock.today()):
        raise offers.lacking_certificate(lacking)
    return listing_step(row, "resume", actor=actor)


@transaction.atomic
def listing_withdraw(*, listing: Listing, actor: User | None) -> Listing:
    """Take the service off the shelf; orders in work go on, and the versions ordered stay readable."""
    row = _listing(listing, actor)
    for review in Review.objects.filter(listing_version__listing=row, status=Review.Status.PENDING):
        offers.review_dropped(review=review, actor=actor)
    return listing_step(row, "withdraw", actor=actor)


@transaction.atomic
def listing_set_capacity(*, listing: Listing, capacity: int, actor: User | None) -> Listing:
    """How many orders may be in work at once; not below those that are."""
    row = _listing(listing, actor)
    before, row.capacity = row.capacity, _capacity(capacity, row.taken)
    row.save(update_fields=["capacity"])
    note(row, "listing.capacity_set", actor=actor, before=before, after=row.capacity)
    announce_agency(row.agency)
    return row


def _listing(listing: Listing, actor: User | None) -> Listing:
    lock_agency(listing.agency)
    row = lock_listing(listing)
    access.require_member(actor, row.agency.organisation)
    return row


def _storefront(storefront: Storefront, actor: User | None) -> Storefront:
    lock_agency(storefront.agency)
    row = Storefront.objects.select_for_update(of=("self",)).select_related("agency__organisation")
    fresh = row.get(pk=storefront.pk)
    access.require_member(actor, fresh.agency.organisation)
    return fresh


def _pause(storefront: Storefront, actor: User | None, words: str | None) -> Storefront:
    row = _storefront(storefront, actor)
    row.paused_at = None if words is None else row.paused_at or clock.now()
    row.pause_note = (words or "").strip()[:200]
    row.save(update_fields=["paused_at", "pause_note"])
    note(row.agency, "storefront.resumed" if words is None else "storefront.paused", actor=actor, note=row.pause_note)
    announce_agency(row.agency)
    return row


def _capacity(value: int, taken: int) -> int:
    if not max(1, taken) <= value <= 10_000:
        raise DomainError(
            "listing.capacity",
            _("同时接单上限应在 %(low)s 到 10000 之间。") % {"low": max(1, taken)},
            _("上限不能低于在办订单数。"),
            field="capacity",
        )
    return value


def _cases(value: Any) -> list[dict[str, str]]:
    rows = []
    for case in value or []:
        row = {key: str(case.get(key, "")).strip() for key in CASE_LIMITS}
        if not any(row.values()):
            continue
        if not row["title"]:
            raise DomainError(
                "storefront.case", _("有一个业绩案例没有项目名称。"), _("请填写，或去掉这个案例。"), field="cases"
            )
        for key, limit in CASE_LIMITS.items():
            if len(row[key]) > limit:
                raise DomainError("storefront.case", _("业绩案例的一栏过长。"), _("请删减后再保存。"), field="cases")
        rows.append(row)
    if len(rows) > MAX_CASES:
        raise DomainError("storefront.cases", _("最多填写 20 个业绩案例。"), _("请保留最有代表性的。"), field="cases")
    return rows
