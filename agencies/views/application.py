"""Entry in steps: profile, commitment, papers, people, submit. Each step is saved when left, so nothing is lost."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.forms.profile import CommitmentForm, PapersForm, ProfileForm, photo
from agencies.models import Agency, Qualification
from agencies.selectors import overview, people, registration
from agencies.selectors.registration import COMMITMENT
from agencies.services import papers as paper_services
from agencies.services import registration as services
from agencies.views.door import back_room, may_own
from kernel.errors import DomainError
from kernel.forms import attempt

STEPS = {
    "profile": gettext_lazy("单位与联系"),
    "commitment": gettext_lazy("签署承诺"),
    "papers": gettext_lazy("证照材料"),
    "people": gettext_lazy("从业人员"),
    "submit": gettext_lazy("核对提交"),
}


HINTS = {
    "business_licence": gettext_lazy("或事业单位法人证书、律师事务所执业许可证等登记证书。四角拍全，字迹看得清。"),
    "commitment": gettext_lazy("盖公章；也可以在第二步上传。"),
    "parent_authorisation": gettext_lazy("写明授权本分公司以自己的名义入驻，总公司盖章。"),
    "other": gettext_lazy("有助于说明能力的材料，例如计量认证附表。"),
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
            if request.POST.get("later"):
                messages.success(request, _("已保存，下次从这里接着填。"))
                return redirect("agencies:home")
            messages.success(request, _("已保存。"))
            return _go("commitment")
    return _show(request, agency, "profile", form=form)


def _commitment(request: HttpRequest, agency: Agency) -> HttpResponse:
    form = CommitmentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        if seal := form.cleaned_data["seal"]:
            attempt(
                form, _upload, field="seal", agency=agency, purpose=COMMITMENT, file=seal, name=seal.name,
                actor=request.user,
            )  # fmt: skip
        if form.is_valid():
            attempt(form, services.agency_commit, agency=agency, actor=request.user)
        if form.is_valid():
            messages.success(request, _("已签署承诺。"))
            return _go("papers")
    return _show(request, agency, "commitment", form=form, owner=may_own(request, agency))


def _papers(request: HttpRequest, agency: Agency) -> HttpResponse:
    wanted = registration.wanted_papers(agency)
    form = PapersForm(request.POST or None, request.FILES or None, purposes=[purpose for purpose, _needed in wanted])
    if request.method == "POST" and form.is_valid():
        for purpose, name, file in form.sent():
            attempt(
                form, _upload, field=name, agency=agency, purpose=purpose, file=file, name=file.name, actor=request.user
            )
        if form.is_valid():
            messages.success(request, _("已上传。"))
            return _go("papers")
    kept = registration.papers(agency)
    rows = [
        (form[purpose], form[photo(purpose)], needed, [paper for paper in kept if paper.purpose == purpose])
        for purpose, needed in wanted
    ]
    for place, _camera, needed, stored in rows:
        place.field.needed_later = needed and not stored
    certificates = Qualification.objects.filter(agency=agency).select_related("type")
    return _show(request, agency, "papers", form=form, rows=rows, certificates=certificates, hints=HINTS)


def _people(request: HttpRequest, agency: Agency) -> HttpResponse:
    rows = [(row, people.masked_identity(row)) for row in people.active(agency)]
    return _show(request, agency, "people", people=rows)


def _submit(request: HttpRequest, agency: Agency) -> HttpResponse:
    if request.method == "POST":
        services.agency_submit(agency=agency, actor=request.user)
        messages.success(request, _("入驻申请已提交，服务中心会在 2 个工作日内完成形式审查。"))
        return redirect("agencies:home")
    return _show(
        request, agency, "submit", facts=overview.facts(agency), papers=registration.papers(agency),
        purposes=registration.PURPOSES, earliest=registration.earliest_entry(),
    )  # fmt: skip


def _upload(*, field: str, **arguments: Any) -> Any:
    """Keep a paper; what is wrong with the file is said at the field it came from."""
    try:
        return paper_services.paper_upload(**arguments)
    except DomainError as error:
        error.field = field
        raise


def _go(step: str) -> HttpResponse:
    return redirect("agencies:application", step=step)


def _show(request: HttpRequest, agency: Agency, step: str, **context: Any) -> HttpResponse:
    names, gaps = list(STEPS), registration.gaps(agency)
    lacking = Counter(gap.step for gap in gaps)
    people_known = agency.practitioners.filter(ended_on__isnull=True).exists()
    steps = [
        {"label": label, "href": reverse("agencies:application", args=[name]), **_state(name, lacking, people_known)}
        for name, label in STEPS.items()
    ]
    number = names.index(step) + 1
    context |= {"agency": agency, "steps": steps, "number": number, "step": step, "step_label": STEPS[step]}
    context |= {"gaps": gaps, "here": [gap for gap in gaps if gap.step == step]}
    context["following"] = names[number] if number < len(names) else None
    return render(request, f"agencies/application_{step}.html", context)


def _state(name: str, lacking: Counter[str], people_known: bool) -> dict[str, Any]:
    """How a step stands: done, or what it still lacks. People are asked for, not demanded."""
    if lacking[name]:
        return {"state": "missing", "note": _("还差 %(n)s 项") % {"n": lacking[name]}}
    if name == "people" and not people_known:
        return {"state": "next", "note": _("可以以后补")}
    return {"state": "next" if name == "submit" else "done", "note": ""}
