"""Sign-ups that were begun and never finished."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef

from kernel.models import Membership, User


@transaction.atomic
def sign_up_withdraw(*, user: User, actor: User | None) -> bool:
    """Free the number and the address of an account whose number was never proved; True when it was removed.

    Nobody has signed in to such an account, so nothing in the audit trail or elsewhere speaks of it. One that has
    been signed in to, or belongs to an organisation, stays."""
    members = Membership.objects.filter(user=OuterRef("pk"))
    unused = User.objects.select_for_update().filter(
        ~Exists(members), pk=user.pk, last_login__isnull=True, mobile_verified=False
    )
    row = unused.first()
    if row is None:
        return False
    row.delete()
    return True
