"""The rankings desk: a month's lists from the draft to publication, one by one or all at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from credit.forms.ranking import MonthForm, WithdrawForm
from credit.models import RankingPublication
from credit.selectors.comments import deadlines_of
from credit.selectors.ranking import publication_by_number, publications
from credit.services.rankings import ranking_draft_month, ranking_withdraw
from credit.views.door import desk, is_officer, other_officers
from credit.views.ranking import ranking_page
from credit.views.steps import ACTS, STEPS, Step, step_of
from kernel import access, clock, lamps
from kernel.errors import DomainError, Forbidden
from kernel.forms import attempt
from kernel.models import Membership

PERIODS = 6
S = RankingPublication.Status
OPEN = (S.DRAFT, S.PREVIEW, S.PUBLICITY)


@dataclass
class Month:
    """A month's lists; ``ready`` counts by act what this officer can move now, ``bars`` says why the rest waits."""

    period: str
    rows: list[tuple[RankingPublication, lamps.Lamp | None, Step | None]] = field(default_factory=list)
    ready: dict[str, int] = field(default_factory=dict)
    bars: list[str] = field(default_factory=list)
    withdraw: WithdrawForm | None = None

    @property
    def open(self) -> bool:
        return any(row.status in OPEN for row, _lamp, _step in self.rows)

    @property
    def buttons(self) -> list[tuple[str, Any, int]]:
        return [(act, label, self.ready[act]) for act, label, _service in STEPS.values() if self.ready.get(act)]


@desk
def months(request: HttpRequest) -> HttpResponse:
    return _months(request)


@desk
def act(request: HttpRequest, period: str, act: str) -> HttpResponse:
    """One act for the whole month: ``draft`` what is missing, move on what is ready, or withdraw what is open."""
    if request.method != "POST":
        return redirect("credit:desk_rankings")
    if act == "draft":
        return _draft(request)
    if act != "withdraw" and act not in ACTS:
        raise Http404
    access.require(is_officer(request), "access.role")
    rows = publications(published_only=False).filter(period=period)
    if act == "withdraw":
        form = WithdrawForm(request.POST, auto_id=f"id_{period}_%s")
        if not form.is_valid():
            return _months(request, withdraw=(period, form))
        found = list(rows.filter(status__in=OPEN))
        done, refused = _each(found, ranking_withdraw, reason=form.cleaned_data["reason"], actor=request.user)
    else:
        status, _label, service = ACTS[act]
        found = list(rows.filter(status=status))
        done, refused = _each(found, service, actor=request.user)
    _tell(request, done, refused)
    return redirect("credit:desk_rankings")


@desk
def act_one(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """One act on one list; a refusal shows the list's page with the sentence."""
    if request.method != "POST":
        return redirect("credit:ranking", number=number)
    try:
        row = publication_by_number(number, published_only=False)
    except RankingPublication.DoesNotExist:
        raise Http404 from None
    if act == "withdraw":
        form = WithdrawForm(request.POST)
        if form.is_valid():
            attempt(form, ranking_withdraw, ranking=row, **form.cleaned_data, actor=request.user)
        if not form.is_valid():
            return ranking_page(request, row, {"withdraw": form})
    elif act in ACTS:
        ACTS[act][2](ranking=row, actor=request.user)
    else:
        raise Http404
    messages.success(request, _("已办理。"))
    return redirect("credit:ranking", number=number)


def _draft(request: HttpRequest) -> HttpResponse:
    form = MonthForm(request.POST)
    made = None
    if form.is_valid():
        made = attempt(form, ranking_draft_month, period=form.cleaned_data["period"].strip(), actor=request.user)
    if not form.is_valid():
        return _months(request, form=form)
    if made:
        said = ngettext("已起草 %(n)s 份排行。", "已起草 %(n)s 份排行。", len(made)) % {"n": len(made)}
        messages.success(request, said)
    else:
        messages.info(request, _("本月的排行都已起草。"))
    return redirect("credit:desk_rankings")


def _each(rows: list[RankingPublication], service: Any, **arguments: Any) -> tuple[int, list[str]]:
    """Each list in its own transaction: one that is refused does not hold up the others."""
    done, refused = 0, []
    for row in rows:
        try:
            service(ranking=row, **arguments)
            done += 1
        except Forbidden:
            raise
        except DomainError as error:
            refused.append(f"{row.number}：{error}")
    return done, refused


def _tell(request: HttpRequest, done: int, refused: list[str]) -> None:
    if done:
        messages.success(request, ngettext("已办理 %(n)s 份。", "已办理 %(n)s 份。", done) % {"n": done})
    for sentence in refused[:5]:
        messages.error(request, sentence)
    if len(refused) > 5:
        messages.error(request, _("另有 %(n)s 份未能办理，原因相同或见各份排行。") % {"n": len(refused) - 5})
    if not done and not refused:
        messages.info(request, _("没有可以办理的排行。"))


def _months(
    request: HttpRequest, form: MonthForm | None = None, withdraw: tuple[str, WithdrawForm] | None = None
) -> HttpResponse:
    every = publications(published_only=False)
    periods = every.order_by("-period").values_list("period", flat=True).distinct()
    page = Paginator(periods, PERIODS).get_page(request.GET.get("page"))
    last = clock.today().replace(day=1) - timedelta(days=1)
    context = {
        "form": form or MonthForm(initial={"period": f"{last:%Y-%m}"}),
        "next": f"{last:%Y-%m}",
        "page": page,
        "months": _filled(request, page, withdraw),
        "officer": is_officer(request),
    }
    return render(request, "credit/months.html", context)


def _filled(request: HttpRequest, page: Page[Any], back: tuple[str, WithdrawForm] | None) -> list[Month]:
    """Three queries for all months of the page."""
    found = {p: Month(p, withdraw=WithdrawForm(auto_id=f"id_{p}_%s")) for p in page.object_list}
    if back and back[0] in found:
        found[back[0]].withdraw = back[1]
    rows = list(publications(published_only=False).filter(period__in=list(found)))
    due = deadlines_of(rows)
    officer = access.holds(request.user, Membership.Role.CREDIT_OFFICER)
    others = list(other_officers(request.user)[:5]) if officer else []
    for row in rows:
        deadline, month = due.get(row.pk), found[row.period]
        step = step_of(row, deadline, request.user, others) if officer else None
        month.rows.append((row, _lamp(deadline), step))
        if step and not step.bar:
            month.ready[step.act] = month.ready.get(step.act, 0) + 1
        elif step and step.bar not in month.bars:
            month.bars.append(step.bar)
    return list(found.values())


def _lamp(deadline: Any) -> lamps.Lamp | None:
    if deadline is None:
        return None
    if clock.now() > deadline.due_at:
        return lamps.Lamp("amber", _("期满，可办理下一步"), 0, deadline.due_at)
    return lamps.lamp(deadline)
