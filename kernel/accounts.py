"""allauth's door to our users: mobile numbers first, e-mail as well."""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.models import User
from kernel.services.sign_up import sign_up_supersede, sign_ups_unproved

STAGES = {
    "allauth.account.stages.PhoneVerificationStage": "kernel.entrance.PhoneVerificationStage",
    "allauth.account.stages.LoginByCodeStage": "kernel.entrance.LoginByCodeStage",
}
"""Steps of signing in of allauth, and ours in their place."""


class AccountAdapter(DefaultAccountAdapter):
    """Numbers without a country code are mainland numbers (+86)."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _("验证码不对，请核对后再填。"),
        "phone_password_mismatch": _("手机号或密码不对。"),
        "email_password_mismatch": _("电子邮箱或密码不对。"),
    }

    def get_login_stages(self) -> list[str]:
        return [STAGES.get(path, path) for path in super().get_login_stages()]

    def clean_phone(self, phone: str) -> str:
        return normalise_mobile(phone)

    def phone_form_field(self, **kwargs: Any) -> forms.Field:
        return MobileField(**kwargs)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.mobile, user.mobile_verified) if user.mobile else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        user.mobile, user.mobile_verified = phone, verified
        user.save(update_fields=["mobile", "mobile_verified"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        with transaction.atomic():
            sign_up_supersede(mobile=phone, user=user, actor=user)
            self.set_phone(user, phone, True)

    def get_user_by_phone(self, phone: str) -> User | None:
        """Whose number it is: nobody's, as long as a sign-up with it has not been proved."""
        # The sign-in form hands on what was typed.
        try:
            mobile = normalise_mobile(phone)
        except forms.ValidationError:
            return None
        return User.objects.exclude(pk__in=sign_ups_unproved().values("pk")).filter(mobile=mobile).first()

    def authenticate(self, request: Any, **credentials: Any) -> User | None:
        # A number is the name of an account: allauth counts failures by name or address (with neither, all numbers
        # would share one limit), and whoever closed the window before the code came goes on to the next one.
        if phone := credentials.get("phone"):
            with suppress(forms.ValidationError):
                credentials["username"] = normalise_mobile(phone)
        return super().authenticate(request, **credentials)

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        _sms(phone, _("诚选验证码 %(code)s，15 分钟内有效，请勿告诉他人。") % {"code": code})

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        _sms(phone, _("有人用此号码尝试登录诚选，但该号码尚未注册。如非本人操作，请忽略。"))

    def send_account_already_exists_sms(self, phone: str) -> None:
        _sms(phone, _("此号码已注册诚选，请直接登录；忘记密码可在登录页重置。"))

    def save_user(self, request: Any, user: User, form: Any, commit: bool = True) -> User:
        # The number must be there before the row is: it is the key people sign in with.
        user.mobile = form.cleaned_data["phone"]
        user.name = form.cleaned_data.get("name", "")
        user.date_joined = clock.now()
        user.language = get_language() or settings.LANGUAGE_CODE
        with transaction.atomic():
            sign_up_supersede(mobile=user.mobile, email=form.cleaned_data.get("email", ""), user=user, actor=None)
            return super().save_user(request, user, form, commit)


class MobileField(forms.CharField):
    """Accepts 13800138000, full-width digits, spaces, dashes and +86; gives E.164."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("手机号"))
        kwargs.setdefault("max_length", 30)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return normalise_mobile(text) if text else text


def normalise_mobile(text: str) -> str:
    """E.164 of a mobile number; ValidationError with a remedy when it cannot be one."""
    digits = unicodedata.normalize("NFKC", text).replace(" ", "").replace("-", "")
    if digits.isascii() and digits.isdigit() and len(digits) == 11 and digits.startswith("1"):
        return f"+86{digits}"
    if digits.startswith("+") and digits[1:].isascii() and digits[1:].isdigit() and 8 <= len(digits) <= 16:
        return digits
    raise forms.ValidationError(_("请填写 11 位手机号；境外号码请带上国家代码，例如 +852…。"), code="invalid_mobile")


def _sms(mobile: str, text: Any) -> None:
    import_string(settings.SMS_BACKEND)().send(mobile=mobile, text=str(text))
