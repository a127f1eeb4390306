"""What is written about an order fits its service, its stars and whether it was late."""

from agencies import catalogue
from demo import remarks
from orders.reasons import COMPLAINT


def test_each_kind_of_work_has_words_of_its_own():
    categories = catalogue.shipped().categories
    assert set(remarks.WORK) <= set(categories)
    assert not set(remarks.remarks("testing", 5, late=False)) & {*remarks.REPORT, *remarks.FIELD, *remarks.DESK}
    for code in categories:
        said = remarks.remarks(code, 5, late=False)
        assert len(said) == len(set(said)) == 10, code


def test_only_what_was_late_is_called_late():
    for stars in (1, 2):
        late, complained = (remarks.remarks("eia", stars, late=value) for value in (True, False))
        assert all("晚" in words for words in late) and not any("晚" in words for words in complained)


def test_complaints_are_of_work_that_was_approved():
    for code, body in remarks.COMPLAINTS:
        assert code in COMPLAINT and not any(word in body for word in ("评审未通过", "超期", "踏勘")), body
