"""What people are told."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _


class Notification(models.Model):
    """One message to one person, kept in the notification centre; e-mail follows the person's preference.

    ``title`` and ``body`` are in the source language, ``…_en`` in English, blank where they would be the same. What was
    written for readers of English before there were two (migration 0005) is English in both.
    """

    user = models.ForeignKey("kernel.User", models.CASCADE, related_name="notifications")
    kind = models.CharField(_("类别"), max_length=40)
    subject = models.CharField(_("对象"), max_length=64, blank=True)
    title = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("内容"), blank=True)
    title_en = models.CharField(_("英文标题"), max_length=200, blank=True)
    body_en = models.TextField(_("英文内容"), blank=True)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("已读时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("通知")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user", "-id"], name="notification_of_user"),
            models.Index(fields=["user"], condition=models.Q(read_at__isnull=True), name="notification_unread"),
        ]

    def __str__(self) -> str:
        return self.words()[0]

    def words(self, language: str | None = None) -> tuple[str, str]:
        """Title and body as somebody reads them in ``language`` (default: the language of this request)."""
        wanted = language or translation.get_language() or settings.LANGUAGE_CODE
        if wanted.startswith("en"):
            return self.title_en or self.title, self.body_en or self.body
        return self.title, self.body


class NotificationPreference(models.Model):
    """Whether a person wants a kind of notice by e-mail too; without a row, yes if there is an address."""

    user = models.ForeignKey("kernel.User", models.CASCADE, related_name="notification_preferences")
    kind = models.CharField(_("类别"), max_length=40)
    email = models.BooleanField(_("同时发送邮件"), default=True)

    class Meta:
        verbose_name = _("通知偏好")
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.kind}"
