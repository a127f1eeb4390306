"""Cases through HTTP: the whole walk by two officers, who may see and do what, and what the pages cost."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from credit.models import Case
from credit.services.events import event_record
from kernel import clock
from kernel.models import Attachment, Deadline, Notification
from kernel.ui.format import date_cn
from tests import factories as make
from tests.credit import made
from tests.credit.web import at, owner, signed_in, text
from tests.query_budget import BUDGET, assert_flat, copies, queries

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def lead(agency):
    return {
        "agency": agency.organisation.name,
        "source": "hotline",
        "source_ref": "12345-7",
        "facts": "要求另付三千元。",
    }


def test_a_case_from_the_lead_to_the_repair(desk, second, agency, still):
    case_url = desk.post(at("intake"), lead(agency)).url
    case = Case.objects.get()
    assert case_url == at("case", case.number)
    paper = SimpleUploadedFile("投诉信.pdf", make.PDF, "application/pdf")
    desk.post(at("case_act", case.number, "paper"), {"file": paper})
    assert "投诉信.pdf" in text(desk.get(case_url))
    allegation = {
        "event_code": "raises_fee",
        "occurred_on": "2026-11-02",
        "display_months": "6",
        "facts": "另付三千元。",
    }
    assert desk.post(at("case_act", case.number, "allege"), allegation).url == case_url
    assert "抬高收费" in text(desk.get(case_url))
    agency_side = signed_in(owner(agency))
    assert agency_side.get(case_url).status_code == 404  # not told yet
    desk.post(at("case_act", case.number, "notice"))
    told = Notification.objects.get(user=owner(agency), subject=case.stream)
    page = text(agency_side.get(told.url))
    assert "提交陈述申辩" in page and "另付三千元" in page and "减少 50.0" in page
    assert case.number in text(agency_side.get(at("home")))
    answer = agency_side.get(reverse("file", args=[Attachment.objects.get(subject=case.stream).pk]))
    assert answer.status_code == 200
    assert agency_side.post(at("case_act", case.number, "defend"), {"text": "已事先书面告知。"}).url == case_url
    assert "须由另一位信用管理员决定" in text(desk.get(case_url))
    decision = {"uphold": "yes", "decision": "告知在收费之后，不予采纳。"}
    refused = text(desk.post(at("case_act", case.number, "decide"), decision))
    assert "提出认定的人不能作出决定" in refused
    decider = signed_in(second)
    page = text(decider.get(case_url))
    assert "决定立即生效并通知机构" in page and "作出决定并送达" in page
    assert decider.post(at("case_act", case.number, "decide"), decision).url == case_url
    assert made.fresh(case).status == "in_effect"
    public = text(Client().get(at("score", agency.pk)))
    assert "抬高收费" in public and "已事先书面告知" in public and "告知在收费之后" in public
    assert "最短期限未满" in text(desk.get(case_url))
    early = text(desk.post(at("case_act", case.number, "repair"), {"reason": "已退款"}))
    assert "最短期限未满" in early
    with clock.at(still + timedelta(days=100)):
        assert desk.post(at("case_act", case.number, "repair"), {"reason": "已退款"}).status_code == 302
        assert "抬高收费" not in text(Client().get(at("score", agency.pk)))


def test_a_form_comes_back_with_what_was_typed(desk, agency, second, still):
    page = text(desk.post(at("intake"), {**lead(agency), "agency": "没有这家"}))
    assert "没有找到这家机构" in page and "要求另付三千元" in page
    case = made.alleged(agency, officer=second)
    page = text(desk.post(at("case_act", case.number, "withdraw"), {"reason": ""}))
    assert "field-error" in page
    case = made.noticed(agency, officer=second)
    due = Deadline.objects.get(subject=case.stream).due_at
    with clock.at(due + timedelta(minutes=1)):
        page = text(signed_in(owner(agency)).post(at("case_act", case.number, "defend"), {"text": "我们晚了一天"}))
        assert "陈述申辩期已满" in page and "我们晚了一天" in page
    assert made.fresh(case).status == "noticed"


def test_each_side_reads_what_comes_next(desk, agency, officer, second, still):
    case = made.noticed(agency, officer=second)
    case.evidence = {"材料": ["投诉登记表", "合同与交付记录"]}
    case.save(update_fields=["evidence"])
    url, member = at("case", case.number), signed_in(owner(agency))
    page = text(member.get(url))
    assert "请陈述申辩" in page and "2026年11月27日" in page and "投诉登记表、合同与交付记录" in page
    assert "登记时所列材料" in page
    assert "等待机构陈述申辩" in text(desk.get(url))
    member.post(at("case_act", case.number, "defend"), {"text": "不认可。"})
    assert "等待作出决定" in text(member.get(url)) and "等待作出决定" in text(signed_in(second).get(url))
    page = text(desk.get(url))
    assert "机构已经申辩，请逐点回应" in page and 'href="#decide"' in page
    desk.post(at("case_act", case.number, "decide"), {"uphold": "no", "decision": "不成立。"})
    assert "决定不予认定" in text(member.get(url))


SUMMED = "轻微事项不逐项对外展示，只合计计入信用分。"


def test_a_minor_matter_is_never_said_to_be_shown(desk, agency, second, still):
    """Before the notice, in effect and repaired, in the rulebook and on the page of the score: one answer."""
    case, other = made.alleged(agency, code="late_minor", officer=second), made.alleged(agency, officer=second)
    page, graver = (text(desk.get(at("case", row.number))) for row in (case, other))
    assert SUMMED in page and "计分期" in page and "展示期" not in page and "对外展示至" not in page
    assert SUMMED not in graver and "展示期" in graver and "对外展示至" in graver
    case = made.decided(agency, code="late_minor", officer=second)
    url = at("case", case.number)
    page = text(desk.get(url))
    assert (
        SUMMED in page and "计分至" in page and "最短期限未满" in page and "展示至" not in page and "展示期" not in page
    )
    records = text(desk.get(at("desk_records", agency.pk)))
    assert "计分至" in records and "展示至" not in records
    public = text(Client().get(at("score", agency.pk)))
    assert SUMMED in public and "逾期一至十个工作日" not in public
    rulebook = text(Client().get(at("rulebook")))
    assert SUMMED in rulebook and ">计分期</th>" in rulebook and ">展示期</th>" in rulebook
    with clock.at(still + timedelta(days=40)):
        desk.post(at("case_act", case.number, "repair"), {"reason": "已整改"})
        page = text(desk.get(url))
        assert page.count(date_cn(clock.now(), False)) >= 2 and date_cn(case.event.expires_on, False) not in page
        assert "起不再扣分，记录保留" in page and "展示" not in page.split("已修复", 1)[1].split("进展", 1)[0]


def test_whoever_serves_a_notice_without_evidence_is_warned(desk, agency, officer, second, still):
    case = made.alleged(agency, officer=second)
    url, member = at("case", case.number), signed_in(owner(agency))
    page = text(desk.get(url))
    assert "没有证据文件" in page and "机构会立即收到事实、条款和扣分，" in page
    with_paper = made.alleged(agency, officer=second)
    paper = SimpleUploadedFile("投诉信.pdf", make.PDF, "application/pdf")
    desk.post(at("case_act", with_paper.number, "paper"), {"file": paper})
    page = text(desk.get(at("case", with_paper.number)))
    assert "没有证据文件" not in page and "扣分和证据" in page and "没有上传证据文件" not in page
    desk.post(at("case_act", case.number, "notice"))
    assert "信用管理员没有上传证据文件。" in text(member.get(url))
    member.post(at("case_act", case.number, "paper"), {"file": SimpleUploadedFile("说明.pdf", make.PDF)})
    page = text(member.get(url))
    assert "说明.pdf" in page and "信用管理员没有上传证据文件。" in page


def test_a_lead_from_an_order_names_the_order(desk, agency, still):
    facts = {"order": "CX-202610-00042", "item": "eia-report", "fee_fen": 1035000, "late_days": 2, "facts": "超过时限"}
    event_record(
        agency=agency, code="late_minor", occurred_on=clock.today(), source_ref="order:CX-202610-00042:incident:late",
        client_key="org:1", evidence=facts, actor=None,
    )  # fmt: skip
    for page in (at("desk"), at("case", Case.objects.get().number)):
        shown = text(desk.get(page))
        assert "/orders/CX-202610-00042/" in shown and "incident:late" not in shown
    assert "¥10,350.00" in shown and "eia-report" not in shown


def test_two_agencies_of_like_names_are_not_mixed_up(desk, rules):
    make.make_agency(name="澄湖清源环境有限公司")
    other = make.make_agency(name="澄湖清源测绘有限公司")
    form = {"source": "letter", "facts": "来信反映"}
    assert "有多家机构符合" in text(desk.post(at("intake"), {**form, "agency": "清源"}))
    assert desk.post(at("intake"), {**form, "agency": other.organisation.uscc}).status_code == 302
    assert Case.objects.get().agency == other


def test_who_sees_and_who_acts(agency, officer, still):
    case = made.noticed(agency, officer=officer)
    page, stranger = at("case", case.number), signed_in(owner(make.make_agency()))
    assert stranger.get(page).status_code == 404
    assert stranger.post(at("case_act", case.number, "defend"), {"text": "…"}).status_code == 404
    assert Client().get(page).status_code == 302
    member, reader = signed_in(owner(agency)), signed_in(make.make_staff("inspector"))
    assert member.get(page).status_code == reader.get(page).status_code == 200
    assert str(officer) not in text(member.get(page)).split("<main", 1)[1]
    for act, data in (("withdraw", {"reason": "算了"}), ("decide", {"uphold": "no", "decision": "不成立"})):
        assert member.post(at("case_act", case.number, act), data).status_code == 403
        assert reader.post(at("case_act", case.number, act), data).status_code == 403
    assert reader.post(at("case_act", case.number, "defend"), {"text": "…"}).status_code == 403
    for name in ("desk", "intake", "desk_rankings", "desk_guidance"):
        assert member.get(at(name)).status_code == 403
    assert signed_in(make.make_staff("inspector")).get(at("intake")).status_code == 403
    assert signed_in(make.make_staff("inspector")).get(at("home")).status_code == 404
    assert made.fresh(case).status == "noticed"


def test_the_queue_filters_and_exports(desk, agency, second, still):
    case = made.noticed(agency, officer=second)
    other = made.alleged(make.make_agency(name="嘉禾别家测绘有限公司"), officer=second)
    assert {case.number, other.number} <= set(_numbers(text(desk.get(at("desk")))))
    assert _numbers(text(desk.get(at("desk") + "?q=别家"))) == [other.number]
    assert _numbers(text(desk.get(at("desk") + "?status=decide"))) == []
    with clock.at(made.after_workdays(still, 5)):
        assert _numbers(text(desk.get(at("desk") + "?status=decide"))) == [case.number]
        assert "申辩期满，待决定" in text(desk.get(at("desk"))) and "已告知，待申辩</span>" not in text(
            desk.get(at("desk"))
        )
        assert case.number in text(desk.get(at("desk") + "?status=decide"))
        assert case.number not in text(desk.get(at("desk") + "?status=noticed"))
        assert "待决定的案件" in text(desk.get(reverse("kernel:work")))
    sheet = b"".join(desk.get(at("desk") + "?export=csv").streaming_content).decode()
    assert case.number in sheet and agency.organisation.uscc in sheet


def _numbers(page):
    import re

    return list(dict.fromkeys(re.findall(r"/credit/cases/(XA-[\d-]+)/", page)))


def test_the_pages_keep_their_budget(desk, agency, second, still):
    case = made.noticed(agency, officer=second)

    def grow(count):
        start = Case.objects.count()
        copies(case, count, number=lambda n: f"XA-{start + n:08}")

    assert_flat(lambda: desk.get(at("desk") + "?status=all"), grow, many=200)
    member = signed_in(owner(agency))
    assert queries(lambda: member.get(at("home"))) <= BUDGET
    assert queries(lambda: desk.get(at("case", case.number))) <= BUDGET
    assert queries(lambda: member.get(at("case", case.number))) <= BUDGET
    proposer = signed_in(second)
    member.post(at("case_act", case.number, "defend"), {"text": "不认可。"})
    for client in (proposer, desk, member):
        assert queries(lambda client=client: client.get(at("case", case.number))) <= BUDGET


@pytest.mark.parametrize("odd", ["%00", "a%00b", "-1", "99999999999999999999", "%F0%9F%98%80", "'%22<b>"])
def test_odd_input_never_breaks_a_page(desk, agency, odd):
    for page in ("desk", "desk_rankings", "desk_guidance", "rankings", "rulebook"):
        answer = desk.get(f"{at(page)}?q={odd}&status={odd}&source={odd}&sort={odd}&page={odd}&show={odd}")
        assert answer.status_code == 200, page
    member = signed_in(owner(agency))
    for page in (at("home"), at("records"), at("score", agency.pk)):
        assert member.get(f"{page}?page={odd}&kind={odd}&category={odd}&view={odd}").status_code == 200
    assert desk.get(at("desk") + f"?export={odd}").status_code == 404
    for path in ("/credit/cases/{}/", "/credit/rankings/{}/", "/credit/rulebook/{}.json", "/credit/agencies/{}/"):
        assert desk.get(path.format(odd)).status_code == 404
