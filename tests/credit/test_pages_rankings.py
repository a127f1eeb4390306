"""Rankings, guidance, scores and rules through HTTP: a whole month by two officers, comments, who may see what."""

import hashlib
import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from credit.models import CreditEvent, GuidanceEntry, RankingPublication
from credit.selectors import explanation, publication_by_number
from credit.selectors.ranking import changes
from credit.selectors.whatif import one_more_order
from kernel import clock
from kernel.models import Notification
from kernel.ui.format import points
from tests import factories as make
from tests.credit import made
from tests.credit.web import at, owner, signed_in, text
from tests.query_budget import BUDGET, assert_flat, copies, queries

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def well_known(agency, orders=6, **kw):
    for n in range(orders):
        made.order_done(agency, client=f"org:{agency.pk}:{n}", **kw)
    return agency


def move(client, act, data=None):
    answer = client.post(at("month_act", "2026-10", act), data or {})
    assert answer.status_code == 302
    return text(client.get(answer.url))


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
    assert "2026年10月的 2 份排行开始征求意见" in move(desk, "preview")
    trade = text(member.get(at("ranking", "PH-202610-eia")))
    assert "只有上榜机构和工作人员可见" in trade and "同月的总览另行征求意见、公示和发布" in trade
    assert "同月的总览" not in text(member.get(page))
    assert "征求意见稿" in text(member.get(page)) and agency.organisation.name in text(member.get(page))
    assert anybody.get(page).status_code == objector.get(page).status_code == 404
    assert objector.post(at("ranking_comment", "PH-202610-all"), {"text": "五个字以上"}).status_code == 404
    assert "征求意见期未满" in move(desk, "publicise")
    later = made.after_workdays(still, 5)
    with clock.at(later):
        assert "期满，可办理下一步" in text(desk.get(at("desk_rankings")))
        assert "2 份排行开始公示" in move(desk, "publicise")
        assert "公示稿，尚未生效" in text(anybody.get(page)) and "登录后提出异议" in text(anybody.get(page))
        shown = text(anybody.get(at("rankings")))
        assert "提出异议</a>" in shown and "已期满" not in shown
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
        assert "还有 1 条意见没有答复" in shown and "期满，待答复 1 条意见" in shown and "（待答复 1 条）" in shown
        own = text(desk.get(page))  # the drafter may answer too: that comes before who publishes
        assert "还有 1 条意见没有答复" in own and 'href="#comments"' in own and "须由另一位" not in own
        for public in (text(anybody.get(at("rankings"))), text(anybody.get(page))):
            assert "已期满，等待发布" in public and "逾期 " not in public and "#comment" not in public
        assert "起草人不能发布" in move(desk, "publish")
        other = signed_in(second)
        shown = text(other.get(at("desk_rankings")))
        assert "发布（1 份）" in shown and "还有 1 条意见没有答复" in shown
        shown = move(other, "publish")
        assert "1 份排行已发布" in shown and "还有意见没有答复" in shown
        assert "公示 1 份" in shown and "已发布 1 份" in shown and "已办完的 1 份" in shown
        seq = re.search(r'name="seq" value="(\d+)"', text(other.get(page))).group(1)
        assert other.post(at("ranking_comment", "PH-202610-all"), {"seq": seq, "answer": ""}).status_code == 200
        answered = other.post(at("ranking_comment", "PH-202610-all"), {"seq": seq, "answer": "经核实，该单未逾期。"})
        assert answered.status_code == 302
        assert Notification.objects.filter(title__contains="已答复", body="经核实，该单未逾期。").count() == 1
        assert other.post(at("ranking_act", "PH-202610-all", "publish")).url == page
        ranking = publication_by_number("PH-202610-all")
        shown = text(anybody.get(page))
        assert ranking.sha256 in shown and "各类别的排行另行发布" in shown
        way = shown.split('class="breadcrumbs"', 1)[1].split("</nav>", 1)[0]
        assert 'href="/rankings/"' in way and "排行公示" not in way
        shown = text(anybody.get(at("rankings")))
        assert "2026年10月" not in shown and 'href="/rankings/"' in shown  # published lists have their own pages
        public = text(anybody.get(at("score", agency.pk)))
        line = ranking.content["rows"][0]
        assert f"{line['score_milli'] // 1000}.{line['score_milli'] % 1000:03}" in public


