"""An agency gets in: file, commitment, papers, form check, publicity, approval, directory."""

from datetime import timedelta

import pytest

from agencies import profile
from agencies.models import Agency, Review
from agencies.selectors import overview
from agencies.selectors import registration as registered
from agencies.services import objections, papers, registration, reviews
from kernel import clock
from kernel.errors import DomainError, Forbidden
from kernel.models import AuditEntry, Deadline, Notification, Organisation, OutboxMessage
from kernel.registries import subjects
from kernel.services import deadlines
from kernel.services.attachments import attachment_taken
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def refused(code, verb, **arguments):
    with pytest.raises(DomainError) as caught:
        verb(**arguments)
    assert caught.value.code == code
    return caught.value


def test_only_agencies_open_a_file_and_only_one():
    company = make.make_organisation("enterprise")
    refused("agency.kind", registration.agency_start, organisation=company, actor=None)
    party = make.make_organisation(Organisation.Kind.AGENCY)
    owner = make.owner_of(party)
    first = registration.agency_start(organisation=party, actor=owner)
    assert registration.agency_start(organisation=party, actor=owner).pk == first.pk
    with pytest.raises(Forbidden):
        registration.agency_start(organisation=party, actor=make.make_person())


def test_submission_names_what_is_missing_one_after_the_other():
    party = make.make_organisation(Organisation.Kind.AGENCY)
    owner = make.owner_of(party)
    agency = registration.agency_start(organisation=party, actor=owner)

    def submit(code):
        refused(code, registration.agency_submit, agency=agency, actor=owner)

    submit("agency.contact")
    registration.agency_edit(
        agency=agency, data={"contact_name": "周敏", "contact_mobile": "１３８００００００００"}, actor=owner
    )
    submit("agency.categories")
    registration.agency_edit(agency=agency, data={"categories": [make.make_category()]}, actor=owner)
    submit("agency.affiliation")
    registration.agency_edit(agency=agency, data={"affiliation_declared": True}, actor=owner)
    submit("agency.commitment")
    registration.agency_commit(agency=agency, actor=owner)
    submit("agency.licence")
    make._fill_in(agency, make.make_category())
    review = registration.agency_submit(agency=agency, actor=owner)
    assert review.status == "pending"
    assert Deadline.objects.get(subject=review.stream, code="review.form_check").limit_days == 2
    agency.refresh_from_db()
    assert agency.contact_mobile == "+8613800000000"
    refused("agency.locked", registration.agency_edit, agency=agency, data={"short_name": "新"}, actor=owner)


def test_a_branch_needs_its_parents_word():
    parent = make.make_agency()
    agency = make.make_agency("draft")
    registration.agency_edit(agency=agency, data={"parent": parent}, actor=None)
    refused("agency.authorisation", registration.agency_submit, agency=agency, actor=None)
    import io

    papers.paper_upload(
        agency=agency, purpose="parent_authorisation", file=io.BytesIO(make.PDF), name="授权.pdf", actor=None
    )
    registration.agency_submit(agency=agency, actor=None)


def test_a_branch_of_a_branch_is_refused():
    parent, child, grandchild = make.make_agency(), make.make_agency("draft"), make.make_agency("draft")
    registration.agency_edit(agency=child, data={"parent": parent}, actor=None)
    error = refused("agency.field", registration.agency_edit, agency=grandchild, data={"parent": child}, actor=None)
    assert error.field == "parent"


def test_members_may_edit_but_the_administrator_commits():
    agency = make.make_agency("draft")
    member = make.make_member(agency.organisation)
    registration.agency_edit(agency=agency, data={"short_name": "澄环"}, actor=member)
    with pytest.raises(Forbidden):
        registration.agency_commit(agency=agency, actor=member)
    registration.agency_commit(agency=agency, actor=make.owner_of(agency.organisation))


@pytest.mark.parametrize(
    "field,value",
    [
        ("contact_mobile", "12345"),
        ("email", "not an address"),
        ("staff_count", "-1"),
        ("staff_count", "many"),
        ("founded_on", "9999-12-31"),
        ("founded_on", "soon"),
        ("introduction", "字" * 2001),
        ("introduction", "a\x00b"),
        ("categories", ["no-such"]),
        ("service_regions", ["000000"]),
    ],
)
def test_bad_values_are_refused_at_their_field(field, value):
    agency = make.make_agency("draft")
    error = refused("agency.field", registration.agency_edit, agency=agency, data={field: value}, actor=None)
    assert error.field == field and str(error)


def test_affiliation_names_an_authority():
    agency = make.make_agency("draft")
    company = make.make_organisation("enterprise")
    refused("agency.field", registration.agency_edit, agency=agency, data={"affiliated_with": company}, actor=None)
    bureau = make.make_organisation("authority", "澄湖市生态环境局")
    registration.agency_edit(agency=agency, data={"affiliated_with": bureau}, actor=None)
    assert Agency.objects.get(pk=agency.pk).affiliated_with == bureau


