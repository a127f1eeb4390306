"""Sign-ups that were begun and never finished: in nobody's way, and nobody's key."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from kernel import clock
from kernel.models import Membership, User
from kernel.registries import nightly

KEPT = timedelta(days=1)


def sign_ups_unproved() -> QuerySet[User]:
    """Accounts whose number was never proved. Whoever typed the number in knows the password; whoever holds it may know
    of nothing. So the number and the address are free for the next sign-up, and no code opens such an account.

    Nobody has signed in to one, so nothing in the audit trail or elsewhere speaks of it. One that has been signed in
    to, belongs to an organisation, or was made for its owner at the command line or in the back office (without a day of
    joining, which a sign-up alone sets) is none of these."""
    members = Membership.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(
        ~Exists(members),
        last_login__isnull=True,
        mobile_verified=False,
        date_joined__isnull=False,
        is_staff=False,
        is_superuser=False,
    )


def sign_up_withdraw(*, user: User, actor: User | None) -> bool:
    """Free the number and the address of an account whose number was never proved; True when it was removed."""
    return _remove(Q(pk=user.pk)) > 0


def sign_up_supersede(*, mobile: str, email: str = "", user: User, actor: User | None) -> None:
    """Take away what others began with the number or the address that is ``user``'s from now on."""
    held = Q(mobile=mobile)
    if email:
        held |= holding(email)
    _remove(held & ~Q(pk=user.pk) if user.pk else held)


def holding(email: str) -> Q:
    """The accounts at which an e-mail address stands, proved or not."""
    return Q(email__iexact=email) | Q(emailaddress__email__iexact=email)


@nightly.register("sign-ups")
def sign_ups_expire() -> int:
    """Sign-ups nobody came back to: a code is valid for minutes, the password of a sign-up asks for a new one for a day."""
    return _remove(Q(date_joined__lt=clock.now() - KEPT))


@transaction.atomic
def _remove(which: Q) -> int:
    found = sign_ups_unproved().filter(which).values_list("pk", flat=True)
    rows = User.objects.select_for_update().filter(pk__in=set(found))
    # Asked again behind the lock: in between the number may have been proved.
    gone = list(sign_ups_unproved().filter(pk__in=[row.pk for row in rows]))
    for row in gone:
        row.delete()
    return len(gone)