def test_withdrawing_needs_a_reason_and_frees_the_month(desk, agency, still):
    desk.post(at("month_act", "month", "draft"), {"period": "2026-10"})
    assert "field-error" in text(desk.post(at("month_act", "2026-10", "withdraw"), {"reason": ""}))
    assert "field-error" in text(desk.post(at("ranking_act", "PH-202610-eia", "withdraw"), {"reason": ""}))
    assert desk.post(at("ranking_act", "PH-202610-eia", "withdraw"), {"reason": "一条记录有误"}).status_code == 302
    assert "1 份排行已撤回" in move(desk, "withdraw", {"reason": "全部重做"})
    assert not RankingPublication.objects.exclude(status="withdrawn").exists()
    desk.post(at("month_act", "month", "draft"), {"period": "2026-10"})
    assert RankingPublication.objects.filter(number="PH-202610-all-2").exists()


def test_a_wrong_month_says_what_to_write(desk, agency, still):
    for period, sentence in (
        ("2026-13", "无法识别"),
        ("20261", "无法识别"),
        ("2026-11", "尚未结束"),
        ("", "field-error"),
    ):
        page = text(desk.post(at("month_act", "month", "draft"), {"period": period}))
        assert (sentence in page and f'value="{period}"' in page) or not period


@pytest.mark.parametrize(
    "typed", ["2026年10月", "2026-10", "２０２６年１０月", " 2026.10 ", "202610", "2026年10月份", "2026/10"]
)
def test_a_month_may_be_written_as_people_write_it(desk, agency, still, typed):
    page = text(desk.post(at("month_act", "month", "draft"), {"period": typed}, follow=True))
    assert "已起草2026年10月的排行 2 份" in page and "开始征求意见（2 份）" in page
    assert set(RankingPublication.objects.values_list("period", flat=True)) == {"2026-10"}


def test_the_work_home_lists_the_steps_of_the_month(desk, second, agency, still):
    work, other = reverse("kernel:work"), signed_in(second)
    assert "信用排行待起草" not in text(desk.get(work))  # nothing to rank yet
    well_known(agency)
    assert "2026年10月的信用排行待起草" in text(desk.get(work))
    desk.post(at("month_act", "month", "draft"), {"period": "2026-10"})
    page = text(desk.get(work))
    assert "信用排行待起草" not in page and "起草好的排行待征求意见" in page
    move(desk, "preview")
    assert "待公示" not in text(desk.get(work))
    later = made.after_workdays(still, 5)
    with clock.at(later):
        assert "征求意见期满的排行待公示" in text(desk.get(work))
        move(desk, "publicise")
    with clock.at(made.after_workdays(later, 7)):
        assert "公示期满的排行待发布" in text(other.get(work))
        assert "公示期满的排行待发布" not in text(desk.get(work))  # its drafter cannot publish it


def test_the_desk_sees_what_changed_against_the_month_before(desk, agency, still):
    other = make.make_agency(name="嘉禾后起测绘有限公司")
    well_known(agency, on=date(2026, 9, 10))
    with clock.at(still - timedelta(days=30)):
        made.published("2026-09")
    well_known(other, orders=9, on=date(2026, 10, 10))
    desk.post(at("month_act", "month", "draft"), {"period": "2026-10"})
    ranking = publication_by_number("PH-202610-all", published_only=False)
    found = changes(ranking)
    assert found.number == "PH-202609-all" and not found.gone
    fresh, known = found.lines[other.organisation.uscc], found.lines[agency.organisation.uscc]
    assert (fresh.grade_before, fresh.moved) == ("NR", None) and fresh.regraded
    assert known.moved == -1 and found.down == 1 and found.up == 0
    page = text(desk.get(at("ranking", "PH-202610-all")))
    assert "与2026年9月相比" in page and "名次上升 0 家，下降 1 家" in page and "样本不足 → " in page
    assert "与2026年9月相比" not in text(desk.get(at("ranking", "PH-202609-all")))


def test_one_more_good_order_raises_the_live_score(agency, still):
    well_known(agency, rating=500)
    why = explanation(agency)
    after = one_more_order(why)
    assert after.score_milli > why.score.score_milli
    assert after.effective_orders_milli - why.score.effective_orders_milli == 1000
    gain = after.score_milli - why.score.score_milli
    page = text(signed_in(owner(agency)).get(at("home")))
    assert f"+{points(gain)}" in page and "再办结一单" in page


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
    order = CreditEvent.objects.filter(code="rating").first().evidence["order"]
    assert order not in page and order in mine and "项目业主评价" in mine


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
    event = CreditEvent.objects.filter(agency=agency, code="rating").first()
    ref, order = event.source_ref, event.evidence["order"]
    assert order in text(member.get(at("records"))) and order not in text(member.get(at("records") + "?kind=incident"))
    assert ref in b"".join(member.get(at("records") + "?export=csv").streaming_content).decode()
    assert order not in text(signed_in(owner(make.make_agency())).get(at("records")))


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
