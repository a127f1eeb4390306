"""Deadlines, reminders, pauses and the calendar: registration, orders and cases all use these rows."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CalendarDay(models.Model):
    """A local exception to the State Council's calendar, or a make-up day that was published late."""

    day = models.DateField(_("日期"), unique=True)
    is_workday = models.BooleanField(_("是工作日"))
    note = models.CharField(_("说明"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("工作日历")
        verbose_name_plural = _("工作日历")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}"


class Deadline(models.Model):
    """Something must have happened on a subject by ``due_at``; else the handler of ``code`` runs, once.

    ``limit_days`` is the limit in working days. A pause moves ``due_at``. State: open → met | cancelled | fired.
    """

    class State(models.TextChoices):
        OPEN = "open", _("进行中")
        MET = "met", _("已按期完成")
        CANCELLED = "cancelled", _("已取消")
        FIRED = "fired", _("已到期处理")

    subject = models.CharField(_("对象"), max_length=64)
    code = models.CharField(_("期限"), max_length=40)
    started_at = models.DateTimeField(_("起算时间"))
    limit_days = models.PositiveIntegerField(_("工作日"))
    due_at = models.DateTimeField(_("到期时间"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    # Whose turn it is: shown on queues and used to address reminders.
    party = models.ForeignKey("kernel.Organisation", models.PROTECT, null=True, blank=True, related_name="deadlines")

    class Meta:
        verbose_name = _("期限")
        constraints = [
            models.UniqueConstraint(fields=["subject", "code"], condition=Q(state="open"), name="deadline_one_open"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True) | ~Q(state="open") & Q(ended_at__isnull=False),
                name="deadline_end_matches_state",
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("started_at")), name="deadline_due_after_start"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="open"), name="deadline_open_due"),
            models.Index(fields=["subject"], name="deadline_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.code}"


class Reminder(models.Model):
    """To be sent before a deadline. Sent once; dropped with its deadline."""

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="reminders")
    days_before = models.PositiveIntegerField(_("提前工作日"))
    due_at = models.DateTimeField(_("提醒时间"))
    sent_at = models.DateTimeField(_("已提醒"), null=True, blank=True)

    class Meta:
        verbose_name = _("提醒")
        constraints = [models.UniqueConstraint(fields=["deadline", "days_before"], name="reminder_once")]
        indexes = [models.Index(fields=["due_at"], condition=Q(sent_at__isnull=True), name="reminder_unsent")]

    def __str__(self) -> str:
        return f"{self.deadline} −{self.days_before}"


class Pause(models.Model):
    """The clock of a subject stands still, with a cause and by agreement; closed rows moved the deadlines."""

    subject = models.CharField(_("对象"), max_length=64)
    cause = models.CharField(_("原因"), max_length=40)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    started_at = models.DateTimeField(_("开始时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    # Counted when it ends: by so many working days the open deadlines moved.
    workdays = models.PositiveIntegerField(_("工作日"), default=0)

    class Meta:
        verbose_name = _("暂停计时")
        constraints = [
            models.UniqueConstraint(fields=["subject"], condition=Q(ended_at__isnull=True), name="pause_one_open"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")), name="pause_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.cause}"
