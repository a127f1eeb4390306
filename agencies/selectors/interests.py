"""Whose interest an agency's is (利害关系): who counts as one house with it. The rule that recusal (回避) at the order's desk
and at the credit desk rests on."""

from __future__ import annotations

from typing import Any

from agencies.models import Agency
from kernel import access
from kernel.models import User


def interests(agency: Agency) -> set[str]:
    """The client keys (``Organisation.client_key``: the group under common control) of the agency itself, its head office
    and the organisation it is affiliated with."""
    houses = [agency.organisation, agency.affiliated_with, agency.parent.organisation if agency.parent else None]
    return {house.client_key for house in houses if house is not None}


def has_stake(user: User | Any, agency: Agency, *client_keys: str) -> bool:
    """Does the person belong to a house of one interest with the agency, or to one of the clients (empty keys: nobody)?"""
    ours = interests(agency) | {key for key in client_keys if key}
    return any(membership.organisation.client_key in ours for membership in access.live_memberships(user))
