"""Ratings: sealed until both sides are in or the window ends, then opened together (一项一评)."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, clock
from kernel.access import Role
from kernel.errors import DomainError
from kernel.models import Deadline, User
from orders.access import is_agency, organisation_of, related, require_unconcerned
from orders.locks import lock_order
from orders.machines import REPLY_WINDOW_DAYS
from orders.models import OfficialRating, Order, Rating
from orders.parties import BUYER
from orders.rating_scale import needs_grounds
from orders.selectors.money import gives_back
from orders.services.close import close_if_ready
from orders.services.credit import official_report, rating_report, ratings_withdraw
from orders.services.moves import announce, met, note, tell, tell_both


@transaction.atomic
def rating_submit(
    *,
    order: Order,
    side: str,
    quality: int,
    timeliness: int,
    attitude: int,
    charging: int,
    compliance: int,
    remark: str = "",
    fact: str = "",
    actor: User,
) -> Rating:
    """One side rates the other, once, between approval and the reveal; sealed. Stars 1…5 by orders.rating_scale."""
    order = lock_order(order)
    _check_rater(order, side, actor)
    stars = {
        "quality": quality,
        "timeliness": timeliness,
        "attitude": attitude,
        "charging": charging,
        "compliance": compliance,
    }
    _check_stars(stars, fact.strip())
    if order.status != Order.Status.APPROVED or order.ratings_revealed_at is not None:
        raise DomainError(
            "rating.window", _("现在不能评价。"), _("验收通过后 10 个工作日内可以评价，双方评价公开后不再接受。")
        )
    if Rating.objects.filter(order=order, side=side).exists():
        raise DomainError(
            "rating.once", _("贵方已经评价过这个订单。"), _("评价提交后不能修改，将与对方的评价同时公开。")
        )
    rating = Rating.objects.create(
        order=order, side=side, remark=remark.strip(), fact=fact.strip(), rated_by=actor, rated_at=clock.now(), **stars
    )
    note(order, "rating.submitted", actor=actor, on_behalf_of=organisation_of(side, order), side=side)
    if Rating.objects.filter(order=order).count() == len(Rating.Side.values):
        ratings_reveal(order=order, actor=None)
        rating.refresh_from_db()
    else:
        tell(order, "agency" if side == BUYER else "buyer", _("对方已提交评价，请您评价；双方评价同时公开"))
    return rating


@transaction.atomic
def ratings_reveal(*, order: Order, actor: User | None = None) -> Order:
    """Open the sealed ratings: both are in, or the window has ended (``order.rate``). Not rated stays "no evidence"."""
    order = lock_order(order)
    if order.ratings_revealed_at is not None:
        return order
    ratings = list(Rating.objects.select_for_update().filter(order=order))
    still_open = Deadline.objects.filter(subject=order.stream, code="order.rate", state=Deadline.State.OPEN)
    if order.status != Order.Status.APPROVED or (len(ratings) < len(Rating.Side.values) and still_open.exists()):
        raise DomainError("rating.sealed", _("评价尚未到公开的时候。"), _("双方都评价或窗口期结束后自动公开。"))
    moment = clock.now()
    for rating in ratings:
        rating.revealed_at = moment
        rating.save(update_fields=["revealed_at"])
        rating_report(order, rating)
    order.ratings_revealed_at = moment
    order.save(update_fields=["ratings_revealed_at"])
    note(order, "ratings.revealed", actor=actor, on_behalf_of=None, sides=[r.side for r in ratings])
    if gives_back(order):
        ratings_void(order, reason="订单已退款", actor=None)
    met(order, "order.rate")
    announce(order)
    if ratings:
        tell_both(order, _("双方评价已公开"))
    close_if_ready(order)
    return order


def rating_window_ends(deadline: Deadline) -> None:
    order = lock_order(int(deadline.subject.split(":")[1]))
    if order.status == Order.Status.APPROVED:
        ratings_reveal(order=order, actor=None)


@transaction.atomic
def rating_reply(*, rating: Rating, text: str, actor: User) -> Rating:
    """The rated side answers in public, once, within 28 days of the reveal."""
    order = lock_order(rating.order_id)
    rating = Rating.objects.select_for_update().get(pk=rating.pk)
    rated = "agency" if rating.side == Rating.Side.BUYER else "buyer"
    access.require(access.belongs_to(actor, organisation_of(rated, order)), "rating.reply_side")
    if not text.strip():
        raise DomainError("rating.reply_empty", _("请填写回复。"), field="text")
    if rating.revealed_at is None or rating.voided_at is not None:
        raise DomainError("rating.not_public", _("评价公开后才能回复。"))
    if rating.reply:
        raise DomainError("rating.replied", _("每条评价只能回复一次。"))
    if clock.now() > rating.revealed_at + timedelta(days=REPLY_WINDOW_DAYS):
        raise DomainError("rating.reply_late", _("评价公开 28 天后不再接受回复。"))
    rating.reply, rating.replied_at = text.strip()[:500], clock.now()
    rating.save(update_fields=["reply", "replied_at"])
    note(order, "rating.replied", actor=actor, on_behalf_of=organisation_of(rated, order), rating=rating.pk)
    tell(order, "buyer" if rated == "agency" else "agency", _("对方回复了您的评价"))
    return rating


@transaction.atomic
def official_rating_submit(*, order: Order, party: str, stars: int, remark: str = "", actor: User) -> OfficialRating:
    """The department (a supervisor) or the centre (an operator) adds its part from its own desk, once each."""
    order = lock_order(order)
    roles = {OfficialRating.Party.DEPARTMENT: Role.SUPERVISOR, OfficialRating.Party.CENTRE: Role.OPERATOR}
    if party not in roles:
        raise DomainError("rating.party", _("请选择评价方。"), field="party")
    access.require_role(actor, roles[OfficialRating.Party(party)])
    require_unconcerned(order, actor)
    if order.status not in Order.DONE:
        raise DomainError("rating.window", _("现在不能评价。"), _("验收通过后可以评价。"))
    if stars not in range(1, 6):
        raise DomainError("rating.stars", _("请选择 1 到 5 星。"), field="stars")
    if stars in (1, 5) and not remark.strip():
        raise DomainError("rating.grounds", _("1 星或 5 星须写明依据。"), field="remark")
    if OfficialRating.objects.filter(order=order, party=party).exists():
        raise DomainError("rating.once", _("本部门已经评价过这个订单。"))
    rating = OfficialRating.objects.create(
        order=order, party=party, stars=stars, remark=remark.strip()[:500], rated_by=actor, rated_at=clock.now()
    )
    note(order, "rating.official", actor=actor, on_behalf_of=None, party=party, stars=stars)
    official_report(order, rating)
    return rating


def ratings_void(order: Order, *, reason: str, actor: User | None) -> None:
    """A refund (or a proven fraud) voids the order's open ratings and their credit events; the rows stay, marked.
    Sealed ones follow when they are opened."""
    rows = Rating.objects.filter(order=order, voided_at__isnull=True, revealed_at__isnull=False)
    if rows.update(voided_at=clock.now(), void_reason=reason[:200]):
        note(order, "ratings.voided", actor=actor, on_behalf_of=None, reason=reason)
    ratings_withdraw(order, reason)


def _check_rater(order: Order, side: str, actor: User) -> None:
    if side not in Rating.Side.values:
        raise DomainError("rating.side", _("评价方不正确。"))
    access.require(access.belongs_to(actor, organisation_of(side, order)), "rating.rater")
    if related(order) or (side == BUYER and is_agency(actor, order)):
        raise DomainError(
            "rating.interested",
            _("双方存在利益关联，不能互相评价。"),
            _("同一控制人、隶属关系或人员兼任的订单不计入评价。"),
        )


def _check_stars(stars: dict[str, int], fact: str) -> None:
    for name, value in stars.items():
        if value not in range(1, 6):
            raise DomainError("rating.stars", _("请选择 1 到 5 星。"), field=name)
    if needs_grounds(stars) and not fact:
        raise DomainError("rating.grounds", _("有 1 星或 5 星时，请写明依据的事实。"), field="fact")