# --- the desk --------------------------------------------------------------------------------------------------------
def test_the_whole_way_in():
    operator, agency = make.make_staff(), make.make_agency("submitted")
    review = agency.reviews.get()
    review = reviews.review_publicise(review=review, actor=operator)
    refused("review.publicity_running", reviews.review_approve, review=review, actor=operator)
    with clock.at(make.publicity_end(review)):
        refused("review.publicity_running", reviews.review_approve, review=review, actor=operator)
    with clock.at(make.publicity_end(review) + timedelta(seconds=1)):
        review = reviews.review_approve(review=review, actor=operator)
        agency = Agency.objects.get(pk=agency.pk)
    assert (review.status, agency.status) == ("approved", "active")
    entry = agency.entries.get()
    assert entry.closed_at is None and entry.number.startswith("RZ-")
    assert agency.storefront.paused_at is None
    assert Deadline.objects.get(subject=agency.stream, code="agency.confirm", state="open").limit_days == 125
    assert OutboxMessage.objects.filter(topic="agency_changed", payload={"agency": agency.pk}).exists()
    trail = AuditEntry.objects.filter(stream=agency.stream).exclude(to_state="").order_by("seq")
    assert [row.to_state for row in trail] == ["submitted", "publicity", "active"]


def test_a_return_says_why_and_the_agency_may_come_again():
    operator, agency = make.make_staff(), make.make_agency("submitted")
    review, owner = agency.reviews.get(), make.owner_of(agency.organisation)
    refused("review.reasons", reviews.review_return, review=review, reasons=[{"text": "  "}], actor=operator)
    reviews.review_return(review=review, reasons=[{"code": "seal", "text": "承诺书未盖公章"}], actor=operator)
    agency.refresh_from_db()
    assert agency.status == "returned"
    assert Notification.objects.filter(user=owner, kind="agency.review", body__contains="未盖公章").exists()
    assert not Deadline.objects.filter(subject=review.stream, state="open").exists()
    again = registration.agency_submit(agency=agency, actor=owner)
    assert again.pk != review.pk and agency.reviews.count() == 2


def test_pending_certificates_hold_the_publicity_back():
    agency = make.make_agency("submitted")
    paper = make.make_qualification(agency, make.make_certificate_type(), confirmed=False)
    refused("review.papers_pending", reviews.review_publicise, review=agency.reviews.get(), actor=None)
    papers.qualification_reject(qualification=paper, reason="查无此证", actor=None)
    reviews.review_publicise(review=agency.reviews.get(), actor=None)


def test_who_may_sit_at_the_desk():
    agency = make.make_agency("submitted")
    review = agency.reviews.get()
    for person in (make.owner_of(agency.organisation), make.make_staff("inspector"), make.make_person()):
        with pytest.raises(Forbidden):
            reviews.review_publicise(review=review, actor=person)
    operator = make.make_staff()
    from kernel.models import User
    from kernel.services import parties

    parties.membership_add(organisation=agency.organisation, user=operator, role="member", actor=None)
    with pytest.raises(Forbidden) as caught:
        reviews.review_publicise(review=review, actor=User.objects.get(pk=operator.pk))
    assert caught.value.code == "review.recusal"


def test_objections_are_answered_before_approval():
    operator, agency, neighbour = make.make_staff(), make.make_agency("publicity"), make.make_person()
    review = agency.reviews.get()
    with clock.at(make.publicity_end(review)):
        objection = objections.objection_raise(review=review, text="该机构人员挂证。", contact="电话", actor=neighbour)
        again = {"review": review, "text": "再次提出异议", "contact": "x"}
        refused("objection.twice", objections.objection_raise, **again, actor=neighbour)
    refused("objection.late", objections.objection_raise, **again, actor=make.make_person())
    assert Notification.objects.filter(user=operator, kind="agency.objection").exists()
    with clock.at(make.publicity_end(review) + timedelta(days=1)):
        refused("review.objection_open", reviews.review_approve, review=review, actor=operator)
        objections.objection_decide(objection=objection, upheld=False, answer="经核实社保在缴。", actor=operator)
        reviews.review_approve(review=review, actor=operator)
    assert Notification.objects.filter(user=neighbour, kind="agency.objection").exists()
    refused(
        "objection.late", objections.objection_raise, review=review, text="来晚了一步", contact="x", actor=neighbour
    )


