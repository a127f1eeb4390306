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
from credit.selectors.comments import comment_counts, deadlines_of
from credit.selectors.ranking import publication_by_number, publications
from credit.selectors.rules import rules_on
from credit.selectors.story import period_name, ranking_title
from credit.services.rankings import ranking_draft_month, ranking_withdraw
from credit.views.door import desk, is_officer, other_officers
from credit.views.ranking import ranking_page
from credit.views.steps import ACTS, STEPS, step_of
from kernel import access, clock, lamps, workdays
from kernel.errors import DomainError, Forbidden
from kernel.forms import attempt
from kernel.models import Membership
from kernel.ui.format import date_cn

PERIODS = 6
S = RankingPublication.Status
OPEN = (S.DRAFT, S.PREVIEW, S.PUBLICITY)
# A published month has all four steps behind it.
STAGES = {S.DRAFT: 1, S.PREVIEW: 2, S.PUBLICITY: 3, S.PUBLISHED: 5}
# A list, its lamp, the comments it received and how many of them wait for an answer.
Row = tuple[RankingPublication, lamps.Lamp | None, int, int]


@dataclass
class Month:
    """A month's lists; ``ready`` counts by act what this officer can move now, ``bars`` says why the rest waits."""

    period: str
    rows: list[Row] = field(default_factory=list)
    ready: dict[str, int] = field(default_factory=dict)
    bars: list[str] = field(default_factory=list)
    withdraw: WithdrawForm | None = None

    @property
    def name(self) -> str:
        return period_name(self.period)

    @property
    def open(self) -> bool:
        return any(row.status in OPEN for row, _lamp, *_said in self.rows)

    @property
    def stage(self) -> int:
        """The step that the hindmost of its lists has reached; 0 when all were withdrawn."""
        return min((STAGES[row.status] for row, _lamp, *_said in self.rows if row.status in STAGES), default=0)

    @property
    def uniform(self) -> bool:
        """All its lists stand at the same place: what is said of one can be said once for all."""
        return (
            len({(row.status, row.drafted_by_id, lamp and (lamp.word, lamp.due_at)) for row, lamp, *_said in self.rows})
            == 1
        )

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many of its lists stand at each step, in the order of the steps; empty steps left out."""
        at = [row.status for row, _lamp, *_said in self.rows]
        return [(status, at.count(status)) for status in STAGES if status in at]

    @property
    def waiting(self) -> list[Row]:
        """What is not published yet, the hindmost first."""
        return sorted((r for r in self.rows if r[0].status in OPEN), key=lambda r: STAGES[r[0].status])

    @property
    def done(self) -> list[Row]:
        return [r for r in self.rows if r[0].status not in OPEN]

    @property
    def due(self) -> lamps.Lamp | None:
        return next((lamp for _row, lamp, *_said in self.rows if lamp), None)

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
    _tell(request, act, period, done, refused)
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
    messages.success(request, _done(act, row.period, 1))
    return redirect("credit:ranking", number=number)


def _draft(request: HttpRequest) -> HttpResponse:
    form = MonthForm(request.POST)
    made = None
    if form.is_valid():
        made = attempt(form, ranking_draft_month, period=form.cleaned_data["period"], actor=request.user)
    if not form.is_valid():
        return _months(request, form=form)
    if made:
        messages.success(request, _done("draft", form.cleaned_data["period"], len(made)))
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
            refused.append(f"{ranking_title(row)}{_('：')}{error}")
    return done, refused


def _done(act: str, period: str, n: int) -> str:
    """What was done, and what comes next with its day."""
    said = {
        "draft": ngettext(
            "已起草%(month)s的排行 %(n)s 份。下一步：核对与上期的变化，然后开始征求意见。",
            "已起草%(month)s的排行 %(n)s 份。下一步：核对与上期的变化，然后开始征求意见。",
            n,
        ),
        "preview": ngettext(
            "%(month)s的 %(n)s 份排行开始征求意见，上榜机构现在可以提出意见。%(day)s 期满，之后开始公示。",
            "%(month)s的 %(n)s 份排行开始征求意见，上榜机构现在可以提出意见。%(day)s 期满，之后开始公示。",
            n,
        ),
        "publicise": ngettext(
            "%(month)s的 %(n)s 份排行开始公示。%(day)s 期满，之后由起草人以外的信用管理员发布。",
            "%(month)s的 %(n)s 份排行开始公示。%(day)s 期满，之后由起草人以外的信用管理员发布。",
            n,
        ),
        "publish": ngettext(
            "%(month)s的 %(n)s 份排行已发布，等级即时生效。",
            "%(month)s的 %(n)s 份排行已发布，等级即时生效。",
            n,
        ),
        "withdraw": ngettext(
            "%(month)s的 %(n)s 份排行已撤回，可以重新起草。", "%(month)s的 %(n)s 份排行已撤回，可以重新起草。", n
        ),
    }[act]
    limits = rules_on().content["publication"]
    limit = {"preview": limits["preview_wd"], "publicise": limits["publicity_wd"]}.get(act)
    day = date_cn(workdays.due_at(clock.now(), limit), False) if limit else ""
    return said % {"month": period_name(period), "n": n, "day": day}


def _tell(request: HttpRequest, act: str, period: str, done: int, refused: list[str]) -> None:
    if done:
        messages.success(request, _done(act, period, done))
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
    last = f"{clock.today().replace(day=1) - timedelta(days=1):%Y-%m}"
    found = _filled(request, page, withdraw)
    context = {
        "form": form or MonthForm(initial={"period": last}),
        "last": period_name(last),
        # The month that just ended has no list yet: drafting it is what waits.
        "due": not any(month.period == last and month.stage for month in found) and page.number == 1,
        "page": page,
        "months": found,
        "officer": is_officer(request),
    }
    return render(request, "credit/months.html", context)


def _filled(request: HttpRequest, page: Page[Any], back: tuple[str, WithdrawForm] | None) -> list[Month]:
    """Four queries for all months of the page."""
    found = {p: Month(p, withdraw=WithdrawForm(auto_id=f"id_{p}_%s")) for p in page.object_list}
    if back and back[0] in found:
        found[back[0]].withdraw = back[1]
    rows = list(publications(published_only=False).filter(period__in=list(found)))
    due, said = deadlines_of(rows), comment_counts(rows)
    officer = access.holds(request.user, Membership.Role.CREDIT_OFFICER)
    others = list(other_officers(request.user)[:5]) if officer else []
    for row in rows:
        deadline, month = due.get(row.pk), found[row.period]
        received, unanswered = said.get(row.pk, (0, 0))
        step = step_of(row, deadline, request.user, unanswered=unanswered, others=others) if officer else None
        month.rows.append((row, _lamp(deadline, unanswered if row.status == S.PUBLICITY else 0), received, unanswered))
        if step and not step.bar:
            month.ready[step.act] = month.ready.get(step.act, 0) + 1
        elif step and step.bar not in month.bars:
            month.bars.append(step.bar)
    return list(found.values())


def _lamp(deadline: Any, unanswered: int) -> lamps.Lamp | None:
    if deadline is None:
        return None
    if clock.now() > deadline.due_at and unanswered:
        said = ngettext("期满，待答复 %(n)s 条意见", "期满，待答复 %(n)s 条意见", unanswered) % {"n": unanswered}
        return lamps.Lamp("amber", said, 0, deadline.due_at)
    if clock.now() > deadline.due_at:
        return lamps.Lamp("amber", _("期满，可办理下一步"), 0, deadline.due_at)
    return lamps.lamp(deadline)
