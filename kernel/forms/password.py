"""Changing the password: with the present one, or, having just signed in by a code, without it."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import forms as account
from allauth.account.authentication import get_authentication_records
from allauth.core import context

CODE_COUNTS_S = 15 * 60


class ChangePasswordForm(account.ChangePasswordForm):
    """Who forgot the password and has no e-mail address signs in by a code to the mobile number: holding that number is
    then proof enough for as long as a code is valid, and the form asks for no password that nobody remembers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if signed_in_by_code(context.request):
            del self.fields["oldpassword"]


def signed_in_by_code(request: Any) -> bool:
    """Whether the person's last proof in this session was a one-time code, not longer ago than one is valid."""
    records = get_authentication_records(request, request.user) if request else []
    # allauth stamps its records with the machine's clock, not with the one of the site.
    return bool(records) and records[-1]["method"] == "code" and time.time() - records[-1]["at"] < CODE_COUNTS_S
