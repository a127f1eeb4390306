"""What a listing says (its versions): writing, checking, publishing. Called by ``shop`` and the review desk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from agencies import abolished
from agencies.models import Agency, Listing, ListingVersion, Review, ServiceItem
from agencies.pricing import check_tiers
from agencies.selectors import certificates
from agencies.selectors.terms import INCLUDES
from agencies.services.steps import announce_listing, listing_step, lock_listing, review_step
from kernel import clock
from kernel.errors import DomainError
from kernel.models import User
from kernel.money import MAX_FEN, plain
from kernel.services import deadlines

V = ListingVersion.Status
TERMS = (
    "title", "summary", "unit", "unit_price_fen", "min_fee_fen", "tiers", "days", "includes", "not_included", "copies",
)  # fmt: skip
TEXTS = {"title": 80, "summary": 3000, "not_included": 300}
NUMBERS = {"unit_price_fen": (1, MAX_FEN), "min_fee_fen": (0, MAX_FEN), "days": (1, 1000), "copies": (0, 100)}


def open_or_new(listing: Listing) -> ListingVersion:
    """The version being written, else an unsaved next one that begins as a copy of the published terms."""
    version = listing.versions.exclude(status=V.PUBLISHED).first()
    if version is not None:
        return version
    number = (listing.versions.aggregate(n=Max("number"))["n"] or 0) + 1
    fresh = ListingVersion(listing=listing, number=number, created_at=clock.now())
    if listing.version:
        for name in TERMS:
            setattr(fresh, name, getattr(listing.version, name))
    else:
        fresh.title, fresh.unit, fresh.days = (
            listing.item.name_zh[:80],
            listing.item.fee_unit,
            listing.item.default_days,
        )
        fresh.unit_price_fen = listing.item.price_low_fen or 100
        fresh.min_fee_fen = listing.item.min_fee_fen
    return fresh


def write(version: ListingVersion, item: ServiceItem, fields: dict[str, Any]) -> None:
    """Set checked values; DomainError at the field."""
    for name, value in fields.items():
        if name in TEXTS:
            text = str(value or "").strip()
            if len(text) > TEXTS[name] or "\x00" in text:
                raise _refused(name, _("这一栏最多 %(n)s 个字。") % {"n": TEXTS[name]}, _("请删减后再保存。"))
            setattr(version, name, text)
        elif name in NUMBERS:
            low, high = NUMBERS[name]
            if not isinstance(value, int) or not low <= value <= high:
                raise _refused(name, _("数值超出范围。"), _("请核对后重新填写。"))
            setattr(version, name, value)
        elif name == "unit":
            if value != item.fee_unit:
                raise _refused(name, _("计价单位应与目录一致：%(unit)s。") % {"unit": item.get_fee_unit_display()})
            version.unit = value
        elif name == "tiers":
            version.tiers = check_tiers(value)
        elif name == "includes":
            version.includes = {key: bool((value or {}).get(key)) for key in INCLUDES}
        else:
            raise ValueError(f"a version has no {name}")


def check_complete(version: ListingVersion, listing: Listing) -> None:
    """What a buyer must be able to read before ordering (E1)."""
    if not version.title:
        raise _refused("title", _("请填写标题。"))
    if not any(key in version.includes for key in INCLUDES):
        raise _refused("includes", _("请说明价格是否包含税、评审费、监测费和差旅费。"), _("逐项勾选或取消后保存。"))


def check_allowed(version: ListingVersion, listing: Listing) -> None:
    """Rules of law and catalogue; asked when handing in and again when approving."""
    item, today = listing.item, clock.today()
    if listing.agency.status != Agency.Status.ACTIVE:
        raise DomainError("listing.agency", _("机构当前不在入驻状态，不能上架服务。"), _("请先恢复入驻状态。"))
    if lacking := certificates.missing(listing.agency, item, today):
        raise lacking_certificate(lacking)
    refuse_abolished("\n".join((version.title, version.summary, version.not_included)), field="summary")
    if item.statutory_days and version.days > item.statutory_days:
        raise _refused(
            "days",
            _("承诺时限超过法定时限 %(n)s 个工作日。") % {"n": item.statutory_days},
            _("请填写不超过法定时限的天数。"),
        )
    low, high = item.price_low_fen, item.price_high_fen
    controlled = item.price_control != ServiceItem.PriceControl.MARKET
    if controlled and low and high and not low <= version.unit_price_fen <= high:
        raise _refused(
            "unit_price_fen",
            _("该事项实行%(control)s，单价应在 %(low)s 至 %(high)s 元之间。")
            % {"control": item.get_price_control_display(), "low": plain(low), "high": plain(high)},
        )


def obstacle(version: ListingVersion, listing: Listing) -> DomainError | None:
    """What would stop handing in, for the preview; None when nothing does."""
    try:
        check_complete(version, listing)
        check_allowed(version, listing)
    except DomainError as error:
        return error
    return None


def refuse_abolished(text: str, *, field: str) -> None:
    """DomainError ``listing.abolished`` when the text claims a qualification that no longer exists."""
    for claim in abolished.find(text, clock.today()):
        raise DomainError(
            "listing.abolished", _("“%(words)s”已取消，不得再作宣传。") % {"words": claim.words}, claim.remedy,
            field=field,
        )  # fmt: skip


def lacking_certificate(lacking: Iterable[object]) -> DomainError:
    return DomainError(
        "listing.certificate",
        _("该事项需要有效证书：%(papers)s。") % {"papers": "、".join(map(str, lacking))},
        _("请在“资质证书”中登记并等待核验，然后再提交。"),
    )


def differences(version: ListingVersion) -> dict[str, list[Any]]:
    """{"field": [before, after]} against the published version; everything is new for a first one."""
    before = version.listing.version
    pairs = {name: [getattr(before, name) if before else None, getattr(version, name)] for name in TERMS}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def version_published(*, version: ListingVersion, actor: User | None) -> Listing:
    """Approval: the version becomes the one buyers see, and is frozen. Inside the review's transaction."""
    row = lock_listing(version.listing)
    fresh = ListingVersion.objects.select_for_update().get(pk=version.pk)
    check_allowed(fresh, row)
    fresh.status, fresh.published_at = V.PUBLISHED, clock.now()
    fresh.save(update_fields=["status", "published_at"])
    row.version = fresh
    if row.status == Listing.Status.IN_REVIEW:
        return listing_step(row, "publish", actor=actor, version=fresh.number)
    row.save(update_fields=["version"])
    announce_listing(row)
    return row


def version_returned(*, version: ListingVersion, actor: User | None) -> None:
    """The desk sent it back, or the agency took it back. Inside the review's transaction."""
    row = lock_listing(version.listing)
    ListingVersion.objects.filter(pk=version.pk, status=V.IN_REVIEW).update(status=V.RETURNED)
    if row.status == Listing.Status.IN_REVIEW:
        listing_step(row, "return", actor=actor)


def review_dropped(*, review: Review, actor: User | None) -> None:
    """A listing withdrawn takes its open review along."""
    review.decided_at = clock.now()
    review_step(review, "withdraw", actor=actor)
    deadlines.cancel(subject=review.stream)
    ListingVersion.objects.filter(pk=review.listing_version_id, status=V.IN_REVIEW).update(status=V.DRAFT)


def _refused(field: str, sentence: Any, remedy: Any = "") -> DomainError:
    return DomainError("listing.field", sentence, remedy, field=field)
