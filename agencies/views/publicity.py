"""Entries in publicity, for everybody; objections under one's own name."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from agencies.forms.review import ObjectionForm
from agencies.selectors import notice
from agencies.selectors import reviews as rows
from agencies.services import objections
from kernel.forms import attempt
from kernel.ui.format import telephone

PAGE_SIZE = 20


def listing(request: HttpRequest) -> HttpResponse:
    page = Paginator(rows.in_publicity(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": [(row, rows.lamp(row)) for row in page.object_list]}
    return render(request, "agencies/publicity_list.html", context)


def case(request: HttpRequest, pk: int) -> HttpResponse:
    review = rows.public_case(pk)
    context = {"review": review, "agency": review.agency, "lamp": rows.lamp(review), **notice.shown(review)}
    return render(request, "agencies/publicity.html", context)


@login_required
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    review = rows.public_case(pk)
    form = ObjectionForm(request.POST or None, initial={"contact": telephone(request.user.mobile)})
    if request.method == "POST" and form.is_valid():
        attempt(form, objections.objection_raise, review=review, actor=request.user, **form.cleaned_data)
        if form.is_valid():
            messages.success(request, _("异议已提交，服务中心核实后会答复您。"))
            return redirect("agencies:publicity", pk=pk)
    return render(request, "agencies/objection.html", {"review": review, "agency": review.agency, "form": form})
