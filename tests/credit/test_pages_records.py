"""The desk's records of an agency through HTTP: honours, voiding, hints and warnings on the pages."""

from datetime import date, datetime, time, timedelta

import pytest
import yaml
from django.test import Client

from credit.models import CreditEvent
from credit.rulebook import RULEBOOK_DEFAULT
from credit.selectors import explanation, standing
from credit.services.events import event_void
from credit.services.guidance import guidance_enter
from credit.services.rules import rulebook_adopt
from kernel import clock
from kernel.errors import DomainError
from kernel.models import Notification
from tests import factories as make
from tests.credit import made
from tests.credit.web import at, signed_in, text
from tests.query_budget import BUDGET, queries

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


HONOUR = {"code": "commendation", "occurred_on": "2026-11-01", "document": "澄政发〔2026〕8号", "reason": "抗洪应急"}


def test_an_honour_counts_from_its_document(agency, officer, still):
    desk, before = signed_in(officer), explanation(agency).score.score_milli
    back = text(desk.post(at("honour", agency.pk), {**HONOUR, "occurred_on": "2026-11-30"}))
    assert "日期不能晚于今天" in back and "澄政发〔2026〕8号" in back
    assert desk.post(at("honour", agency.pk), HONOUR).url == at("desk_records", agency.pk)
    assert explanation(agency).score.score_milli > before
    assert "表彰" in text(desk.get(at("desk_records", agency.pk)))


def test_one_document_gives_points_once(agency, officer, second, still):
    """What the desk says was recorded is recorded: another date or reason under the same number is refused."""
    desk = signed_in(officer)
    assert "加分已登记" in text(desk.post(at("honour", agency.pk), HONOUR, follow=True))
    for other in ({"reason": "慈善捐赠"}, {"occurred_on": "2026-10-01"}):
        page = text(desk.post(at("honour", agency.pk), HONOUR | other))
        assert "已经登记过加分" in page and "加分已登记" not in page
    event = CreditEvent.objects.get(kind="bonus")
    assert desk.post(at("honour", agency.pk), HONOUR).url == at("desk_records", agency.pk)  # the same form twice
    assert CreditEvent.objects.get(kind="bonus") == event
    signed_in(second).post(at("void", event.pk), {"reason": "说明有误"})
    assert desk.post(at("honour", agency.pk), HONOUR | {"reason": "慈善捐赠"}).status_code == 302
    assert CreditEvent.objects.filter(kind="bonus").latest("pk").evidence["reason"] == "慈善捐赠"
    assert "已经登记过加分" in text(desk.post(at("honour", agency.pk), HONOUR))


def rewritten(change, effective_from):
    """The shipped rulebook from a day on, with its list of clauses changed: change(entries) → entries."""
    content = yaml.safe_load(RULEBOOK_DEFAULT.read_text(encoding="utf-8"))
    content |= {"version": "2", "effective_from": effective_from}
    content["events"] = change(content["events"])
    return yaml.safe_dump(content, allow_unicode=True)


def without(code, effective_from):
    return rewritten(lambda entries: [entry for entry in entries if entry["code"] != code], effective_from)


def softened(code, effective_from):
    """A serious clause becomes a minor one."""
    minor = {"class": "minor", "points": 1, "display": {"months": 3, "min": 0, "max": 3}, "cap_grade": None}

    def change(entries):
        for entry in entries:
            entry |= minor if entry["code"] == code else {}
        return [{key: value for key, value in entry.items() if value is not None} for entry in entries]

    return rewritten(change, effective_from)


def test_a_clause_that_a_later_rulebook_dropped_is_still_named(agency, officer, still):
    """The record can be read and voided, its case read, and a case still open read and withdrawn."""
    case, pending = made.decided(agency), made.noticed(agency)
    rulebook_adopt(source=without("raises_fee", "2026-12-20"), actor=None)
    with clock.at(still + timedelta(days=31)):
        desk = signed_in(officer)
        page = text(desk.get(at("void", case.event.pk)))
        assert "撤销这条记录" in page and "抬高收费或要求额外付费" in page
        assert desk.post(at("void", case.event.pk), {"reason": "事实有误"}).status_code == 302
        assert CreditEvent.objects.get(kind="void").target == case.event
        for row in (case, pending):
            assert "抬高收费或要求额外付费" in text(desk.get(at("case", row.number)))
        desk.post(at("case_act", pending.number, "withdraw"), {"reason": "条款已取消"})
        assert made.fresh(pending).status == "withdrawn"


def test_a_case_under_a_clause_dropped_meanwhile_is_taken_to_its_end(agency, officer, second, still):
    """Noticed, decided and shown by the clause of the day it happened."""
    case = made.alleged(agency, officer=officer)
    rulebook_adopt(source=without("raises_fee", "2026-12-20"), actor=None)
    with clock.at(still + timedelta(days=31)):
        before = explanation(agency).score.score_milli
        assert signed_in(officer).post(at("case_act", case.number, "notice")).status_code == 302
        told = Notification.objects.get(user=make.owner_of(agency.organisation), subject=case.stream)
        assert "抬高收费或要求额外付费" in told.body and "扣 5 分" in told.body
    with clock.at(still + timedelta(days=45)):
        desk = signed_in(second)
        done = desk.post(at("case_act", case.number, "decide"), {"uphold": "yes", "decision": "事实清楚。"})
        case = made.fresh(case)
        assert done.status_code == 302 and case.status == "in_effect"
        assert "抬高收费或要求额外付费" in text(desk.get(at("case", case.number)))
        assert "抬高收费或要求额外付费" in text(desk.get(at("void", case.event.pk)))
        assert "抬高收费或要求额外付费" in text(desk.get(at("desk_records", agency.pk)))
        assert explanation(agency).score.score_milli == before - 50_000
        assert "抬高收费或要求额外付费" in text(Client().get(at("score", agency.pk)))


