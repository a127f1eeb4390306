"""What certificates an item demands, and which may no longer be demanded, in words."""

from __future__ import annotations

from dataclasses import dataclass

from agencies.models import ServiceItem
from agencies.selectors import certificates
from kernel import clock


@dataclass(frozen=True)
class RuleLines:
    """``demands``: each line must be met. ``instead``: filings and registered people that take a licence's place.
    ``abolished``: names of qualifications that are gone."""

    demands: list[str]
    instead: list[str]
    abolished: list[str]


def rule_lines(item: ServiceItem) -> RuleLines:
    """The rule of an item as lines; one query."""
    known = certificates.types()
    gone = [known.get(str(code)) for code in item.abolished_qualifications]
    return RuleLines(
        demands=[demand.text for demand in certificates.demands(item, clock.today(), known)],
        instead=[known[code].name for code in (*item.filings, *item.people) if code in known],
        abolished=[row.name for row in gone if row],
    )
