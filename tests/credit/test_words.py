"""What an English reader reads of records that were written in Chinese: ours translated, people's own words marked."""

import pytest
from django.utils import translation

from credit.selectors.story import reworded, told
from kernel.models import Notification
from kernel.ui.format import chinese, sentence
from tests.credit import made
from tests.credit.web import at, owner, signed_in, text

pytestmark = [pytest.mark.django_db]

TYPED = "要求业主另付三千元。"


@pytest.mark.parametrize(
    ("stored", "english"),
    [
        ("超过合同时限 1 个工作日", "1 working day over the contract’s time limit"),
        ("超过合同时限 12 个工作日", "12 working days over the contract’s time limit"),
        ("complaint TS-202610-00001", "Complaint TS-202610-00001 was upheld; the record made after it counts"),
        ("订单逾期未答复", "The order was not answered in time"),
        (TYPED, TYPED),
        ("", ""),
        (None, ""),
    ],
)
def test_what_the_platform_wrote_comes_in_the_readers_language(stored, english):
    with translation.override("en"):
        assert reworded(stored) == english


def test_the_systems_reason_for_a_void_is_not_english_on_a_chinese_page():
    assert told("complaint TS-202610-00001") == "投诉 TS-202610-00001 查实，以查实后的记录为准"


def test_what_a_person_wrote_is_marked_and_escaped():
    assert told("<b>加价</b>") == "<b>加价</b>"  # escaped where it is shown: no markup of ours is in it
    with translation.override("en"):
        assert told("<b>加价</b>") == '<span lang="zh-Hans">&lt;b&gt;加价&lt;/b&gt;</span>'
        assert chinese(None) == "" and sentence("%(a)s & %(b)s", a=chinese("甲"), b="<i>") == (
            '<span lang="zh-Hans">甲</span> &amp; &lt;i&gt;'
        )


def test_the_page_of_a_case_and_its_notice(agency, officer, still):
    case = made.noticed(agency, officer=officer)
    page = text(signed_in(officer).get("/en" + at("case", case.number)))
    assert f'<span lang="zh-Hans">{TYPED}</span>' in page and f'<dd><span lang="zh-Hans">{agency}</span></dd>' in page
    told_to = Notification.objects.filter(user=owner(agency)).latest("pk")
    assert "三千元。您可" in told_to.body and "。。" not in told_to.body
    assert "working days" in told_to.body_en
