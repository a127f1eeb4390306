"""Marking a listing to find it again."""

from __future__ import annotations

from django.db import transaction

from agencies.models import Listing
from kernel import clock
from kernel.models import User
from market.models import Favourite


@transaction.atomic
def favourite_set(*, listing: Listing, wanted: bool, actor: User) -> bool:
    """Mark or unmark; doing it twice changes nothing. Returns whether it is marked now."""
    if wanted:
        Favourite.objects.get_or_create(user=actor, listing=listing, defaults={"created_at": clock.now()})
    else:
        Favourite.objects.filter(user=actor, listing=listing).delete()
    return wanted
