"""Certificates with their dates, and the register of people."""

import io
from datetime import date, timedelta

import pytest

from agencies.models import Listing, Practitioner, Qualification
from agencies.selectors import certificates as rules
from agencies.selectors import people
from agencies.services import capacity, certificates, papers, shop
from kernel import clock
from kernel.errors import DomainError, Forbidden
from kernel.models import Notification
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def refused(code, verb, **arguments):
    with pytest.raises(DomainError) as caught:
        verb(**arguments)
    assert caught.value.code == code, caught.value
    return caught.value


def in_days(n):
    return clock.at(clock.now() + timedelta(days=n))


# --- what a rule demands ---------------------------------------------------------------------------------------------
@pytest.fixture
def surveying():
    return make.make_certificate_type("surveying", name_zh="测绘资质", levels=["甲级", "乙级"])


def test_levels_any_of_and_all_of(surveying):
    agency, cma = make.make_agency("draft"), make.make_certificate_type("cma", name_zh="检验检测机构资质认定")
    rule = {"all_of": [{"type": "surveying", "level": "甲级"}], "any_of": [{"type": "cma"}, {"type": "surveying"}]}
    item, today = make.make_item(certificate_rule=rule), clock.today()
    assert [str(lack) for lack in rules.missing(agency, item, today)] == [
        "测绘资质 甲级",
        "检验检测机构资质认定 或 测绘资质",
    ]
    make.make_qualification(agency, surveying, level="乙级")
    assert [str(lack) for lack in rules.missing(agency, item, today)] == ["测绘资质 甲级"]
    make.make_qualification(agency, surveying, level="甲级", expires_on=today)
    assert rules.missing(agency, item, today) == []
    assert rules.missing(agency, item, today + timedelta(days=1)) != []
    held, known = rules.held_by([agency.pk])[agency.pk], rules.types()
    assert rules.valid_until(item, held, today, known) == today
    make.make_qualification(agency, cma, expires_on=today + timedelta(days=90))
    assert rules.valid_until(item, rules.held_by([agency.pk])[agency.pk], today, known) == today


def test_what_may_not_be_demanded_is_not():
    make.make_certificate_type("eia-licence", abolished_on=date(2018, 12, 29))
    make.make_certificate_type("stars", kind="voluntary")
    item = make.make_item(certificate_rule={"all_of": [{"type": "eia-licence"}, {"type": "stars"}, {"type": "gone"}]})
    assert rules.missing(make.make_agency("draft"), item, clock.today()) == []


# --- adding and checking ---------------------------------------------------------------------------------------------
def test_certificates_are_checked_by_an_officer(surveying):
    agency, operator = make.make_agency(), make.make_staff()
    owner = make.owner_of(agency.organisation)
    paper = papers.qualification_add(
        agency=agency, type=surveying, number="乙测资字33000000", level="乙级", actor=owner
    )
    assert paper.status == "pending"
    with pytest.raises(Forbidden):
        papers.qualification_confirm(qualification=paper, actor=owner)
    papers.qualification_confirm(qualification=paper, actor=operator)
    refused("qualification.decided", papers.qualification_reject, qualification=paper, reason="x", actor=operator)
    refused(
        "qualification.twice", papers.qualification_add, agency=agency, type=surveying, number="乙测资字33000000",
        level="乙级", actor=owner,
    )  # fmt: skip


def test_a_refused_certificate_may_be_tried_again(surveying):
    agency = make.make_agency()
    paper = make.make_qualification(agency, surveying, confirmed=False, number="1", level="乙级")
    refused("qualification.reason", papers.qualification_reject, qualification=paper, reason=" ", actor=None)
    papers.qualification_reject(qualification=paper, reason="扫描件不清晰", actor=None)
    make.make_qualification(agency, surveying, number="1", level="乙级")


