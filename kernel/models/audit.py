"""What happened, who did it, chained so that nothing can be taken out unseen."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.append_only import append_only


@append_only()
class AuditEntry(models.Model):
    """One act on one stream (``"order:12"``). ``digest`` commits to the salted details, ``chain`` to everything before.

    chain(n) = SHA-256(chain(n−1) | stream | seq | at | actor | action | digest), in hexadecimal, fields joined by "|".
    """

    stream = models.CharField(_("对象"), max_length=64)
    seq = models.PositiveIntegerField(_("序号"))
    at = models.DateTimeField(_("时间"))
    actor = models.ForeignKey("kernel.User", models.PROTECT, null=True, related_name="+", verbose_name=_("操作人"))
    # For whom: the organisation in whose name the person acted (代办 shows both).
    on_behalf_of = models.ForeignKey("kernel.Organisation", models.PROTECT, null=True, related_name="+")
    action = models.CharField(_("事项"), max_length=60)
    # A status change writes both; other acts leave them empty. Histories are replayed from these.
    from_state = models.CharField(max_length=24, blank=True)
    to_state = models.CharField(max_length=24, blank=True)
    digest = models.CharField(max_length=64)
    chain = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("审计记录")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["stream", "seq"], name="audit_stream_seq"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="audit_seq_from_one"),
        ]
        indexes = [models.Index(fields=["action", "at"], name="audit_action_at")]

    def __str__(self) -> str:
        return f"{self.stream}#{self.seq} {self.action}"


class AuditDetail(models.Model):
    """Salt and cleartext of an entry. Erasable where the law demands it: the chain stays valid without it."""

    entry = models.OneToOneField(AuditEntry, models.PROTECT, primary_key=True, related_name="detail")
    salt = models.CharField(max_length=32)
    data = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"detail of {self.entry_id}"
