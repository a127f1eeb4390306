"""Claims as the people concerned may see them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from agencies.models import Claim
from kernel import access
from kernel.models import Attachment

_WITH = ("agency__organisation__region", "user", "decided_by")


def claims_of(user: Any) -> QuerySet[Claim]:
    """A person's own claims, newest first."""
    return Claim.objects.filter(user=user).select_related(*_WITH).order_by("-id")


def queue(status: str = "") -> QuerySet[Claim]:
    """The desk's queue: the oldest open one first; with a status, those."""
    rows = Claim.objects.select_related(*_WITH)
    if status in Claim.Status.values:
        rows = rows.filter(status=status)
    return rows.order_by("created_at", "id") if status == Claim.Status.PENDING else rows.order_by("-created_at", "-id")


def claim_for(user: Any, pk: int) -> Claim:
    """One claim for its claimant or the staff of an authority; 404 otherwise."""
    row = Claim.objects.select_related(*_WITH).filter(pk=pk).first()
    if row is None or not (row.user_id == user.pk or access.is_staff(user)):
        raise Http404
    return row


def letters(claim: Claim) -> list[dict[str, Any]]:
    """The letters of authorisation, as the component of files takes them."""
    rows = Attachment.objects.filter(subject=f"claim:{claim.pk}").select_related("uploaded_by").order_by("id")
    return [
        {
            "name": row.name,
            "href": reverse("file", args=[row.pk]),
            "size": row.size,
            "at": row.uploaded_at,
            "by": row.uploaded_by,
            "sha256": row.sha256,
        }
        for row in rows
    ]
