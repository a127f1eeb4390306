"""Agencies as a person may see them: the one door to a tenant's file, and what the public sees."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from agencies.models import Agency
from kernel import access
from kernel.models import Organisation, User

IN_DIRECTORY = (Agency.Status.ACTIVE, Agency.Status.SUSPENDED)


def public() -> QuerySet[Agency]:
    """Agencies anybody may find and order from: in the directory and not suspended."""
    return Agency.objects.filter(status=Agency.Status.ACTIVE).select_related("organisation__region")


def agency_for(user: User | Any, pk: int) -> Agency:
    """The file of an agency for somebody who may open it: its members and the staff of an authority. 404 otherwise."""
    row = Agency.objects.select_related("organisation__region", "parent__organisation", "affiliated_with").filter(pk=pk)
    agency = row.first()
    if agency is None or not (access.belongs_to(user, agency.organisation_id) or access.is_staff(user)):
        raise Http404
    return agency


def my_agency(user: User | Any, party: Organisation | None) -> Agency | None:
    """The file of the organisation the person acts for now; None when it has none yet. 404 when the person does not
    act for an agency."""
    if not party or party.kind != Organisation.Kind.AGENCY or not access.belongs_to(user, party.pk):
        raise Http404
    rows = Agency.objects.select_related("organisation__region", "parent__organisation", "affiliated_with")
    return rows.filter(organisation=party.pk).first()
