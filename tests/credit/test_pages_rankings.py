"""Rankings, guidance, scores and rules through HTTP: a whole month by two officers, comments, who may see what."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from credit.models import CreditEvent, GuidanceEntry, RankingPublication
from credit.selectors import explanation, publication_by_number
from kernel import clock
from kernel.models import Notification
from tests import factories as make
from tests.credit import made
from tests.query_budget import BUDGET, assert_flat, copies, queries

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def at(name, *args):
    return reverse(f"credit:{name}", args=args)


def text(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def owner(agency):
    return make.owner_of(agency.organisation)


def well_known(agency, orders=6, **kw):
    for n in range(orders):
        made.order_done(agency, client=f"org:{agency.pk}:{n}", **kw)
    return agency


def move(client, act, data=None):
    answer = client.post(at("month_act", "2026-10", act), data or {})
    assert answer.status_code == 302
    return text(client.get(answer.url))


@pytest.fixture
def desk(officer):
    return signed_in(officer)


def test_a_month_from_the_draft_to_publication(desk, second, agency, still):
    well_known(agency)
    page = text(desk.get(at("desk_rankings")))
    assert 'value="2026-10"' in page
    assert desk.post(at("month_act", "month", "draft"), {"period": "2026-10"}).status_code == 302
    numbers = {"PH-202610-all", "PH-202610-eia"}
    assert set(RankingPublication.objects.values_list("number", flat=True)) == numbers
    member, anybody, objector = signed_in(owner(agency)), Client(), signed_in(make.make_person())
    page = at("ranking", "PH-202610-all")
    assert member.get(page).status_code == anybody.get(page).status_code == 404
    assert "已办理 2 份" in move(desk, "preview")
    assert "征求意见稿" in text(member.get(page)) and agency.organisation.name in text(member.get(page))
    assert anybody.get(page).status_code == objector.get(page).status_code == 404
    assert objector.post(at("ranking_comment", "PH-202610-all"), {"text": "五个字以上"}).status_code == 404
    assert "征求意见期未满" in move(desk, "publicise")
    later = made.after_workdays(still, 5)
    with clock.at(later):
        assert "期满，可办理下一步" in text(desk.get(at("desk_rankings")))
        assert "已办理 2 份" in move(desk, "publicise")
        assert "公示稿，尚未生效" in text(anybody.get(page)) and "登录后提出异议" in text(anybody.get(page))
        assert "正在公示" in text(anybody.get(at("rankings")))
        back = text(objector.post(at("ranking_comment", "PH-202610-all"), {"text": "这家逾期三十天", "contact": ""}))
        assert "这家逾期三十天" in back
        said = {"text": "这家逾期三十天，分数不对", "contact": "13900001111"}
        assert objector.post(at("ranking_comment", "PH-202610-all"), said).url == page
        shown = text(desk.get(page))
        assert "分数不对" in shown and "13900001111" in shown
        assert "分数不对" not in text(anybody.get(page)) and "13900001111" not in text(member.get(page))
    with clock.at(made.after_workdays(later, 7)):
        shown = text(desk.get(at("desk_rankings")))
        assert f"须由另一位信用管理员发布：{second}" in shown and "发布（" not in shown
        assert "起草人不能发布" in move(desk, "publish")
        other = signed_in(second)
        assert "发布（2 份）" in text(other.get(at("desk_rankings")))
        shown = move(other, "publish")
        assert "已办理 1 份" in shown and "还有意见没有答复" in shown
        seq = re.search(r'name="seq" value="(\d+)"', text(other.get(page))).group(1)
        assert other.post(at("ranking_comment", "PH-202610-all"), {"seq": seq, "answer": ""}).status_code == 200
        answered = other.post(at("ranking_comment", "PH-202610-all"), {"seq": seq, "answer": "经核实，该单未逾期。"})
        assert answered.status_code == 302
        assert Notification.objects.filter(title__contains="已答复", body="经核实，该单未逾期。").count() == 1
        assert other.post(at("ranking_act", "PH-202610-all", "publish")).url == page
        ranking = publication_by_number("PH-202610-all")
        assert ranking.sha256 in text(anybody.get(page))
        assert "2026-10" in text(anybody.get(at("rankings")))
        public = text(anybody.get(at("score", agency.pk)))
        line = ranking.content["rows"][0]
        assert f"{line['score_milli'] // 1000}.{line['score_milli'] % 1000:03}" in public


def test_withdrawing_needs_a_reason_and_frees_the_month(desk, agency, still):
    desk.post(at("month_act", "month", "draft"), {"period": "2026-10"})
    assert "field-error" in text(desk.post(at("month_act", "2026-10", "withdraw"), {"reason": ""}))
    assert "field-error" in text(desk.post(at("ranking_act", "PH-202610-eia", "withdraw"), {"reason": ""}))
    assert desk.post(at("ranking_act", "PH-202610-eia", "withdraw"), {"reason": "一条记录有误"}).status_code == 302
    assert "已办理 1 份" in move(desk, "withdraw", {"reason": "全部重做"})
    assert not RankingPublication.objects.exclude(status="withdrawn").exists()
    desk.post(at("month_act", "month", "draft"), {"period": "2026-10"})
    assert RankingPublication.objects.filter(number="PH-202610-all-2").exists()


def test_a_wrong_month_says_what_to_write(desk, agency, still):
    for period, sentence in (("2026-13", "无法识别"), ("2026-11", "尚未结束"), ("", "field-error")):
        page = text(desk.post(at("month_act", "month", "draft"), {"period": period}))
        assert (sentence in page and f'value="{period}"' in page) or not period


def test_only_credit_officers_move_a_list(agency, officer, still):
    signed_in(officer).post(at("month_act", "month", "draft"), {"period": "2026-10"})
    reader = signed_in(make.make_staff("inspector"))
    assert reader.get(at("desk_rankings")).status_code == 200
    assert reader.post(at("month_act", "2026-10", "preview")).status_code == 403
    assert reader.post(at("ranking_act", "PH-202610-all", "preview")).status_code == 403
    assert reader.post(at("month_act", "month", "draft"), {"period": "2026-09"}).status_code == 403
    assert signed_in(owner(agency)).post(at("month_act", "2026-10", "preview")).status_code == 403
    assert RankingPublication.objects.filter(status="draft").count() == 2


# --- scores -----------------------------------------------------------------------------------------------------------
def milli(number):
    sign = -1 if number.startswith("−") else 1
    whole, part = number.lstrip("−+").split(".")
    return sign * (int(whole) * 1000 + int(part))


def shown_rows(page):
    """(the rows' points, the sum) of the table of the explanation."""
    table = page.split("得分明细", 1)[1].split("</table>", 1)[0]
    rows = [milli(n) for n in re.findall(r'<td class="cell-num">([−+]?\d+\.\d{3})</td>', table)]
    return rows, milli(re.search(r"<strong>([−+]?\d+\.\d{3})</strong></td></tr>\s*</tbody>", table).group(1))


def test_the_rows_on_the_page_add_up_to_the_score(agency, officer, still):
    well_known(agency, rating=750)
    ranking = made.published()
    with clock.at(still + timedelta(days=30)):
        made.order_done(agency, rating=0, days_x=0, on=clock.today())
        live = explanation(agency).score.score_milli
        for client, wanted in (
            (Client(), ranking.content["rows"][0]["score_milli"]),
            (signed_in(owner(agency)), live),
            (signed_in(officer), live),
        ):
            rows, total = shown_rows(text(client.get(at("score", agency.pk))))
            assert sum(rows) == total == wanted
        mine = text(signed_in(owner(agency)).get(at("score", agency.pk) + "?view=public"))
        assert shown_rows(mine)[1] == ranking.content["rows"][0]["score_milli"]


def test_the_public_reads_no_single_rating(agency, still):
    well_known(agency, orders=4, rating=0)
    made.published()
    page, mine = text(Client().get(at("score", agency.pk))), text(signed_in(owner(agency)).get(at("score", agency.pk)))
    ref = CreditEvent.objects.filter(code="rating").first().source_ref
    assert ref not in page and ref in mine


def test_an_agency_without_a_grade_is_told_so(agency, still):
    assert "还没有公布过信用等级" in text(Client().get(at("score", agency.pk)))
    made.published()
    page = text(Client().get(at("score", agency.pk)))
    assert "样本不足，暂不评级" in page and "得分明细" not in page


def test_an_agency_that_left_is_not_public(officer, still):
    gone = make.make_agency("exited")
    assert Client().get(at("score", gone.pk)).status_code == 404
    assert Client().get(at("score", 10**9)).status_code == 404
    assert signed_in(officer).get(at("score", gone.pk)).status_code == 200


def test_the_rulebook_is_readable_and_its_file_has_its_id(rules):
    page = text(Client().get(at("rulebook")))
    assert rules.rulebook.sha256 in page
    for entry in rules.content["events"]:
        if entry["kind"] in ("incident", "bonus"):
            assert entry["name"]["zh"] in page
    file = Client().get(at("rulebook_file", rules.rulebook.sha256))
    assert hashlib.sha256(file.content).hexdigest() == rules.rulebook.sha256
    assert Client().get(at("rulebook_file", "0" * 64)).status_code == 404


def test_the_records_page_and_its_file(agency, still):
    well_known(agency, orders=3)
    member = signed_in(owner(agency))
    ref = CreditEvent.objects.filter(agency=agency, code="rating").first().source_ref
    assert ref in text(member.get(at("records"))) and ref not in text(member.get(at("records") + "?kind=incident"))
    assert ref in b"".join(member.get(at("records") + "?export=csv").streaming_content).decode()
    assert ref not in text(signed_in(owner(make.make_agency())).get(at("records")))


# --- guidance ---------------------------------------------------------------------------------------------------------
def test_entering_renewing_and_removing(desk, agency, rules, still):
    well_known(agency, orders=40)
    made.published()
    entry = {"agency": agency.organisation.uscc, "category": agency.categories.first().pk, "reason": ""}
    assert "field-error" in text(desk.post(at("desk_guidance"), entry))
    assert desk.post(at("desk_guidance"), {**entry, "reason": "连续优秀"}).status_code == 302
    assert "已在名录中" in text(desk.post(at("desk_guidance"), {**entry, "reason": "连续优秀"}))
    row = GuidanceEntry.objects.get()
    assert desk.get(at("guidance_act", row.pk, "renew")).status_code == 200
    far = {"reason": "仍然优秀", "expires_on": "2099-01-01"}
    assert "2099-01-01" in text(desk.post(at("guidance_act", row.pk, "renew"), far))
    assert desk.post(at("guidance_act", row.pk, "renew"), {"reason": "仍然优秀"}).status_code == 302
    row = GuidanceEntry.objects.get(removed_on=None)
    reader = signed_in(make.make_staff("inspector"))
    assert reader.post(at("guidance_act", row.pk, "remove"), {"reason": "违规"}).status_code == 403
    assert desk.post(at("guidance_act", row.pk, "remove"), {"reason": "自愿退出"}).status_code == 302
    assert "自愿退出" in text(desk.get(at("desk_guidance") + "?show=removed"))


# --- cost -------------------------------------------------------------------------------------------------------------
def test_the_pages_keep_their_budget(desk, officer, agency, still):
    well_known(agency, orders=4)
    made.published()
    member, anybody = signed_in(owner(agency)), Client()
    event = CreditEvent.objects.filter(agency=agency, code="timeliness").first()

    def grow(count):
        start = CreditEvent.objects.count()
        copies(event, count, source_ref=lambda n: f"copy-{start + n}")

    assert_flat(lambda: member.get(at("records")), grow, many=200)
    for client in (member, anybody, desk):
        for page in (at("score", agency.pk), at("rulebook"), at("rankings"), at("ranking", "PH-202610-all")):
            assert queries(lambda page=page, client=client: client.get(page)) <= BUDGET, page
    for page in (at("desk_rankings"), at("desk_guidance")):
        assert queries(lambda page=page: desk.get(page)) <= BUDGET, page


def test_the_months_page_does_not_grow_with_its_lists(desk, agency, still):
    desk.post(at("month_act", "month", "draft"), {"period": "2026-10"})
    ranking = RankingPublication.objects.get(number="PH-202610-all")

    def grow(count):
        start = RankingPublication.objects.count()
        copies(
            ranking, count, number=lambda n: f"PH-{start + n}", status=lambda n: "withdrawn",
            period=lambda n: f"20{(start + n) % 90 + 10}-01",
        )  # fmt: skip

    assert_flat(lambda: desk.get(at("desk_rankings")), grow, many=200)
