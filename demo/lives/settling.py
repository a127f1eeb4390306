"""After approval: public buyers pay, some complain, most rate."""

from __future__ import annotations

from demo import remarks
from demo.engine import Life
from demo.lives.paying import pay as pay_fee
from demo.lives.story import Story
from kernel import clock
from orders.models import Order, Payment
from orders.selectors.duration import days_late
from orders.services import complaint, invoice, rate


def settle(story: Story) -> Life:
    if not Payment.objects.filter(order=story.pk, status=Payment.Status.SETTLED).exists():
        yield from pay_fee(story)
    if story.is_("complaint_upheld", "complaint_rejected"):
        yield from _complain(story)
    yield story.later(story.rng.choice((0, 1, 2)))
    if story.order.status in Order.DONE and story.chance(0.8):
        order = story.order
        file = story.paper("电子发票", "invoice", story.agent)
        invoice.invoice_upload(
            order=order,
            number=f"{story.rng.randint(10**19, 10**20 - 1)}",
            amount_fen=order.fee_fen,
            file=file,
            issued_on=clock.today(),
            actor=story.agent,
        )
    yield from _rate(story)


def _complain(story: Story) -> Life:
    yield story.later(1)
    code, body = story.rng.choice(remarks.COMPLAINTS)
    filed = complaint.complaint_file(order=story.order, subject_code=code, body=body, actor=story.clerk)
    yield story.later(2)
    complaint.complaint_accept(complaint=filed, actor=story.world.operator)
    yield story.later(3)
    complaint.complaint_respond(complaint=filed, text=story.rng.choice(remarks.REPLIES), actor=story.agent)
    yield story.later(story.rng.randint(4, 9))
    upheld = story.is_("complaint_upheld")
    complaint.complaint_decide(
        complaint=filed,
        upheld=upheld,
        actor=story.world.operator,
        answer="经核实情况属实，责令机构限期整改并向业主书面说明。"
        if upheld
        else "经核查往来函件和合同，机构按约履行，投诉不成立。",
    )


def _rate(story: Story) -> Life:
    """Seven in ten buyers rate; nine of ten give five stars; two thirds write nothing. Bad work is rated as such."""
    rng = story.rng
    yield story.later(rng.randint(0, 4))
    order = story.order
    if order.status != Order.Status.APPROVED:
        return
    bad = story.is_("late_major", "complaint_upheld") or (story.is_("late_minor") and story.chance(0.5))
    if bad or story.chance(0.7):
        base = rng.choice((1, 2, 3)) if bad else rng.choices((5, 4, 3), (90 if story.quality > 0.7 else 76, 8, 2))[0]
        stars = {name: max(1, min(5, base + (rng.choice((0, 0, -1)) if base > 1 else 0))) for name in DIMENSIONS}
        remark = (
            rng.choice(remarks.remarks(story.plan.category, base, late=days_late(order) > 0))
            if bad or story.chance(0.34)
            else ""
        )
        needs_fact = any(value in (1, 5) for value in stars.values())
        rate.rating_submit(
            order=order,
            side="buyer",
            remark=remark,
            fact=_fact(story, base) if needs_fact else "",
            actor=story.clerk,
            **stars,
        )
    if story.chance(0.6):
        yield story.later(rng.randint(0, 3))
        order = story.order
        if order.status == Order.Status.APPROVED and order.ratings_revealed_at is None:
            stars = dict.fromkeys(DIMENSIONS, 4)
            rate.rating_submit(
                order=order,
                side="agency",
                remark=rng.choice(remarks.ABOUT_BUYER) if story.chance(0.3) else "",
                actor=story.agent,
                **stars,
            )


DIMENSIONS = ("quality", "timeliness", "attitude", "charging", "compliance")


def _fact(story: Story, base: int) -> str:
    order = story.order
    if base <= 2:
        return f"合同 {order.days} 个工作日，实际用时 {order.days_used} 个工作日。"
    return f"约定 {order.days} 个工作日，{order.days_used} 个工作日交付，成果验收合格。"
