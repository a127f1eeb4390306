"""What the market itself remembers: whom somebody marked, which words mean the same, comparisons kept as evidence."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.append_only import append_only


class Favourite(models.Model):
    """A listing a person marked (收藏), to find it again. Private to the person."""

    user = models.ForeignKey("kernel.User", models.CASCADE, related_name="favourites")
    listing = models.ForeignKey("agencies.Listing", models.CASCADE, related_name="favourites", verbose_name=_("服务"))
    created_at = models.DateTimeField(_("收藏时间"))

    class Meta:
        verbose_name = _("收藏")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["user", "listing"], name="favourite_once")]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.listing_id}"


class Synonym(models.Model):
    """A group of words with one meaning for search, one a line: 环评, 环境影响评价, EIA."""

    words = models.TextField(
        _("同义词"), max_length=1000, help_text=_("每行一个词，至少两个，例如：环评、环境影响评价、EIA。")
    )
    active = models.BooleanField(_("启用"), default=True)
    updated_at = models.DateTimeField(_("更新时间"))

    class Meta:
        verbose_name = _("同义词组")
        verbose_name_plural = _("同义词组")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(words__contains="\n"), name="synonym_two_words")]

    def __str__(self) -> str:
        return "、".join(self.group)

    @property
    def group(self) -> list[str]:
        """The words, in order, without blanks."""
        return [word for line in self.words.splitlines() if (word := line.strip())]


@append_only()
class LockedComparison(models.Model):
    """A comparison as it stood when somebody locked it: evidence of what was known when choosing (D4).

    ``content`` is frozen JSON: offers with version, price, days, published grade, and the lines as they were said in
    each language; ``sha256`` is the digest of its canonical form (RFC 8785).
    """

    number = models.CharField(_("编号"), max_length=24, unique=True)
    organisation = models.ForeignKey(
        "kernel.Organisation", models.PROTECT, related_name="+", verbose_name=_("单位"), null=True
    )
    content = models.JSONField(_("内容"))
    sha256 = models.CharField(max_length=64)
    locked_at = models.DateTimeField(_("锁定时间"))
    locked_by = models.ForeignKey("kernel.User", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("锁定的比较")
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(sha256=""), name="locked_comparison_has_digest")]

    def __str__(self) -> str:
        return self.number
