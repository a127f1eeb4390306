"""For each invariant: clean after real work, and a planted violation is refused by the database or found."""

import pytest
from django.db import IntegrityError, connection, transaction

from credit.services.cases import case_repair
from credit.services.events import event_void
from credit.services.guidance import guidance_enter
from credit.services.scores import scores_recompute
from kernel import append_only, clock
from kernel.registries import invariants
from tests.credit import made
from tests.credit.test_rankings import well_known
from tests.factories import make_agency, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
OURS = sorted(name for name in invariants if name.startswith("credit."))


def found(name):
    return list(invariants[name]())


@pytest.fixture
def work(rules):
    """A good agency in the directory, a breach decided, one repaired, one rating voided, a ranking published."""
    good, bad = well_known(make_agency()), well_known(make_agency(), rating=100)
    case = made.decided(bad)
    old = clock.now().replace(month=7)
    with clock.at(old):
        repaired = made.decided(bad, code="late_minor")
    case_repair(case=repaired, reason="已整改", actor=make_staff("credit_officer"))
    event_void(event=made.order_done(bad), reason="误报", actor=make_staff("credit_officer"))
    made.published()
    made.published(category=good.categories.first())
    guidance_enter(agency=good, category=good.categories.first(), reason="等级符合", actor=None)
    scores_recompute(actor=None)
    return {"good": good, "bad": bad, "case": case, "repaired": repaired}


@pytest.fixture
def unguarded():
    """The append-only triggers away, as after tampering with the database itself."""
    append_only.remove()
    yield
    append_only.install()


def execute(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount != 0, "the violation was not planted"


def test_clean_after_real_work(work, django_assert_max_num_queries):
    for name in OURS:
        with django_assert_max_num_queries(12):
            assert found(name) == []


def test_there_is_a_planted_violation_for_each():
    assert set(OURS) == {name for name, _ in PLANTED}


# name of the invariant, SQL that breaks it ({good}, {bad}: agencies; {case}: a decided case)
PLANTED = [
    (
        "credit.deductions",
        "UPDATE credit_creditevent SET kind = 'incident' WHERE code = 'rating' AND agency_id = {bad}",
    ),
    ("credit.deductions", "UPDATE credit_case SET decision = '' WHERE id = {case}"),
    ("credit.deductions", "UPDATE credit_case SET agency_id = {good} WHERE id = {case}"),
    ("credit.repairs", "UPDATE credit_case SET status = 'in_effect' WHERE status = 'repaired'"),
    ("credit.repairs", "UPDATE credit_case SET status = 'repaired' WHERE id = {case}"),
    ("credit.acts", "UPDATE credit_creditevent SET agency_id = {good} WHERE kind = 'void'"),
    ("credit.acts", "UPDATE credit_creditevent SET occurred_on = '2020-01-01' WHERE kind = 'void'"),
    ("credit.scores", "UPDATE credit_creditevent SET x = 1 WHERE code = 'rating' AND agency_id = {good}"),
    ("credit.scores", "UPDATE credit_score SET score_milli = score_milli + 1 WHERE agency_id = {good}"),
    ("credit.scores", "UPDATE credit_score SET digest = 'x' WHERE agency_id = {good}"),
    ("credit.scores", "UPDATE credit_creditevent SET agency_id = {good} WHERE code = 'rating' AND agency_id = {bad}"),
    ("credit.rankings", "UPDATE credit_rankingpublication SET sha256 = 'x'"),
    ("credit.rankings", 'UPDATE credit_rankingpublication SET content = \'{{"rows": [], "unrated": []}}\''),
    ("credit.rankings", "UPDATE credit_rankingrow SET grade = 'AAA', score_milli = 999999 WHERE agency_id = {bad}"),
    ("credit.rankings", "DELETE FROM credit_rankingrow WHERE agency_id = {bad}"),
    (
        "credit.guidance",
        "UPDATE credit_guidanceentry SET entered_on = '2025-01-01', expires_on = '2026-01-01' WHERE agency_id = {good}",
    ),
    (
        "credit.guidance",
        "UPDATE credit_creditevent SET agency_id = {good}, code = 'bribery', occurred_on = '2026-11-02',"
        " expires_on = '2029-11-02' WHERE kind = 'incident' AND code = 'raises_fee'",
    ),
    ("credit.digests", "UPDATE credit_calibration SET content = '{{}}'"),
    ("credit.digests", "UPDATE credit_rulebook SET sha256 = 'x'"),
]


def test_every_planted_violation_is_found(work, unguarded):
    ids = {"good": work["good"].pk, "bad": work["bad"].pk, "case": work["case"].pk}
    unseen = []
    for name, statement in PLANTED:
        with transaction.atomic():
            execute(statement.format(**ids))
            unseen += [] if found(name) else [statement]
            transaction.set_rollback(True)
    assert unseen == []
    assert [sentence for name in OURS for sentence in found(name)] == []


def test_a_deduction_without_a_case_is_found(work, unguarded):
    columns = "agency_id, kind, code, occurred_on, party, client_key, evidence, digest, recorded_at"
    execute(
        f"INSERT INTO credit_creditevent (source_ref, {columns}) "
        "SELECT 'smuggled', agency_id, kind, code, occurred_on, party, client_key, evidence, digest, recorded_at "
        "FROM credit_creditevent WHERE kind = 'incident' AND code = 'raises_fee'"
    )
    assert found("credit.deductions") == ["deduction smuggled has no case"]


def test_a_vanished_event_is_found(work, unguarded):
    execute(
        "DELETE FROM credit_creditevent WHERE code = 'rating' AND agency_id = %s AND id NOT IN "
        "(SELECT target_id FROM credit_creditevent WHERE target_id IS NOT NULL)",
        work["good"].pk,
    )
    assert any("are gone" in sentence for sentence in found("credit.scores"))


def test_later_events_do_not_make_an_old_score_wrong(work):
    made.order_done(work["good"], rating=0)
    assert found("credit.scores") == []


REFUSED = [
    "INSERT INTO credit_creditevent (source_ref, agency_id, kind, code, occurred_on, party, client_key, evidence,"
    " digest, recorded_at, target_id) SELECT 'again', agency_id, kind, code, occurred_on, party, client_key,"
    " evidence, digest, recorded_at, target_id FROM credit_creditevent WHERE kind = 'void'",
    "UPDATE credit_guidanceentry SET expires_on = entered_on",
    "UPDATE credit_guidanceentry SET removed_on = '2026-11-20'",
    "UPDATE credit_case SET source_ref = 'same'",
]


def test_the_database_refuses(work):
    made.alleged(work["bad"])
    for statement in REFUSED:
        with pytest.raises(IntegrityError), transaction.atomic():
            execute(statement)


def test_clean_on_an_empty_installation(db):
    assert [sentence for name in OURS for sentence in found(name)] == []