@pytest.mark.parametrize(
    "fields,code",
    [
        ({"level": "丙级"}, "qualification.abolished"),
        ({"level": "特级"}, "qualification.level"),
        ({"number": "  ", "level": "甲级"}, "qualification.number"),
        (
            {"level": "甲级", "issued_on": date(2026, 5, 1), "expires_on": date(2026, 4, 1)},
            "qualification.dates",
        ),
    ],
)
def test_bad_certificates(fields, code):
    kind = make.make_certificate_type(
        "surveying",
        levels=["甲级", "乙级"],
        abolished_levels=[{"level": "丙级", "abolished_on": "2021-07-01", "remedy_zh": "请换发。", "remedy_en": ""}],
    )
    values = {"agency": make.make_agency("draft"), "type": kind, "number": "1", "actor": None} | fields
    refused(code, papers.qualification_add, **values)


def test_an_abolished_type_is_refused_with_its_remedy():
    kind = make.make_certificate_type("fire", abolished_on=date(2019, 5, 30), remedy_zh="请删去资质等级表述。")
    error = refused(
        "qualification.abolished", papers.qualification_add, agency=make.make_agency("draft"), type=kind, number="1",
        actor=None,
    )  # fmt: skip
    assert "请删去" in str(error)


def test_one_that_is_not_in_force_yet_waits():
    paper = make.make_qualification(
        make.make_agency(), make.make_certificate_type(), confirmed=False, issued_on=clock.today() + timedelta(days=3)
    )
    refused("qualification.future", papers.qualification_confirm, qualification=paper, actor=None)


# --- expiry ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def needing():
    """(agency, listing, certificate that expires in 70 days)"""
    agency, kind = make.make_agency(), make.make_certificate_type()
    paper = make.make_qualification(agency, kind, expires_on=clock.today() + timedelta(days=70))
    rule = {"all_of": [{"type": kind.code}]}
    item = make.make_item(category=agency.categories.first(), certificate_rule=rule)
    return agency, make.make_listing(agency, item), paper


def test_reminders_at_60_30_and_7_days_once_each(needing):
    agency, _, _ = needing
    owner = make.owner_of(agency.organisation)
    told = Notification.objects.filter(user=owner, kind="agency.certificates")
    counts = []
    for day in (9, 10, 11, 39, 40, 41, 62, 63, 64, 69, 70):
        with in_days(day):
            certificates.certificates_sweep()
            counts.append(told.count())
    assert counts == [0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3]


def test_a_missed_night_sends_one_reminder_not_three(needing):
    with in_days(68):
        certificates.certificates_sweep()
        certificates.certificates_sweep()
    assert Notification.objects.filter(kind="agency.certificates").count() == 1


def test_one_whose_renewal_is_handed_in_is_not_reminded_of(needing):
    agency, _listing, paper = needing
    told = Notification.objects.filter(kind="agency.certificates", title__contains=paper.number)
    later = {"expires_on": clock.today() + timedelta(days=900), "renews": paper}
    renewal = make.make_qualification(agency, paper.type, confirmed=False, **later)
    with in_days(64):
        certificates.certificates_sweep()
        assert not told.exists()
        papers.qualification_reject(qualification=renewal, reason="扫描件不清晰", actor=None)
        certificates.certificates_sweep()
        assert told.exists()


def test_hidden_the_day_after_and_back_on_renewal(needing):
    agency, listing, paper = needing
    with in_days(70):
        assert certificates.certificates_sweep() == 0
        capacity.listing_take(listing=listing, actor=None)
    with in_days(71):
        refused("listing.not_open", capacity.listing_take, listing=listing, actor=None)
        assert certificates.certificates_sweep() == 1
        assert Listing.objects.get(pk=listing.pk).status == "hidden"
        assert certificates.certificates_sweep() == 0
        renewal = papers.qualification_add(
            agency=agency, type=paper.type, number=paper.number, renews=paper, actor=None,
            issued_on=clock.today(), expires_on=clock.today() + timedelta(days=1800),
        )  # fmt: skip
        refused(
            "qualification.twice", papers.qualification_add, agency=agency, type=paper.type, number="other",
            renews=paper, actor=None,
        )  # fmt: skip
        papers.qualification_confirm(qualification=renewal, actor=None)
        assert Listing.objects.get(pk=listing.pk).status == "published"
        assert Qualification.objects.get(pk=paper.pk).status == "superseded"
        capacity.listing_take(listing=listing, actor=None)


