"""The agency's certificates and people."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.forms.paper import CertificateForm, PersonForm
from agencies.models import Agency, Practitioner, Qualification
from agencies.selectors import overview, people
from agencies.selectors.certificates import with_renewable
from agencies.services import papers
from agencies.views.door import back_room
from kernel.forms import attempt
from kernel.lamps import Lamp
from kernel.models import Attachment
from kernel.services.attachments import Kept, attachment_taken


@back_room
def certificates(request: HttpRequest, agency: Agency) -> HttpResponse:
    rows = with_renewable(agency)
    lamps = [(row, overview.certificate_lamp(row)) for row in rows]
    urgent = [_urgent(row, lamp) for row, lamp in overview.to_renew(rows)]
    return render(request, "agencies/certificates.html", {"agency": agency, "rows": lamps, "urgent": urgent})


@back_room
def certificate_add(request: HttpRequest, agency: Agency) -> HttpResponse:
    return _certificate(request, agency, None)


@back_room
def certificate_renew(request: HttpRequest, agency: Agency, pk: int) -> HttpResponse:
    paper = Qualification.objects.select_related("type").filter(agency=agency, pk=pk).first()
    if paper is None:
        raise Http404
    return _certificate(request, agency, paper)


@back_room
def people_list(request: HttpRequest, agency: Agency) -> HttpResponse:
    rows = [(row, people.masked_identity(row)) for row in people.active(agency)]
    past = Practitioner.objects.filter(agency=agency, ended_on__isnull=False).order_by("-ended_on", "id")
    return render(request, "agencies/people.html", {"agency": agency, "rows": rows, "past": past})


@back_room
def person_add(request: HttpRequest, agency: Agency) -> HttpResponse:
    form = PersonForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        file = data.pop("proof")
        attempt(form, _register, agency=agency, file=file, actor=request.user, **data)
        if form.is_valid():
            messages.success(request, _("已登记%(name)s。") % {"name": data["name"]})
            if agency.status in (Agency.Status.DRAFT, Agency.Status.RETURNED):
                return redirect("agencies:application", step="people")
            return redirect("agencies:people")
    return render(request, "agencies/person_add.html", {"agency": agency, "form": form})


@back_room
def person_end(request: HttpRequest, agency: Agency, pk: int) -> HttpResponse:
    person = people.practitioner_of(agency, pk)
    if request.method == "POST":
        papers.practitioner_end(practitioner=person, actor=request.user)
        messages.success(request, _("已注销%(name)s的登记。") % {"name": person.name})
        return redirect("agencies:people")
    return render(request, "agencies/person_end.html", {"agency": agency, "person": person})


def _certificate(request: HttpRequest, agency: Agency, renews: Qualification | None) -> HttpResponse:
    initial = (
        {"number": renews.number, "level": renews.level, "scope": renews.scope, "issuer": renews.issuer}
        if renews
        else {}
    )
    form = CertificateForm(request.POST or None, request.FILES or None, renews=renews, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        data["type"] = renews.type if renews else data["type"]
        file = data.pop("scan")
        attempt(form, _add, agency=agency, file=file, renews=renews, actor=request.user, **data)
        if form.is_valid():
            messages.success(request, _("证书已登记，核验后生效。"))
            if agency.status in (Agency.Status.DRAFT, Agency.Status.RETURNED):
                return redirect("agencies:application", step="papers")
            return redirect("agencies:certificates")
    return render(request, "agencies/certificate_form.html", {"agency": agency, "form": form, "renews": renews})


def _add(*, agency: Agency, file: Any, actor: Any, **fields: Any) -> Qualification:
    """The scan and the certificate together, or neither."""
    with _taken(file) as kept:
        scan = _paper(agency, "certificate", kept, actor)
        return papers.qualification_add(agency=agency, scan=scan, actor=actor, **fields)


def _register(*, agency: Agency, file: Any, actor: Any, **fields: Any) -> Practitioner:
    with _taken(file) as kept:
        proof = _paper(agency, "social_insurance", kept, actor)
        return papers.practitioner_register(agency=agency, proof=proof, actor=actor, **fields)


def _taken(file: Any) -> AbstractContextManager[Kept | None]:
    """A transaction with the file in it, if there is one."""
    return attachment_taken(file=file, name=file.name) if file else transaction.atomic()


def _paper(agency: Agency, purpose: str, kept: Kept | None, actor: Any) -> Attachment | None:
    return papers.paper_register(agency=agency, purpose=purpose, kept=kept, actor=actor) if kept else None


def _urgent(row: Qualification, lamp: Lamp) -> dict[str, Any]:
    """A certificate to renew now, as ``ui.checklist`` takes it."""
    over = lamp.colour == "red"
    return {
        "text": f"{row.type} {row.number}",
        "state": "bad" if over else "warn",
        "note": _("已过期，需要它的服务已隐藏。")
        if over
        else _("%(word)s；有效期至当日仍有效，次日起需要它的服务自动隐藏。") % {"word": lamp.word},
        "href": reverse("agencies:certificate_renew", args=[row.pk]),
        "act": _("换证"),
    }
