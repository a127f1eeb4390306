"""Placing an order: choose a listing of the agency, open a project, hand in the authorisation at the counter."""

from __future__ import annotations

from agencies.models import Listing
from demo import names, papers
from demo.lives.story import Story
from kernel import clock
from orders.models import Order, Project
from orders.services import projects
from orders.services.place import order_place


def place(story: Story) -> bool:
    """Choose a listing of the agency and place; an agency that has nothing free is passed over for another."""
    world, plan, rng = story.world, story.plan, story.rng
    listing = _choose(story)
    if listing is None:
        return False
    name = names.project(rng, story.buyer.name, story.public)
    # Whoever places pays: public bodies spend public money.
    fund = Project.Fund.PUBLIC if story.public else Project.Fund.PRIVATE
    actor = world.operator if plan.counter else story.clerk
    project = projects.project_create(
        buyer=story.buyer,
        name=name,
        region=world.county,
        fund=fund,
        actor=actor,
        code=names.project_code(rng, clock.today().strftime("%y%m")),
    )
    authorisation = None
    if plan.counter:
        authorisation = papers.hand_in(
            title="代办授权书", subject=f"organisation:{story.buyer.pk}", purpose="authorisation", actor=actor
        )
    payer = Order.Payer.AUTHORITY if listing.item.who_pays == "authority" else Order.Payer.BUYER
    order = order_place(
        project=project,
        listing=listing,
        version=listing.version,
        quantity_milli=_quantity(story, listing),
        token=f"replay-{plan.number}",
        matter=listing.item.matter_served,
        payer=payer,
        not_secret=True,
        invoice_title=story.buyer.name,
        invoice_tax_number=story.buyer.uscc or "",
        channel=Order.Channel.COUNTER if plan.counter else Order.Channel.ONLINE,
        authorisation=authorisation,
        actor=actor,
    )
    story.pk = order.pk
    return True


def _choose(story: Story) -> Listing | None:
    """A service of the planned agency; when it has nothing free, of another in the trade."""
    trade = [
        (agency, listing)
        for (agency, _code), listing in sorted(story.world.listings.items())
        if listing.item.category.code == story.plan.category
        and bool(story.plan.groups) == (listing.item.fee_unit == "test_group")
    ]
    story.rng.shuffle(trade)
    for agency, listing in sorted(trade, key=lambda pair: pair[0] != story.plan.agency):
        fresh = Listing.objects.select_related("version", "item__category", "agency__organisation").get(pk=listing.pk)
        if fresh.status == Listing.Status.PUBLISHED and fresh.taken < fresh.capacity:
            story.agent = story.world.agents[agency]
            return fresh
    return None


# Usual quantities by unit: (low, high, step)
QUANTITIES = {
    "m2": (1500, 28000, 1), "mu": (8, 120, 1), "building": (1, 6, 1), "metre": (150, 900, 10), "point": (12, 90, 1),
    "permille": (1500, 12000, 100), "item": (1, 1, 1), "parcel": (1, 2, 1), "year": (1, 1, 1), "pile": (5, 60, 1),
    "hour": (4, 40, 1), "report": (1, 1, 1),
}  # fmt: skip


def _quantity(story: Story, listing: Listing) -> int:
    if story.plan.groups:
        return story.plan.groups * 1000
    low, high, step = QUANTITIES.get(listing.version.unit, (1, 1, 1))
    # Small jobs are the usual ones.
    span = (high - low) // step
    return (low + step * int(span * story.rng.random() ** 2)) * 1000
