"""A new account: allauth's form with the names of this site, so that page and list of errors say the same."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from django.utils.translation import gettext_lazy as _

from kernel.models import User
from kernel.services.sign_up import holding, sign_ups_unproved


class SignUpForm(account.SignupForm):
    """Name, mobile number, e-mail address, password twice."""

    LABELS = {
        "phone": _("手机号"),
        "email": _("电子邮箱"),
        "password1": _("密码"),
        "password2": _("再输一遍密码"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in self.LABELS.items():
            self.fields[name].label = label

    def validate_unique_email(self, value: str) -> str:
        """An address at which nothing but an unproved sign-up stands is free."""
        taken = User.objects.filter(holding(value)).exclude(pk__in=sign_ups_unproved().values("pk"))
        return str(super().validate_unique_email(value)) if taken.exists() else value
