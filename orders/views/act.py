"""One view for every act on an order: its page shows the form, its post calls the service."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kernel import access
from kernel.forms import attempt
from orders.forms.base import ActForm
from orders.selectors import orders
from orders.views import papers
from orders.views.acts import ACTS, Act, fits
from orders.views.dossier import Dossier


@login_required
def act(request: HttpRequest, number: str, act: str, pk: int | None = None) -> HttpResponse:
    """A foreign order is a 404, an act of the other side a 403, an act that does not fit now a sentence."""
    dossier = Dossier(request, orders.order_for(request.user, number))
    chosen = ACTS.get(act)
    if chosen is None or (chosen.rows is None) != (pk is None):
        raise Http404
    access.require(any(side in chosen.sides for side in dossier.sides), "order.other_side")
    row = get_object_or_404(chosen.rows(dossier), pk=pk) if chosen.rows else None
    if request.method != "POST" and not fits(chosen, dossier, dossier.sides):
        refused = {"d": dossier, "order": dossier.order, "act": chosen, "why": chosen.refusal(dossier)}
        return render(request, "orders/act_refused.html", refused)
    form = bound(request, chosen, dossier, row) if request.method == "POST" else chosen.form(dossier=dossier, row=row)
    if request.method == "POST":
        result = _run_form(request, chosen, dossier, row, form)
        if form.is_valid():
            messages.success(request, chosen.told(result))
            return redirect(chosen.back, number=dossier.order.number)
    context = {
        "d": dossier,
        "order": dossier.order,
        "act": chosen,
        "form": form,
        "row": row,
        "says": chosen.said(dossier),
        "keepsakes": papers.keepsakes(form),
    }
    return render(request, "orders/act.html", context)


def bound(request: HttpRequest, chosen: Act, dossier: Dossier, row: Any) -> ActForm:
    form = chosen.form(request.POST, request.FILES, dossier=dossier, row=row)
    papers.let_kept_count(request, form)
    return form


def _run_form(request: HttpRequest, chosen: Act, dossier: Dossier, row: Any, form: ActForm) -> Any:
    """What the service returned; a refusal stands in the form."""
    valid = form.is_valid()
    stored = papers.store(request, form)
    answer = request.POST.get("answer", "")
    if chosen.answers and answer not in {code for code, _label, _kind in chosen.answers}:
        form.add_error(None, _("请选择一个答复。"))
    if not valid or not form.is_valid():
        return None
    data = {**form.cleaned_data, **stored}
    if chosen.answers:
        data["answer"] = answer
    return attempt(form, _run, chosen=chosen, dossier=dossier, data=data, row=row, stored=stored)


def _run(*, chosen: Act, dossier: Dossier, data: dict[str, Any], row: Any, stored: dict[str, Any]) -> Any:
    if not stored:
        # The service is a transaction of its own, or several where it calls a custodian in between.
        return chosen.run(dossier, data, row)
    with transaction.atomic():
        papers.file_under(stored, dossier.order.stream)
        return chosen.run(dossier, data, row)
