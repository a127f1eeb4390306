"""The register of people: who works for an agency, and what of an identity number may be shown."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from agencies.models import Agency, Practitioner
from kernel import crypto


def active(agency: Agency) -> QuerySet[Practitioner]:
    return Practitioner.objects.filter(agency=agency, ended_on__isnull=True).select_related("proof").order_by("id")


def leads(agency: Agency) -> QuerySet[Practitioner]:
    """Those who may lead a project (项目负责人)."""
    return active(agency).filter(can_lead=True)


def practitioner_of(agency: Agency, pk: int) -> Practitioner:
    """One person of an agency the reader already has; 404 when it is another's."""
    person = Practitioner.objects.select_related("agency__organisation").filter(agency=agency, pk=pk).first()
    if person is None:
        raise Http404
    return person


def masked_identity(practitioner: Practitioner) -> str:
    """First three and last four characters; the rest stays sealed."""
    return crypto.mask(crypto.unseal(practitioner.identity_sealed))
