"""Rows that keep the machinery honest: outbox, idempotency, counters, the demo's clock."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class OutboxMessage(models.Model):
    """News for after the commit, written in the same transaction; delivered at least once to an idempotent handler."""

    topic = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(done_at__isnull=True), name="outbox_undone")]

    def __str__(self) -> str:
        return f"{self.topic} {self.pk}"


class IdempotencyKey(models.Model):
    """One unsafe request of one person: the same token answers with the stored outcome instead of doing it again."""

    user = models.ForeignKey("kernel.User", models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    params_sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    # Empty while the request is in flight.
    location = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_once")]

    def __str__(self) -> str:
        return self.key


class Counter(models.Model):
    """The last number given out under a name ("order:202611")."""

    name = models.CharField(max_length=40, unique=True)
    value = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


class ClockOffset(models.Model):
    """How far a demo's clock stands ahead of the world's. At most one row; nothing writes it outside a demo."""

    seconds = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="clock_offset_one_row")]

    def __str__(self) -> str:
        return f"+{self.seconds}s"


class FormDraft(models.Model):
    """What a person typed into a form and has not sent yet (``data``: {name: [value, …]}); kept for thirty days."""

    user = models.ForeignKey("kernel.User", models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    data = models.JSONField()
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="form_draft_one_a_form")]

    def __str__(self) -> str:
        return self.key
