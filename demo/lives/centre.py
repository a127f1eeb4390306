"""What the centre does beside the orders, and what buyers leave on its desk: ratings, complaints, a comparison."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from agencies.models import Listing
from demo.engine import Life, after_workdays, working_moment
from demo.lives import credit, review
from demo.world import World
from kernel import clock
from kernel.models import Organisation
from market.services.compare import comparison_lock
from orders.models import Order
from orders.selectors.duration import days_late
from orders.services import complaint, rate

COMPARED = 3


def lives(world: World) -> Iterator[Life]:
    """All of them."""
    yield from credit.lives(world)
    yield from review.lives(world)
    yield official_ratings(world)
    yield open_complaint(world)
    yield locked_comparison(world)


def official_ratings(world: World) -> Life:
    """Twice a month the bureau and the centre add their part to some of the finished orders."""
    rng = Random("official")  # noqa: S311
    day = world.plan.opening + timedelta(days=30)
    while True:
        yield working_moment(day, rng)
        done = Order.objects.filter(status__in=Order.DONE, official_ratings__isnull=True)
        for order in done.order_by("pk")[:14]:
            stars = 3 if days_late(order) else 5
            remark = "按期办结，资料齐全。" if stars == 5 else "超过合同时限。"
            rate.official_rating_submit(order=order, party="centre", stars=stars, remark=remark, actor=world.operator)
            if rng.random() < 0.4:
                stars = stars - rng.choice((0, 0, 1))
                rate.official_rating_submit(
                    order=order, party="department", stars=stars, remark=remark, actor=world.people["supervisor"]
                )
        day += timedelta(days=15)


def open_complaint(world: World) -> Life:
    """A complaint that waits to be accepted, and one that is being looked into."""
    rng = Random("complaint")  # noqa: S311
    for days_left, accept in ((9, True), (2, False)):
        yield world.days_left(days_left, rng)
        order = (
            Order.objects.filter(
                status=Order.Status.IN_SERVICE, complaints__isnull=True, buyer__kind=Organisation.Kind.ENTERPRISE
            )
            .order_by("pk")
            .first()
        )
        if order is None:
            continue
        clerk = next(world.clerks[n] for n, buyer in world.buyers.items() if buyer.pk == order.buyer_id)
        filed = complaint.complaint_file(
            order=order, subject_code="late", body="约定的进度已过三天，没有任何消息。", actor=clerk
        )
        if accept:
            yield after_workdays(clock.now(), 1, rng)
            complaint.complaint_accept(complaint=filed, actor=world.operator)


def locked_comparison(world: World) -> Life:
    """The buyer that visitors sign in as keeps what it knew when it chose."""
    rng = Random("comparison")  # noqa: S311
    yield world.days_left(4, rng)
    offered = Listing.objects.filter(status=Listing.Status.PUBLISHED).order_by("item_id", "pk")
    item = next(row.item_id for row in offered if offered.filter(item=row.item_id).count() > 1)
    comparison_lock(
        listing_ids=list(offered.filter(item=item).values_list("pk", flat=True)[:COMPARED]),
        organisation=next(world.buyers[row.number] for row in world.plan.buyers if not row.public),
        actor=world.people["buyer"],
    )
