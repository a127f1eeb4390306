"""Typing in a code that was sent: six digits, named as on the page."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from django.utils.translation import gettext_lazy as _


class _Code:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _("验证码")
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs["inputmode"] = "numeric"


class VerifyPhoneForm(_Code, account.VerifyPhoneForm):
    """Of a new account's mobile number, or of one that takes the place of another."""

    def clean_code(self) -> str:
        # Somebody began anew with the same number: the code of what was begun before proves nothing.
        if self.user is None:
            raise get_adapter().validation_error("incorrect_code")
        return super().clean_code()


class ConfirmLoginCodeForm(_Code, account.ConfirmLoginCodeForm):
    """In place of a password."""