@pytest.mark.parametrize("later", [without, softened])
def test_a_serious_decision_lasts_whatever_later_rulebooks_say(agency, officer, second, still, later):
    """Blocked, capped and shown by the clause it was decided under, until it expires."""
    case = made.decided(agency, code="collusion")
    ends = case.event.expires_on
    cost = explanation(agency).score.score_milli
    rulebook_adopt(source=later("collusion", "2026-12-20"), actor=None)
    for day in (date(2026, 12, 19), date(2026, 12, 20), ends - timedelta(days=1), ends):
        with clock.at(datetime.combine(day, time(10), tzinfo=clock.CHINA)):
            score, page = explanation(agency).score, text(Client().get(at("score", agency.pk)))
            assert (not standing(agency).allowed) is (day < ends)
            assert (score.grade == "D") is (day < ends)
            assert ("有生效中的严重失信决定" in page and "围标串标" in page) is (day < ends)
            if day < ends:
                assert cost <= score.score_milli  # what it costs melts as the decision said
                with pytest.raises(DomainError) as error:
                    guidance_enter(agency=agency, category=agency.categories.first(), reason="等级", actor=officer)
                assert error.value.code in ("guidance.serious", "guidance.grade")


def test_a_decision_under_a_clause_newer_than_the_last_ranking_is_shown(agency, still):
    for n in range(8):
        made.order_done(agency, client=f"org:{n}")
    made.published()
    new = {"code": "new_clause", "kind": "incident", "class": "general", "points": 3, "repairable": True}
    new |= {"display": {"months": 6, "min": 3, "max": 12}, "name": {"zh": "新增条款", "en": "New clause"}}
    rulebook_adopt(source=rewritten(lambda entries: [*entries, new], "2026-12-20"), actor=None)
    with clock.at(still + timedelta(days=80)):
        made.decided(agency, code="new_clause")
        page = text(Client().get(at("score", agency.pk)))
    assert "新增条款" in page and "在这一期截止之后决定" in page and "没有展示中的失信决定" not in page


def test_a_voided_decision_is_shown_no_more(agency, second, still):
    case = made.decided(agency)
    assert "抬高收费或要求额外付费" in text(Client().get(at("score", agency.pk)))
    event_void(event=case.event, reason="事实有误", actor=second)
    assert "没有展示中的失信决定" in text(Client().get(at("score", agency.pk)))


def test_a_record_is_voided_by_somebody_else(agency, officer, second, still):
    signed_in(officer).post(at("honour", agency.pk), HONOUR)
    event = CreditEvent.objects.get(kind="bonus")
    assert "撤销须由" in text(signed_in(officer).post(at("void", event.pk), {"reason": "文号有误"}))
    other = signed_in(second)
    assert "不能收回" in text(other.get(at("void", event.pk)))
    assert other.post(at("void", event.pk), {"reason": "文号有误"}).status_code == 302
    assert CreditEvent.objects.get(kind="void").target == event
    assert at("void", event.pk) not in text(other.get(at("desk_records", agency.pk)))
    assert other.get(at("void", 10**9)).status_code == 404


def test_who_may(agency, officer, still):
    event = made.order_done(agency)
    member, reader = signed_in(make.owner_of(agency.organisation)), signed_in(make.make_staff("inspector"))
    for client in (member, reader):
        assert client.post(at("honour", agency.pk), HONOUR).status_code == 403
        assert client.post(at("void", event.pk), {"reason": "…"}).status_code == 403
    assert member.get(at("desk_records", agency.pk)).status_code == 403
    assert "登记加分" not in text(reader.get(at("desk_records", agency.pk)))
    desk = signed_in(officer)
    assert queries(lambda: desk.get(at("desk_records", agency.pk))) <= BUDGET


def test_a_serious_decision_stands_above_the_grade(agency, still):
    made.decided(agency, code="subcontract")
    page = text(Client().get(at("score", agency.pk)))
    assert "有生效中的严重失信决定" in page and "擅自转包分包" in page


def test_minor_and_repaired_matters_are_not_shown(agency, still):
    case = made.decided(agency, code="late_minor")
    page = text(Client().get(at("score", agency.pk)))
    assert "没有展示中的失信决定" in page and case.number not in page


def test_a_repetition_is_pointed_out_to_the_officer(agency, officer, still):
    made.decided(agency, code="gives_up_win")
    made.decided(agency, code="gives_up_win")
    case = made.alleged(agency, code="gives_up_win", officer=officer)
    desk = signed_in(officer)
    assert "第三次放弃中选" in text(desk.get(at("case", case.number)))
    assert queries(lambda: desk.get(at("case", case.number))) <= BUDGET


def test_a_decision_in_effect_keeps_the_pages_in_their_budget(agency, still):
    made.decided(agency, code="collusion")
    made.decided(agency)
    public, member = Client(), signed_in(make.owner_of(agency.organisation))
    for client, page in ((public, at("score", agency.pk)), (member, at("score", agency.pk)), (member, at("home"))):
        client.get(page)
        assert queries(lambda client=client, page=page: client.get(page)) <= BUDGET
