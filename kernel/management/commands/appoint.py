"""The first people of a real installation: the authority that runs the supermarket, and who works for it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from kernel import uscc as uscc_rule
from kernel.accounts import MobileField
from kernel.errors import DomainError
from kernel.models import Membership, Organisation, Region, User
from kernel.services import parties
from kernel.services.sign_up import sign_ups_unproved

Role = Membership.Role


class Command(BaseCommand):
    help = "Give a person with an account a role of the authority that runs the supermarket; names the authority the first time"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("mobile", help="mobile number of an account that exists")
        parser.add_argument("role", choices=[Role.OWNER.value, *sorted(Membership.AUTHORITY_ROLES)])
        parser.add_argument("--uscc", required=True, help="unified social credit code of the authority")
        parser.add_argument("--name", help="its name, the first time")
        parser.add_argument("--region", help="code of its region, the first time (a county has six digits)")

    def handle(
        self, *, mobile: str, role: str, uscc: str, name: str | None, region: str | None, **options: Any
    ) -> None:
        try:
            person = User.objects.filter(mobile=MobileField().clean(mobile)).first()
            code = uscc_rule.check(uscc)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except DomainError as error:
            raise CommandError(str(error)) from error
        if person is None:
            raise CommandError("Nobody has this mobile number: let the person sign up first, or use createsuperuser.")
        if sign_ups_unproved().filter(pk=person.pk).exists():
            raise CommandError(
                "This number was typed in by somebody who has not proved it: let its owner sign up and enter the code."
            )
        try:
            authority = Organisation.objects.filter(uscc=code).first() or self._found(code, name, region)
            if authority.kind != Organisation.Kind.AUTHORITY:
                raise CommandError(f"{authority} is registered as {authority.get_kind_display()}, not as an authority.")
            parties.membership_add(organisation=authority, user=person, role=role, actor=None)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{person} is now {Role(role).label} of {authority}.")

    def _found(self, uscc: str, name: str | None, region: str | None) -> Organisation:
        place = Region.objects.filter(code=region or "").first()
        if not name or place is None:
            raise CommandError("The authority is not registered yet: add --name and --region (a code that exists).")
        return parties.organisation_create(
            kind=Organisation.Kind.AUTHORITY, name=name, region=place, code=uscc, actor=None
        )
