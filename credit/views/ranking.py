"""Lists in publicity and published ones, for everybody; lists in preview for the agencies on them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from agencies.models import Agency
from credit import trail
from credit.forms.ranking import AnswerForm, CommentForm, WithdrawForm
from credit.models import RankingPublication
from credit.selectors.cases import READERS
from credit.selectors.comments import Comment, comments, deadline_of, deadlines_of, listed
from credit.selectors.grades import grade_rows, order_notes
from credit.selectors.ranking import Changes, changes, publication_by_number, publications, scale_from
from credit.selectors.rules import rules_on, words
from credit.selectors.story import period_name
from credit.services.comments import ranking_comment, ranking_comment_answer
from credit.views.door import is_officer
from credit.views.steps import period_lamp, step_of
from kernel import access, clock
from kernel.forms import attempt
from kernel.ui.format import chinese

S = RankingPublication.Status
PUBLIC = (S.PUBLICITY, S.PUBLISHED)


def rankings(request: HttpRequest) -> HttpResponse:
    """What is in publicity now, and what waits to be published after it. Published lists have their own pages."""
    rows = list(publications(published_only=False).filter(status=S.PUBLICITY))
    due = deadlines_of(rows)
    now = clock.now()
    shown = [(row, period_lamp(row, due.get(row.pk)), row.pk in due and now <= due[row.pk].due_at) for row in rows]
    context = {
        "open": [(row, lamp) for row, lamp, open_ in shown if open_],
        "ended": [(row, lamp) for row, lamp, open_ in shown if not open_],
        "period_name": period_name,
        "limits": rules_on().content["publication"],
    }
    return render(request, "credit/rankings.html", context)


def ranking(request: HttpRequest, number: str) -> HttpResponse:
    return ranking_page(request, _found(request, number), {})


@login_required
def comment(request: HttpRequest, number: str) -> HttpResponse:
    """Comment or objection; with ``seq`` an officer's answer to one."""
    row = _found(request, number)
    if request.method != "POST":
        return redirect("credit:ranking", number=number)
    answering = "seq" in request.POST
    form = AnswerForm(request.POST) if answering else CommentForm(request.POST)
    if form.is_valid():
        service = ranking_comment_answer if answering else ranking_comment
        attempt(form, service, ranking=row, **form.cleaned_data, actor=request.user)
    if form.is_valid():
        messages.success(request, _("已答复意见人。") if answering else _("意见已提交，服务中心核实后会答复您。"))
        return redirect("credit:ranking", number=number)
    return ranking_page(request, row, {"answer" if answering else "comment": form})


def _found(request: HttpRequest, number: str) -> RankingPublication:
    """Drafts for the desk, a preview also for the listed agencies, publicity and later for everybody; else 404."""
    try:
        row = publication_by_number(number, published_only=False)
    except RankingPublication.DoesNotExist:
        raise Http404 from None
    if row.status in PUBLIC or access.holds(request.user, *READERS):
        return row
    if row.status == S.PREVIEW and listed(row, request.user):
        return row
    raise Http404


def ranking_page(request: HttpRequest, row: RankingPublication, tried: dict[str, Any]) -> HttpResponse:
    reader = access.holds(request.user, *READERS)
    deadline = deadline_of(row)
    open_ = deadline is not None and clock.now() <= deadline.due_at
    lines = [*row.content["rows"], *row.content["unrated"]]
    labels = [line["agency"] for line in lines]
    ids = dict(Agency.objects.filter(organisation__uscc__in=labels).values_list("organisation__uscc", "pk"))
    mine = {party.uscc for party in access.parties(request.user)}
    officer = is_officer(request)
    said = _said(request, row, tried) if reader else []
    context = {
        "ranking": row,
        "month": period_name(row.period),
        "limits": row.rulebook.content["publication"],
        "grades": grade_rows(row.rulebook.content),
        "order_notes": order_notes(row.rulebook.content),
        "changes": _changes(row) if reader and row.status != S.PUBLISHED else None,
        "stage": {S.DRAFT: 1, S.PREVIEW: 2, S.PUBLICITY: 3}.get(row.status, 5),
        "address": request.build_absolute_uri(request.path),
        "lines": row.content["rows"],
        "unrated": row.content["unrated"],
        "ids": ids,
        "mine": mine,
        "pillars": [(p["code"], words(p["name"])) for p in row.rulebook.content["pillars"]],
        "deadline": deadline,
        "lamp": period_lamp(row, deadline),
        "period_open": open_,
        "may_comment": open_ and not reader,
        "scale_from": scale_from([line["low_milli"] for line in row.content["rows"]]),
        "reader": reader,
        "officer": officer,
        "comment_form": tried.get("comment") or CommentForm(),
        "comments": said,
        "history": _history(row) if reader else [],
        "step": step_of(row, deadline, request.user, unanswered=sum(1 for c, _form in said if not c.answer))
        if officer
        else None,
        "withdraw": tried.get("withdraw") or WithdrawForm(),
    }
    return render(request, "credit/ranking.html", context)


def _said(request: HttpRequest, row: RankingPublication, tried: dict[str, Any]) -> list[tuple[Comment, Any]]:
    form = tried.get("answer")
    shown = []
    for entry in comments(row):
        back = form is not None and form["seq"].value() == str(entry.seq)
        shown.append((entry, form if back else AnswerForm(initial={"seq": entry.seq})))
    return shown


def _changes(row: RankingPublication) -> dict[str, Any] | None:
    """The desk's check before a list goes out: how it differs from the last one published."""
    found: Changes | None = changes(row)
    if found is None:
        return None
    names = {line["agency"]: line["name"] for key in ("rows", "unrated") for line in row.content[key]}
    regraded = [
        (names[label], change.grade_before, change.grade) for label, change in found.lines.items() if change.regraded
    ]
    return {"found": found, "month": period_name(found.period), "regraded": regraded}


def _history(row: RankingPublication) -> list[dict[str, Any]]:
    return [
        {"at": e.at, "by": chinese(e.actor) or _("系统"), "text": trail.word(e), "note": chinese(trail.said(e))}
        for e in reversed(trail.entries(row.stream))
        if e.action not in ("ranking.commented", "ranking.answered")
    ]
