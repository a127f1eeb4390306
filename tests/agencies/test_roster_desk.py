"""The roster desk and claims through HTTP."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from agencies import catalogue
from agencies.models import Agency, Claim
from agencies.services import claims
from agencies.services.catalogue import catalogue_load
from agencies.services.regions import read_regions, regions_load
from agencies.services.roster_import import roster_import
from kernel import access
from kernel.errors import DomainError, Forbidden
from kernel.models import Attachment, AuditEntry, Notification, Region
from tests import factories
from tests.agencies.roster_files import code, csv_bytes, row, xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def register():
    regions_load(tree=read_regions(), actor=None)
    catalogue_load(catalogue=catalogue.shipped(), actor=None)


@pytest.fixture
def officer():
    return factories.make_staff("operator")


@pytest.fixture
def desk(officer):
    client = Client()
    client.force_login(officer)
    return client


def imported(number=1):
    roster_import(file=xlsx([row(number)]), name="a.xlsx", region="330499", actor=None)
    return Agency.objects.get(organisation__uscc=code(number))


def upload(client, file, name="名录.xlsx"):
    region = Region.objects.get(code="330499").pk
    answer = client.post(
        reverse("agencies:roster"), {"file": SimpleUploadedFile(name, file.getvalue()), "region": region}
    )
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def letter():
    return SimpleUploadedFile("授权书.pdf", factories.PDF)


# --- the roster desk -------------------------------------------------------------------------------------------------
def test_upload_preview_confirm(desk):
    page = upload(desk, xlsx([row(1), row(2, 邮箱="坏<script>")]))
    shown = desk.get(page).content.decode()
    assert not Agency.objects.exists(), "a preview changes nothing"
    assert "邮箱地址不对" in shown and "坏&lt;script&gt;" in shown and "<script>" not in shown.split("坏")[1][:40]
    refused = desk.post(page + "import/", {"faulty": "1"})
    assert refused.status_code == 200 and not Agency.objects.exists()
    assert desk.post(page + "import/", {}).status_code == 200
    assert not Agency.objects.exists(), "faulty rows stay out only when the person says so"
    done = desk.post(page + "import/", {"faulty": "1", "skip": "on"}, follow=True)
    assert "新增 1 家" in done.content.decode()
    assert Agency.objects.get().organisation.uscc == code(1)
    assert "名录.xlsx" in done.content.decode(), "the import is listed"
    assert desk.get(page).status_code == 404, "the upload is gone"


def test_a_clean_file_needs_no_tick(desk):
    page = upload(desk, csv_bytes([row(1)], encoding="gb18030"), "a.csv")
    assert "faulty" not in desk.get(page).content.decode()
    assert desk.post(page + "import/").status_code == 302
    assert Agency.objects.count() == 1


def test_a_file_that_cannot_be_read_says_what_to_do(desk):
    page = upload(desk, io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50)), "a.xls")
    shown = desk.get(page).content.decode()
    assert "另存为" in shown and "导入这份名录" not in shown
    assert desk.post(page + "import/").status_code == 200
    assert "文件是空的" in desk.get(upload(desk, io.BytesIO(b""), "b.csv")).content.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_faults_as_a_file(desk, kind):
    page = upload(desk, xlsx([row(1, 邮箱="=坏")]))
    answer = desk.get(page, {"export": kind})
    assert answer.status_code == 200 and b"".join(answer.streaming_content)
    assert desk.get(page, {"export": "exe"}).status_code == 404


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_sample_can_be_fetched_and_imported(desk, kind):
    content = b"".join(desk.get(reverse("agencies:roster_sample", args=[kind])).streaming_content)
    page = upload(desk, io.BytesIO(content), f"s.{kind}")
    assert "不能导入" in desk.get(page).content.decode()
    assert desk.post(page + "import/").status_code == 302
    assert Agency.objects.count() == 40


def test_who_may_come_to_the_desk(desk, officer):
    page = upload(desk, xlsx([row(1)]))
    for role, status in (("operator", 404), ("administrator", 404), ("inspector", 403), ("credit_officer", 403)):
        other = Client()
        other.force_login(factories.make_staff(role))
        assert other.get(page).status_code == status, role
        assert other.post(page + "import/").status_code == status, role
        assert other.get(reverse("agencies:roster")).status_code == (200 if status == 404 else 403)
    stranger = Client()
    assert stranger.get(page).status_code == 302
    stranger.force_login(factories.make_person())
    assert stranger.get(page).status_code == 403
    assert desk.get(page.replace(page.split("/")[-3], "0" * 64)).status_code == 404
    assert desk.get(page.replace(page.split("/")[-3], "etc-passwd")).status_code == 404


@pytest.mark.parametrize("count", [10, 1000])
def test_preview_needs_few_queries_and_none_grows(desk, count, django_assert_max_num_queries):
    page = upload(desk, csv_bytes([row(n) for n in range(1, count + 1)]), "a.csv")
    with django_assert_max_num_queries(12):
        assert desk.get(page).status_code == 200
    desk.post(page + "import/")
    page = upload(desk, csv_bytes([row(n, 联系人="范思齐") for n in range(1, count + 1)]), "a.csv")
    with django_assert_max_num_queries(12):
        assert "更新的机构" in desk.get(page).content.decode()


# --- claims ----------------------------------------------------------------------------------------------------------
def test_from_imported_to_owned(desk, officer):
    agency, person, client = imported(), factories.make_person(), Client()
    client.force_login(person)
    answer = client.post(reverse("agencies:claim"), {"code": code(1), "letter": letter(), "note": "办公室主任"})
    assert answer.status_code == 302, answer.content.decode()
    claim = Claim.objects.get()
    assert Notification.objects.filter(user=officer, kind="agency.claim").exists()
    queue = desk.get(reverse("agencies:claim_queue")).content.decode()
    assert agency.organisation.name in queue
    case = desk.get(reverse("agencies:claim_case", args=[claim.pk])).content.decode()
    paper = Attachment.objects.get(subject=f"claim:{claim.pk}")
    assert reverse("file", args=[paper.pk]) in case and "办公室主任" in case
    assert desk.post(reverse("agencies:claim_confirm", args=[claim.pk])).status_code == 302
    agency.refresh_from_db()
    person = type(person).objects.get(pk=person.pk)
    assert agency.status == Agency.Status.DRAFT and access.owns(person, agency.organisation)
    assert Notification.objects.filter(user=person, kind="agency.claim").exists()
    step = AuditEntry.objects.get(stream=agency.stream, action="agency.claim")
    assert (step.from_state, step.to_state, step.actor) == ("imported", "draft", officer)
    assert client.get(reverse("agencies:home")).status_code == 200


def test_refused_with_a_reason_and_asked_again(desk):
    imported()
    person = factories.make_person()
    first = claims.agency_claim(code=code(1), file=io.BytesIO(factories.PDF), file_name="a.pdf", actor=person)
    page = reverse("agencies:claim_refuse", args=[first.pk])
    assert desk.post(page, {"reason": " "}).status_code == 200, "a refusal needs its reason"
    assert desk.post(page, {"reason": "授权书未盖公章"}).status_code == 302
    first.refresh_from_db()
    assert (first.status, first.reason) == (Claim.Status.REFUSED, "授权书未盖公章")
    client = Client()
    client.force_login(person)
    assert "授权书未盖公章" in client.get(reverse("agencies:claim")).content.decode()
    claims.agency_claim(code=code(1), file=io.BytesIO(factories.PDF), file_name="a.pdf", actor=person)
    assert Claim.objects.filter(status=Claim.Status.PENDING).count() == 1


def test_only_one_of_two_claimants_gets_it(officer):
    agency = imported()
    two = [
        claims.agency_claim(
            code=code(1), file=io.BytesIO(factories.PDF), file_name="a.pdf", actor=factories.make_person()
        )
        for _ in range(2)
    ]
    claims.claim_confirm(claim=two[0], actor=officer)
    two[1].refresh_from_db()
    assert two[1].status == Claim.Status.REFUSED and two[1].reason
    with pytest.raises(DomainError) as late:
        claims.claim_confirm(claim=two[1], actor=officer)
    assert late.value.code == "claim.decided"
    assert agency.organisation.memberships.count() == 1


@pytest.mark.parametrize(
    ("language", "hint"),
    [("", "机构已从名录导入的，不必登记：<a"), ("/en", "Agencies imported from a roster need not register: <a")],
)
def test_who_is_about_to_register_is_told_of_claiming(language, hint):
    newcomer, member = Client(), Client()
    newcomer.force_login(factories.make_person())
    member.force_login(factories.owner_of(factories.make_organisation()))
    said = [hint in newcomer.get(language + page).content.decode() for page in ("/work/", "/parties/new/")]
    assert said == [True, True] and hint not in member.get(language + "/work/").content.decode()
    refused = newcomer.post(language + "/parties/new/", {"uscc": "9133 <x>"}).content.decode()
    assert hint + f' href="{language}/agency/claim/?code=9133%20%3Cx%3E"' in refused


@pytest.mark.parametrize(
    ("number", "expected"), [("nonsense", "uscc.invalid"), (code(99), "claim.unknown"), ("claimed", "claim.claimed")]
)
def test_what_cannot_be_claimed(number, expected):
    if number == "claimed":
        number = factories.make_agency("draft").organisation.uscc
    with pytest.raises(DomainError) as refused:
        claims.agency_claim(
            code=number, file=io.BytesIO(factories.PDF), file_name="a.pdf", actor=factories.make_person()
        )
    assert refused.value.code == expected and refused.value.remedy
    assert not Claim.objects.exists() and not Attachment.objects.filter(purpose="authorisation").exists()


def test_a_second_open_claim_of_the_same_person():
    imported()
    person = factories.make_person()
    claims.agency_claim(code=code(1), file=io.BytesIO(factories.PDF), file_name="a.pdf", actor=person)
    with pytest.raises(DomainError) as refused:
        claims.agency_claim(code=code(1), file=io.BytesIO(factories.PDF), file_name="a.pdf", actor=person)
    assert refused.value.code == "claim.twice"


def test_who_may_decide(officer):
    imported()
    own = claims.agency_claim(code=code(1), file=io.BytesIO(factories.PDF), file_name="a.pdf", actor=officer)
    with pytest.raises(DomainError) as refused:
        claims.claim_confirm(claim=own, actor=officer)
    assert refused.value.code == "claim.own"
    for actor in (factories.make_person(), factories.make_staff("inspector")):
        with pytest.raises(Forbidden):
            claims.claim_confirm(claim=own, actor=actor)


def test_a_claim_is_seen_by_its_claimant_and_staff_only(desk):
    imported()
    person, stranger = factories.make_person(), Client()
    claim = claims.agency_claim(code=code(1), file=io.BytesIO(factories.PDF), file_name="a.pdf", actor=person)
    stranger.force_login(factories.make_person())
    paper = Attachment.objects.get(subject=f"claim:{claim.pk}")
    assert stranger.get(reverse("agencies:claim_case", args=[claim.pk])).status_code == 403
    assert stranger.get(reverse("file", args=[paper.pk])).status_code == 404
    assert b"".join(desk.get(reverse("file", args=[paper.pk])).streaming_content) == factories.PDF
    assert desk.get(reverse("agencies:claim_case", args=[claim.pk + 1])).status_code == 404


@pytest.mark.parametrize("count", [10, 60])
def test_the_queue_of_claims_needs_few_queries(desk, count, django_assert_max_num_queries):
    for n in range(1, count + 1):
        Claim.objects.create(agency=imported(n), user=factories.make_person(), created_at="2026-11-01T00:00Z")
    with django_assert_max_num_queries(12):
        assert desk.get(reverse("agencies:claim_queue")).status_code == 200
