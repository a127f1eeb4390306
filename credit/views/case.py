"""The page of one case, and its acts. Officers and the agency read the same page; each is offered its own acts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from credit.forms.case import AllegeForm, DecideForm, DefenceForm, PaperForm, ReasonForm
from credit.models import Case
from credit.selectors.cases import case_for
from credit.selectors.rules import rules_on
from credit.services import cases
from credit.services.papers import case_paper_add
from credit.views.dossier import Dossier
from kernel.forms import attempt

REASONED = ("withdraw", "repair")
DONE: dict[str, Any] = {
    "allege": gettext_lazy("已提出认定，下一步送达告知。"),
    "notice": gettext_lazy("已告知机构，申辩期开始。"),
    "defend": gettext_lazy("陈述申辩已提交，信用管理员会在决定中回应。"),
    "decide": gettext_lazy("决定已作出并送达机构。"),
    "withdraw": gettext_lazy("案件已撤回。"),
    "repair": gettext_lazy("信用修复已完成，即日起停止扣分；有展示和限制的，同时停止。"),
    "paper": gettext_lazy("材料已上传。"),
}


@login_required
def case(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, _case(request, number), {})


@login_required
def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """A foreign case is a 404, an act of the other side a 403; a refusal brings the page back as it was typed."""
    row = _case(request, number)
    if act not in DONE:
        raise Http404
    if request.method != "POST":
        return redirect("credit:case", number=number)
    form = _form(request, act)
    if form.is_valid():
        _run(form, act, row, request)
    if form.is_valid():
        messages.success(request, DONE[act])
        return redirect("credit:case", number=number)
    return _page(request, _case(request, number), {act: form})


def _case(request: HttpRequest, number: str) -> Case:
    try:
        return case_for(request.user, number)
    except Case.DoesNotExist:
        raise Http404 from None


def _form(request: HttpRequest, act: str) -> forms.Form:
    if act == "allege":
        return AllegeForm(request.POST, rules=rules_on())
    if act == "paper":
        return PaperForm(request.POST, request.FILES)
    kinds: dict[str, type[forms.Form]] = {"defend": DefenceForm, "decide": DecideForm}
    return kinds.get(act, ReasonForm if act in REASONED else forms.Form)(request.POST)


def _run(form: forms.Form, act: str, row: Case, request: HttpRequest) -> None:
    data = dict(form.cleaned_data)
    if act == "paper":
        data = {"file": data["file"], "name": data["file"].name}
    if act == "decide":
        data["uphold"] = data["uphold"] == "yes"
    services = {
        "allege": cases.case_allege,
        "notice": cases.case_notice,
        "defend": cases.case_defend,
        "decide": cases.case_decide,
        "withdraw": cases.case_withdraw,
        "repair": cases.case_repair,
        "paper": case_paper_add,
    }
    attempt(form, services[act], case=row, **data, actor=request.user)


def _page(request: HttpRequest, row: Case, tried: dict[str, forms.Form]) -> HttpResponse:
    dossier = Dossier(request, row)
    context = {
        "case": row,
        "d": dossier,
        "form_of": lambda name: tried.get(name) or dossier.blank(name),
        "tried": tried,
    }
    return render(request, "credit/case.html", context)
