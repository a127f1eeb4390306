"""Files people handed in."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.append_only import append_only


@append_only("subject")
class Attachment(models.Model):
    """A stored file of a subject ("order:12"). Type is told by content, not by name; downloads go through a permission."""

    subject = models.CharField(_("对象"), max_length=64, db_index=True)
    purpose = models.CharField(_("用途"), max_length=40)
    name = models.CharField(_("文件名"), max_length=150)
    content_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveBigIntegerField(_("大小（字节）"))
    sha256 = models.CharField(max_length=64)
    # Random, below ATTACHMENT_ROOT, never served as a static file.
    path = models.CharField(max_length=80, unique=True)
    uploaded_by = models.ForeignKey("kernel.User", models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = _("附件")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=models.Q(size__gt=0), name="attachment_not_empty")]

    def __str__(self) -> str:
        return self.name
