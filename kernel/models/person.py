"""A natural person with an account."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, mobile: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(mobile=mobile, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, mobile: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(mobile, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, mobile: str) -> User:
        return self.get(mobile=mobile)


class User(AbstractBaseUser, PermissionsMixin):
    """Signs in by mobile number (E.164, ``+8613800138000``) or e-mail. What a person may do hangs on memberships;
    ``is_staff`` and groups open Wagtail's admin only."""

    mobile = models.CharField(_("手机号"), max_length=16, unique=True)
    mobile_verified = models.BooleanField(_("手机号已验证"), default=False)
    email = models.EmailField(_("电子邮箱"), blank=True)
    name = models.CharField(_("姓名"), max_length=60)
    language = models.CharField(_("界面语言"), max_length=8, default="zh-hans")
    is_active = models.BooleanField(_("可用"), default=True)
    is_staff = models.BooleanField(_("可进入内容后台"), default=False)
    # Set by the person's first sign-in rather than by auto_now: the clock is ours.
    date_joined = models.DateTimeField(_("注册时间"), null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "mobile"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("email"), name="user_email_unique", condition=~models.Q(email="")
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.mobile

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name