def test_an_upheld_objection_means_return():
    operator, agency = make.make_staff(), make.make_agency("publicity")
    review = agency.reviews.get()
    with clock.at(make.publicity_end(review)):
        objection = objections.objection_raise(
            review=review, text="营业执照已注销。", contact="电话", actor=make.make_person()
        )
    objections.objection_decide(objection=objection, upheld=True, answer="属实。", actor=operator)
    with clock.at(make.publicity_end(review) + timedelta(days=1)):
        refused("review.objection_upheld", reviews.review_approve, review=review, actor=operator)
        reviews.review_return(review=review, reasons=[{"text": "营业执照已注销"}], actor=operator)
    agency.refresh_from_db()
    assert agency.status == "returned"


def test_the_desk_is_told_when_publicity_ends_and_reminded_of_the_form_check():
    operator, waiting, public = make.make_staff(), make.make_agency("submitted"), make.make_agency("publicity")
    deadlines.sweep()
    titles = set(Notification.objects.filter(user=operator, kind="desk.review").values_list("title", flat=True))
    assert any(str(public) in title and "公示期满" in title for title in titles)
    assert any(str(waiting) in title and "即将到期" in title for title in titles)
    before = Notification.objects.count()
    deadlines.sweep()
    assert Notification.objects.count() == before
    assert Deadline.objects.filter(code="review.form_check", state="open").exists()


# --- changes ---------------------------------------------------------------------------------------------------------
def _proof():
    with attachment_taken(file=make.io.BytesIO(make.PDF), name="换发的营业执照.pdf") as kept:
        return kept


@pytest.mark.parametrize("name", profile.PROVED_FIELDS)
def test_what_an_office_registers_changes_with_its_paper(name):
    agency = make.make_agency()
    owner = make.owner_of(agency.organisation)
    new = {"parent": make.make_agency(), "affiliated_with": make.make_organisation("public_body")}.get(name, "新的")
    ask = {"agency": agency, "changes": {name: new, "introduction": "专做环评"}, "actor": owner}
    refused("change.proof", reviews.change_request, **ask)
    review = reviews.change_request(**ask, proof=_proof())
    (paper,) = registered.papers(agency)[:1]
    assert (paper.subject, paper.purpose, paper.name) == (review.stream, "change", "换发的营业执照.pdf")
    assert subjects["review"].may_read(owner, review.pk) and not subjects["review"].may_read(
        make.make_person(), review.pk
    )


def test_other_changes_need_no_paper():
    agency = make.make_agency()
    review = reviews.change_request(agency=agency, changes={"introduction": "专做环评"}, actor=None)
    assert set(review.changes) == {"introduction"}


def test_a_change_waits_for_the_desk_then_applies():
    agency, other = make.make_agency(), make.make_category("survey", name_zh="工程测绘")
    owner, operator = make.owner_of(agency.organisation), make.make_staff()
    codes = [c.code for c in agency.categories.all()]
    review = reviews.change_request(
        agency=agency,
        changes={"name": "澄湖清源环境科技有限公司", "categories": [*codes, other.code], "short_name": ""},
        proof=_proof(),
        actor=owner,
    )
    assert set(review.changes) == {"name", "categories"}
    refused("change.open", reviews.change_request, agency=agency, changes={"short_name": "x"}, actor=owner)
    assert agency.categories.count() == 1
    reviews.review_approve(review=review, actor=operator)
    fresh = Agency.objects.get(pk=agency.pk)
    assert fresh.organisation.name == "澄湖清源环境科技有限公司" and fresh.categories.count() == 2


def test_a_change_can_be_withdrawn_and_must_change_something():
    agency = make.make_agency()
    owner = make.owner_of(agency.organisation)
    refused("change.nothing", reviews.change_request, agency=agency, changes={"short_name": ""}, actor=owner)
    review = reviews.change_request(agency=agency, changes={"short_name": "清源"}, actor=owner)
    with pytest.raises(Forbidden):
        reviews.review_withdraw(review=review, actor=make.make_person())
    reviews.review_withdraw(review=review, actor=owner)
    reviews.change_request(agency=agency, changes={"short_name": "清源"}, actor=owner)
    assert Review.objects.filter(kind="change").count() == 2


def test_contacts_change_at_once():
    agency = make.make_agency()
    registration.agency_contact_update(
        agency=agency, data={"contact_mobile": "13900000001", "phone": "0573-1"}, actor=None
    )
    fresh = Agency.objects.get(pk=agency.pk)
    assert (fresh.contact_mobile, fresh.organisation.phone) == ("+8613900000001", "0573-1")


def test_days_of_the_file_are_written_as_everywhere():
    agency = make.make_agency("draft")
    assert overview.file(agency)[1].count("成立日期") == 1
    registration.agency_edit(agency=agency, data={"founded_on": "2016-05-20"}, actor=None)
    agency.refresh_from_db()
    assert ("成立日期", "2016年5月20日") in [(str(label), value) for label, value in overview.file(agency)[0]]
    assert profile.words("founded_on", "2016-05-20") == "2016年5月20日"
