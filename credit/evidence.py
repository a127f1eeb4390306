"""How orders' facts become evidence x (0…1000), by the rulebook in force. For the rooms above."""

from __future__ import annotations

from credit.scoring import evidence
from credit.selectors.rules import rules_on


def rating_x(stars_milli: int) -> int:
    """x of a rating; stars in milli-stars (the mean of the dimensions × 1000), 1000…5000."""
    return evidence.rating_x(rules_on().content, stars_milli)


def timeliness_x(limit_days: int, days_used: int) -> int:
    """x of a delivery: working days used, agreed pauses taken out, against the statutory or category limit."""
    return evidence.timeliness_x(rules_on().content, days_used, limit_days)


def performance_x(
    first_pass: bool, rounds_of_changes: int, fee_within_price: bool, complaint_upheld: bool, *, returned: bool = False
) -> int:
    """x of the work. ``rounds_of_changes``: how often the buyer or the review asked for changes; the first is in the
    step from first pass to revised. ``returned``: an external review sent it back at least once."""
    review = "first_pass" if first_pass else "returned" if returned else "revised"
    return evidence.performance_x(
        rules_on().content,
        review=review,
        rework_rounds=max(0, rounds_of_changes - (0 if first_pass else 1)),
        fee_within=fee_within_price,
        complaint_upheld=complaint_upheld,
    )
