"""Ranking publication: draft → private preview → publicity → published by a second person. The list is frozen and
hashed at the draft; a mistake withdraws it and makes a new one."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Category
from credit.machines import RANKING
from credit.models import RankingPublication, RankingRow
from credit.scoring.canonical import digest
from credit.selectors.comments import open_comments
from credit.selectors.facts import last_event_id
from credit.selectors.ranking import listed_agencies, period_end, ranking_content
from credit.selectors.rules import rules_on
from credit.services.wording import lazy_period
from kernel import access, clock
from kernel.errors import DomainError
from kernel.models import Deadline, Membership, User
from kernel.services import audit, deadlines, notify, outbox
from kernel.services.counters import next_number
from kernel.ui.format import date_cn
from kernel.wording import filled

OFFICER = Membership.Role.CREDIT_OFFICER
PREVIEW, PUBLICITY = "ranking.preview", "ranking.publicity"


@transaction.atomic
def ranking_draft(*, period: str, category: Category | None = None, actor: User) -> RankingPublication:
    """Compute and freeze the list of a closed month ("2026-10") for one category, or the overview (None)."""
    _officer(actor)
    as_of = period_end(period)
    if clock.today() <= as_of:
        raise DomainError("ranking.period_open", _("该期间尚未结束。"), _("请在期间结束后起草。"), field="period")
    rules, through = rules_on(as_of), last_event_id()
    content, _ids = ranking_content(period=period, category=category, rules=rules, through=through)
    scope = category.code if category else "all"
    issue = next_number(name=f"ranking:{period}:{scope}"[:40])
    try:
        with transaction.atomic():
            ranking = RankingPublication.objects.create(
                number=f"PH-{period.replace('-', '')}-{scope}" + (f"-{issue}" if issue > 1 else ""),
                period=period,
                category=category,
                as_of=as_of,
                rulebook=rules.rulebook,
                calibration=rules.calibration,
                content=content,
                sha256=digest(content),
                events_sha256=content["events"],
                events_through=through,
                drafted_by=actor,
                drafted_at=clock.now(),
            )
    except IntegrityError as error:
        raise DomainError("ranking.exists", _("该期间的排行已经起草。"), _("如需重做，请先撤回现有的排行。")) from error
    audit.record(
        stream=ranking.stream,
        action="ranking.drafted",
        actor=actor,
        to_state=ranking.status,
        data={"sha256": ranking.sha256},
    )
    return ranking


@transaction.atomic
def ranking_draft_month(*, period: str, actor: User) -> list[RankingPublication]:
    """Draft what is still missing of a month: the overview and every active category with an agency in it."""
    done = set(
        RankingPublication.objects.filter(period=period)
        .exclude(status=RankingPublication.Status.WITHDRAWN)
        .values_list("category_id", flat=True)
    )
    used = set(listed_agencies(None).values_list("categories", flat=True))
    scopes: list[Category | None] = [None, *Category.objects.filter(active=True, pk__in=used - {None})]
    return [
        ranking_draft(period=period, category=scope, actor=actor)
        for scope in scopes
        if (scope.pk if scope else None) not in done
    ]


@transaction.atomic
def ranking_preview_open(*, ranking: RankingPublication, actor: User) -> RankingPublication:
    """Show the draft to the listed agencies for comment."""
    ranking = _locked(ranking)
    _officer(actor)
    target = RANKING.check("preview", ranking.status)
    ranking.preview_at = clock.now()
    deadlines.start(
        subject=ranking.stream, code=PREVIEW, limit_days=ranking.rulebook.content["publication"]["preview_wd"]
    )
    if ranking.category_id is None:
        _tell_agencies(ranking, filled(_("%(period)s信用排行征求意见"), period=lazy_period(ranking.period)))
    return _moved(ranking, target, "ranking.preview", actor)


@transaction.atomic
def ranking_publicity_open(*, ranking: RankingPublication, actor: User) -> RankingPublication:
    """After the preview: make it public for objections."""
    ranking = _locked(ranking)
    _officer(actor)
    target = RANKING.check("publicise", ranking.status)
    _require_over(ranking, PREVIEW, _("征求意见期未满。"))
    ranking.publicity_at = clock.now()
    deadlines.start(
        subject=ranking.stream, code=PUBLICITY, limit_days=ranking.rulebook.content["publication"]["publicity_wd"]
    )
    return _moved(ranking, target, "ranking.publicity", actor)


@transaction.atomic
def ranking_publish(*, ranking: RankingPublication, actor: User) -> RankingPublication:
    """Publish by somebody else than the drafter, after publicity. Grades take effect with this."""
    ranking = _locked(ranking)
    _officer(actor)
    target = RANKING.check("publish", ranking.status)
    if actor.pk == ranking.drafted_by_id:
        raise DomainError("ranking.same_person", _("起草人不能发布。"), _("请转交另一位信用管理员。"))
    _require_over(ranking, PUBLICITY, _("公示期未满。"))
    if open_comments(ranking):
        raise DomainError("ranking.comments_open", _("还有意见没有答复。"), _("请先在排行页逐条答复。"))
    if digest(ranking.content) != ranking.sha256:
        raise DomainError("ranking.changed", _("排行内容与起草时不符。"), _("请撤回后重新起草。"))
    ranking.published_by, ranking.published_at = actor, clock.now()
    ranking = _moved(ranking, target, "ranking.published", actor, {"sha256": ranking.sha256})
    RankingRow.objects.bulk_create(content_rows(ranking), batch_size=500)
    if ranking.category_id is None:
        _tell_agencies(ranking, filled(_("%(period)s信用排行已发布"), period=lazy_period(ranking.period)))
    outbox.announce(topic="ranking_published", payload={"ranking": ranking.pk})
    return ranking


@transaction.atomic
def ranking_withdraw(*, ranking: RankingPublication, reason: str, actor: User) -> RankingPublication:
    """Take an unpublished ranking back, so that a corrected one can be drafted."""
    ranking = _locked(ranking)
    _officer(actor)
    target = RANKING.check("withdraw", ranking.status)
    if not reason.strip():
        raise DomainError("ranking.no_reason", _("请写明撤回理由。"), field="reason")
    deadlines.cancel(subject=ranking.stream)
    return _moved(ranking, target, "ranking.withdrawn", actor, {"reason": reason.strip()})


def content_rows(ranking: RankingPublication) -> list[RankingRow]:
    """The list's lines as rows (unsaved). Agencies are found by USCC, which never changes hands."""
    lines = [*ranking.content["rows"], *ranking.content["unrated"]]
    labels = [line["agency"] for line in lines]
    ids = dict(Agency.objects.filter(organisation__uscc__in=labels).values_list("organisation__uscc", "pk"))
    return [
        RankingRow(
            publication=ranking,
            agency_id=ids[line["agency"]],
            position=position,
            **{key: line.get(key) for key in ("grade", "score_milli", "half_width_milli", "best", "worst", "group")},
        )
        for position, line in enumerate(lines, start=1)
        if line["agency"] in ids
    ]


