from kernel.models.audit import AuditDetail, AuditEntry
from kernel.models.notice import Notification, NotificationPreference
from kernel.models.paper import Attachment
from kernel.models.party import Invitation, Membership, Organisation, Region
from kernel.models.person import User
from kernel.models.plumbing import ClockOffset, Counter, FormDraft, IdempotencyKey, OutboxMessage
from kernel.models.time import CalendarDay, Deadline, Pause, Reminder

__all__ = [
    "Attachment",
    "AuditDetail",
    "AuditEntry",
    "CalendarDay",
    "ClockOffset",
    "Counter",
    "Deadline",
    "FormDraft",
    "IdempotencyKey",
    "Invitation",
    "Membership",
    "Notification",
    "NotificationPreference",
    "Organisation",
    "OutboxMessage",
    "Pause",
    "Region",
    "Reminder",
    "User",
]
