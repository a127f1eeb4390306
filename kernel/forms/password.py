"""Forgotten and changed passwords: what is proof enough in place of the present one."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import forms as account
from allauth.account.authentication import get_authentication_records
from allauth.account.utils import has_verified_email
from allauth.core import context

CODE_COUNTS_S = 15 * 60


class ChangePasswordForm(account.ChangePasswordForm):
    """Who forgot the password and has no e-mail address signs in by a code to the mobile number: holding that number is
    then proof enough for as long as a code is valid, and the form asks for no password that nobody remembers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if proved_the_number(context.request):
            del self.fields["oldpassword"]


class ResetPasswordForm(account.ResetPasswordForm):
    """A link goes to an address that was proved; whoever holds one that was mistyped gets none."""

    def clean_email(self) -> str:
        email: str = super().clean_email()
        self.users = [user for user in self.users if has_verified_email(user, email)]
        return email


def proved_the_number(request: Any) -> bool:
    """Whether the person's last proof in this session was a code sent to their number, not longer ago than one is valid."""
    records = get_authentication_records(request, request.user) if request else []
    if not records or records[-1].get("phone") != request.user.mobile:
        return False
    # allauth stamps its records with the machine's clock, not with the one of the site.
    return bool(records[-1]["method"] == "code" and time.time() - records[-1]["at"] < CODE_COUNTS_S)
