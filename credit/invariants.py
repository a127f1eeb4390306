"""What must always be true of credit's rows (design: reliability, "Credit"). Most are constraints or triggers too."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from django.db.models import F, Max, Q

from agencies.models import Category
from credit.models import Calibration, Case, CreditEvent, GuidanceEntry, RankingPublication, RankingRow, Rulebook, Score
from credit.scoring import Terms, score_agency
from credit.scoring.canonical import digest
from credit.selectors.facts import agency_labels, decisions, facts
from credit.selectors.rules import Rules
from credit.services.rankings import content_rows
from credit.services.scores import record_digest
from kernel import clock
from kernel.registries import invariants


@invariants.register("credit.deductions")
def deductions_are_decided() -> Iterator[str]:
    """Every deduction has a case with evidence, notice before decision, and a decider who is not the proposer."""
    incidents = CreditEvent.objects.filter(kind=CreditEvent.Kind.INCIDENT)
    for ref in incidents.filter(case__isnull=True).values_list("source_ref", flat=True):
        yield f"deduction {ref} has no case"
    wrong = (
        Q(case__noticed_at__isnull=True)
        | Q(case__decided_at__lt=F("case__noticed_at"))
        | Q(case__decided_by__isnull=True)
        | Q(case__decided_by=F("case__proposed_by"))
        | Q(case__decision="")
        | Q(case__facts="", case__evidence={})
    )
    for ref in incidents.filter(wrong, case__isnull=False).values_list("source_ref", flat=True):
        yield f"deduction {ref}: evidence, notice or second person is missing"
    for number in (
        Case.objects.filter(event__isnull=False)
        .exclude(event__agency=F("agency"), event__kind="incident")
        .values_list("number", flat=True)
    ):
        yield f"case {number} points at an event that is not its deduction"


@invariants.register("credit.repairs")
def repairs_have_events() -> Iterator[str]:
    """A case is repaired exactly when its event is."""
    repaired = CreditEvent.objects.filter(kind=CreditEvent.Kind.REPAIR).values("target_id")
    for number in Case.objects.filter(status="repaired").exclude(event__in=repaired).values_list("number", flat=True):
        yield f"case {number} is repaired without a repair of its event"
    for number in Case.objects.filter(event__in=repaired).exclude(status="repaired").values_list("number", flat=True):
        yield f"case {number} has a repaired event and is {Case.Status.IN_EFFECT}"


@invariants.register("credit.acts")
def acts_stay_in_the_agency() -> Iterator[str]:
    """A void or repair answers an event of its own agency, once, and not before it."""
    acts = CreditEvent.objects.filter(target__isnull=False)
    for ref in acts.exclude(agency=F("target__agency")).values_list("source_ref", flat=True):
        yield f"{ref} answers another agency's event"
    for ref in acts.filter(occurred_on__lt=F("target__occurred_on")).values_list("source_ref", flat=True):
        yield f"{ref} is older than what it answers"


@invariants.register("credit.scores")
def scores_are_recomputed() -> Iterator[str]:
    """The latest score of every agency and scope is what its events give."""
    last = Score.objects.order_by().values("agency", "category").annotate(last=Max("id")).values("last")
    rows = Score.objects.filter(pk__in=last).select_related("rulebook", "calibration").order_by("events_through", "id")
    codes = dict(Category.objects.values_list("pk", "code"))
    labels = agency_labels()
    terms: dict[tuple[int, int, int | None], Terms] = {}
    for through, group in groupby(rows, key=lambda row: row.events_through):
        scores = list(group)
        known = facts({s.agency_id: labels[s.agency_id] for s in scores}, through=through)
        for score in scores:
            events = known[score.agency_id]
            if len(events) < score.events_count:
                yield f"score {score.pk}: {score.events_count - len(events)} of its events are gone"
            if len(events) != score.events_count:
                continue  # a transaction that was open then has committed since; the next recompute counts it
            key = score.rulebook_id, score.calibration_id, score.category_id
            if key not in terms:
                terms[key] = Rules(score.rulebook, score.calibration).terms(codes.get(score.category_id))
            computed = score_agency(labels[score.agency_id][0], events, terms[key], None, score.as_of)
            stored = score.score_milli, score.half_width_milli, score.grade
            found = computed.score_milli, computed.half_width_milli, computed.grade
            if record_digest(computed) != score.digest or stored != found:
                yield f"score {score.pk} of agency {score.agency_id} is not what its events give"


@invariants.register("credit.rankings")
def rankings_are_unchanged() -> Iterator[str]:
    """A ranking's content has the digest it was drafted with; a published one was published by a second person, its
    rows say the same, and its events still give it."""
    for ranking in RankingPublication.objects.select_related("rulebook", "calibration", "category").iterator(50):
        if digest(ranking.content) != ranking.sha256:
            yield f"ranking {ranking.number}: content does not match its digest"
            continue
        if ranking.status != RankingPublication.Status.PUBLISHED:
            continue
        if ranking.published_by_id == ranking.drafted_by_id:
            yield f"ranking {ranking.number}: published by its drafter"
        columns = ("agency_id", "position", "grade", "score_milli", "half_width_milli", "best", "worst", "group")
        wanted = {tuple(getattr(row, c) for c in columns) for row in content_rows(ranking)}
        if wanted != set(RankingRow.objects.filter(publication=ranking).values_list(*columns)):
            yield f"ranking {ranking.number}: its rows are not its content"


@invariants.register("credit.guidance")
def guidance_follows_the_rules() -> Iterator[str]:
    """Nobody is in the guidance directory past expiry (a night's sweep aside) or with a serious decision in effect."""
    today = clock.today()
    live = GuidanceEntry.objects.filter(removed_on__isnull=True)
    for pk in live.filter(expires_on__lt=today).values_list("pk", flat=True):
        yield f"guidance entry {pk} has expired"
    if not live.exists():
        return
    for decision in decisions(set(live.values_list("agency_id", flat=True)), today, "serious"):
        if decision.event.occurred_on < today:
            yield f"agency {decision.event.agency_id} is in the guidance directory with a serious decision in effect"


@invariants.register("credit.digests")
def rules_are_what_they_say() -> Iterator[str]:
    """Rulebooks and calibrations have the digest that names them."""
    for model in (Rulebook, Calibration):
        for row in model.objects.all():
            if digest(row.content) != row.sha256:
                yield f"{model.__name__} {row.pk}: content does not match its digest"