def test_a_paused_listing_is_hidden_too_and_cannot_be_resumed_without_the_paper(needing):
    _, listing, _ = needing
    shop.listing_pause(listing=listing, actor=None)
    with in_days(71):
        refused("listing.certificate", shop.listing_resume, listing=listing, actor=None)
        certificates.certificates_sweep()
        assert Listing.objects.get(pk=listing.pk).status == "hidden"


def test_what_the_agency_paused_stays_paused_when_it_is_shown_again(needing):
    agency, listing, paper = needing
    owner = make.owner_of(agency.organisation)
    shop.listing_pause(listing=listing, actor=None)
    with in_days(71):
        certificates.certificates_sweep()
        make.make_qualification(agency, paper.type, expires_on=clock.today() + timedelta(days=30))
        assert Listing.objects.get(pk=listing.pk).status == "paused"
        assert "暂停" in Notification.objects.filter(user=owner, kind="agency.certificates").latest("id").body
        shop.listing_resume(listing=listing, actor=None)
    with in_days(102):
        certificates.certificates_sweep()
        make.make_qualification(agency, paper.type)
        assert Listing.objects.get(pk=listing.pk).status == "published"


# --- people ----------------------------------------------------------------------------------------------------------
def test_identity_numbers_are_sealed_and_masked():
    number = make.make_identity()
    person = make.make_practitioner(make.make_agency("draft"), identity_number=f" {number.lower()} ")
    row = Practitioner.objects.get(pk=person.pk)
    assert number not in row.identity_sealed and number not in row.identity_fingerprint
    assert people.masked_identity(row) == f"{number[:3]}{'*' * 11}{number[-4:]}"


@pytest.mark.parametrize("number", ["", "123", "330411198505200011", "33041119850520001Y", "\x00", "9" * 5000])
def test_bad_identity_numbers(number):
    agency = make.make_agency("draft")
    error = refused(
        "practitioner.identity",
        papers.practitioner_register,
        agency=agency,
        name="李",
        identity_number=number,
        actor=None,
    )
    assert error.field == "identity_number"


def test_one_person_one_agency():
    first, second, number = make.make_agency("draft"), make.make_agency("draft"), make.make_identity()
    person = make.make_practitioner(first, identity_number=number)
    error = refused(
        "practitioner.elsewhere", papers.practitioner_register, agency=second, name="李工", identity_number=number,
        actor=None,
    )  # fmt: skip
    assert first.organisation.name not in str(error)
    refused(
        "practitioner.twice",
        papers.practitioner_register,
        agency=first,
        name="李工",
        identity_number=number,
        actor=None,
    )
    papers.practitioner_end(practitioner=person, actor=None)
    moved = make.make_practitioner(second, identity_number=number)
    assert [row.pk for row in people.active(second)] == [moved.pk] and not list(people.active(first))


def test_strangers_register_nobody():
    with pytest.raises(Forbidden):
        papers.practitioner_register(
            agency=make.make_agency("draft"), name="李", identity_number=make.make_identity(), actor=make.make_person()
        )


# --- files -----------------------------------------------------------------------------------------------------------
def test_files_have_a_purpose():
    agency = make.make_agency("draft")
    refused(
        "paper.purpose",
        papers.paper_upload,
        agency=agency,
        purpose="x",
        file=io.BytesIO(make.PDF),
        name="a.pdf",
        actor=None,
    )
    refused(
        "attachment.kind", papers.paper_upload, agency=agency, purpose="other", file=io.BytesIO(b"MZ"), name="a.exe",
        actor=None,
    )  # fmt: skip
    gone = make.make_agency("removed")
    refused(
        "agency.closed", papers.paper_upload, agency=gone, purpose="other", file=io.BytesIO(make.PDF), name="a.pdf",
        actor=None,
    )  # fmt: skip
