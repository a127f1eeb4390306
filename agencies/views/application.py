"""Entry in steps: profile, commitment, papers, people, submit. Each step is saved when left, so nothing is lost."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.forms.profile import CommitmentForm, PaperForm, ProfileForm
from agencies.models import Agency, Qualification
from agencies.selectors import overview, people, registration
from agencies.selectors.registration import COMMITMENT
from agencies.services import papers as paper_services
from agencies.services import registration as services
from agencies.views.door import back_room, may_own
from kernel.forms import attempt

STEPS = {
    "profile": gettext_lazy("单位与联系"),
    "commitment": gettext_lazy("签署承诺"),
    "papers": gettext_lazy("证照材料"),
    "people": gettext_lazy("从业人员"),
    "submit": gettext_lazy("核对提交"),
}


@back_room
def application(request: HttpRequest, agency: Agency, step: str) -> HttpResponse:
    if step not in STEPS:
        raise Http404
    if agency.status not in services.OPEN_FOR_EDITING:
        return redirect("agencies:home")
    return {
        "profile": _profile, "commitment": _commitment, "papers": _papers, "people": _people, "submit": _submit,
    }[step](request, agency)  # fmt: skip


def _profile(request: HttpRequest, agency: Agency) -> HttpResponse:
    form = ProfileForm(request.POST or None, agency=agency, owner=may_own(request, agency))
    if request.method == "POST" and form.is_valid():
        attempt(form, services.agency_edit, agency=agency, data=form.plain(), actor=request.user)
        if form.is_valid():
            messages.success(request, _("已保存。"))
            return _go("commitment")
    return _show(request, agency, "profile", form=form)


def _commitment(request: HttpRequest, agency: Agency) -> HttpResponse:
    form = CommitmentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["seal"]:
            _upload(form, agency, COMMITMENT, form.cleaned_data["seal"], request)
        if form.is_valid():
            attempt(form, services.agency_commit, agency=agency, actor=request.user)
        if form.is_valid():
            messages.success(request, _("已签署承诺。"))
            return _go("papers")
    return _show(request, agency, "commitment", form=form, owner=may_own(request, agency))


def _papers(request: HttpRequest, agency: Agency) -> HttpResponse:
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        _upload(form, agency, form.cleaned_data["purpose"], form.cleaned_data["file"], request)
        if form.is_valid():
            messages.success(request, _("已上传。"))
            return _go("papers")
    certificates = Qualification.objects.filter(agency=agency).select_related("type")
    return _show(
        request, agency, "papers", form=form, papers=registration.papers(agency), certificates=certificates,
        purposes=registration.PURPOSES,
    )  # fmt: skip


def _people(request: HttpRequest, agency: Agency) -> HttpResponse:
    rows = [(row, people.masked_identity(row)) for row in people.active(agency)]
    return _show(request, agency, "people", people=rows)


def _submit(request: HttpRequest, agency: Agency) -> HttpResponse:
    if request.method == "POST":
        services.agency_submit(agency=agency, actor=request.user)
        messages.success(request, _("入驻申请已提交，服务中心会在 2 个工作日内完成形式审查。"))
        return redirect("agencies:home")
    return _show(
        request, agency, "submit", gaps=registration.gaps(agency), facts=overview.facts(agency),
        papers=registration.papers(agency), purposes=registration.PURPOSES,
    )  # fmt: skip


def _upload(form: Any, agency: Agency, purpose: str, file: Any, request: HttpRequest) -> None:
    attempt(
        form, paper_services.paper_upload, agency=agency, purpose=purpose, file=file, name=file.name, actor=request.user
    )


def _go(step: str) -> HttpResponse:
    return redirect("agencies:application", step=step)


def _show(request: HttpRequest, agency: Agency, step: str, **context: Any) -> HttpResponse:
    names = list(STEPS)
    steps = [{"label": label, "href": reverse("agencies:application", args=[name])} for name, label in STEPS.items()]
    number = names.index(step) + 1
    context |= {"agency": agency, "steps": steps, "number": number, "step": step, "step_label": STEPS[step]}
    context["following"] = names[number] if number < len(names) else None
    return render(request, f"agencies/application_{step}.html", context)
