"""The rules scores are made by, as adopted: written once."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from kernel.append_only import append_only


@append_only()
class Rulebook(models.Model):
    """A version of the rulebook. ``sha256`` is the digest of its canonical JSON (RFC 8785) and its identity."""

    sha256 = models.CharField(max_length=64, unique=True)
    version = models.CharField(_("版本"), max_length=40)
    title = models.CharField(_("名称"), max_length=120)
    source = models.TextField(_("原文（YAML）"))
    content = models.JSONField(_("规则"))
    effective_from = models.DateField(_("施行日期"))
    adopted_at = models.DateTimeField(_("发布时间"))

    class Meta:
        verbose_name = _("信用规则")
        ordering = ["effective_from", "id"]

    def __str__(self) -> str:
        names = self.content.get("name") or {}
        name = names.get("en" if (get_language() or "").startswith("en") else "zh") or self.title
        return gettext("%(name)s（第 %(version)s 版）") % {"name": name, "version": self.version}


@append_only()
class Calibration(models.Model):
    """Priors, κ, variances and fee medians, frozen for a period before it begins."""

    sha256 = models.CharField(max_length=64, unique=True)
    effective_from = models.DateField(_("施行日期"))
    content = models.JSONField(_("参数"))
    adopted_at = models.DateTimeField(_("发布时间"))

    class Meta:
        verbose_name = _("校准参数")
        ordering = ["effective_from", "id"]

    def __str__(self) -> str:
        return f"{self.effective_from} {self.sha256[:8]}"
