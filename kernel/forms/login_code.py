"""Signing in with a one-time code: to the mobile number or to the e-mail address."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.account.utils import has_verified_email
from django import forms
from django.utils.translation import gettext_lazy as _


class RequestLoginCodeForm(account.RequestLoginCodeForm):
    """Neither field is required of itself, exactly one of the two is; neither is therefore marked as optional."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.one_of_several = True

    def clean_email(self) -> str:
        """A code in place of a password goes to an address that was proved, as if any other were nobody's."""
        email: str = super().clean_email()
        if email and not has_verified_email(self._user, email):
            self._user = None
        return email

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors and not any(data.get(name) for name in ("phone", "email")):
            raise forms.ValidationError(_("手机号或邮箱，填一项。"), code="one_of_two")
        return data