def _officer(actor: User) -> None:
    access.require(actor is not None, "access.person")
    access.require_role(actor, OFFICER)


def _locked(ranking: RankingPublication) -> RankingPublication:
    return (
        RankingPublication.objects.select_for_update(of=("self",))
        .select_related("rulebook", "category")
        .get(pk=ranking.pk)
    )


def _moved(
    ranking: RankingPublication, target: str, action: str, actor: User, data: dict[str, str] | None = None
) -> RankingPublication:
    before, ranking.status = ranking.status, target
    ranking.save(update_fields=["status", "preview_at", "publicity_at", "published_by", "published_at"])
    audit.record(stream=ranking.stream, action=action, actor=actor, from_state=before, to_state=target, data=data)
    return ranking


def _require_over(ranking: RankingPublication, code: str, sentence: object) -> None:
    due = Deadline.objects.filter(subject=ranking.stream, code=code).order_by("-id").values_list("due_at", flat=True)
    if not due or clock.now() <= due[0]:
        until = date_cn(due[0], False) if due else ""
        raise DomainError("ranking.too_early", sentence, _("请在 %(day)s 之后办理。") % {"day": until})
    deadlines.meet(subject=ranking.stream, code=code)


def _tell_agencies(ranking: RankingPublication, title: object) -> None:
    labels = [line["agency"] for key in ("rows", "unrated") for line in ranking.content[key]]
    members = User.objects.filter(
        memberships__organisation__uscc__in=labels, memberships__ended_at__isnull=True
    ).distinct()
    notify.users(
        to=members, kind="credit", subject=ranking.stream, title=title, url=f"/credit/rankings/{ranking.number}/"
    )
