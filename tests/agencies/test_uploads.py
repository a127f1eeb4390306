"""A file is copied before a transaction begins: the copy lasts as long as the file is big, and SQLite has one writer.
What that transaction refuses leaves no file behind."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse

from agencies import catalogue
from agencies.models import Practitioner, Qualification
from agencies.services import claims, papers
from agencies.services.catalogue import catalogue_load
from agencies.services.regions import read_regions, regions_load
from kernel.errors import DomainError
from kernel.models import Attachment
from kernel.services import attachments
from tests import factories as make
from tests.agencies.roster_files import code
from tests.agencies.test_roster_desk import imported
from tests.uploads import Watched, outside, stored

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.ATTACHMENT_ROOT = tmp_path


def test_a_paper_is_copied_before_its_transaction():
    file = Watched()
    paper = papers.paper_upload(agency=make.make_agency("draft"), purpose="other", file=file, name="a.pdf", actor=None)
    assert outside(file) and attachments.attachment_path(paper).read_bytes() == make.PDF


def test_a_letter_is_copied_before_the_claim_is_made():
    regions_load(tree=read_regions(), actor=None)
    catalogue_load(catalogue=catalogue.shipped(), actor=None)
    imported()
    file = Watched()
    claim = claims.agency_claim(code=code(1), file=file, file_name="a.pdf", actor=make.make_person())
    assert outside(file) and Attachment.objects.get().subject == f"claim:{claim.pk}"


def test_a_copy_within_a_transaction_would_be_noticed():
    file = Watched()
    with transaction.atomic():
        attachments.attachment_store(file=file, name="a.pdf", subject="x:1", purpose="other", actor=None)
    assert not outside(file)


PAGES = {"certificate_add": ("number", "scan"), "person_add": ("name", "proof")}


def sent(name, **changed):
    """The fields of a page that takes a paper."""
    paper = SimpleUploadedFile("a.pdf", make.PDF)
    fields = {
        "certificate_add": {"type": make.make_certificate_type().pk, "number": "A-1", "scan": paper},
        "person_add": {"name": "张三", "identity_number": make.make_identity(), "proof": paper},
    }  # fmt: skip
    return fields[name] | changed


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_copy_before_their_transaction(name, client, monkeypatch):
    agency = make.make_agency("active")
    client.force_login(make.owner_of(agency.organisation))
    depths, keep = [], attachments._keep

    def watched(*arguments):
        depths.append(len(connection.atomic_blocks))
        return keep(*arguments)

    monkeypatch.setattr(attachments, "_keep", watched)
    assert client.post(reverse(f"agencies:{name}"), sent(name)).status_code == 302
    row = Qualification.objects.get().scan if name == "certificate_add" else Practitioner.objects.get().proof
    assert row is not None and depths == [len(connection.atomic_blocks)]


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_refuses_leaves_no_file(name, client, tmp_path):
    agency = make.make_agency("active")
    client.force_login(make.owner_of(agency.organisation))
    taken = sent(name)
    client.post(reverse(f"agencies:{name}"), taken)
    before, rows = stored(tmp_path), Attachment.objects.count()
    again = taken | {PAGES[name][1]: SimpleUploadedFile("b.pdf", make.PDF)}
    assert client.post(reverse(f"agencies:{name}"), again).status_code == 200
    assert stored(tmp_path) == before and Attachment.objects.count() == rows


def test_a_refused_paper_leaves_neither_row_nor_file(tmp_path):
    gone, rows = make.make_agency("removed"), Attachment.objects.count()
    before = stored(tmp_path)
    with pytest.raises(DomainError):
        papers.paper_upload(agency=gone, purpose="other", file=io.BytesIO(make.PDF), name="a.pdf", actor=None)
    assert stored(tmp_path) == before and Attachment.objects.count() == rows


def test_a_claim_that_must_fail_leaves_no_file(tmp_path):
    before = stored(tmp_path)
    with pytest.raises(DomainError) as refused:
        claims.agency_claim(code=code(1), file=io.BytesIO(make.PDF), file_name="a.pdf", actor=make.make_person())
    assert refused.value.code == "claim.unknown" and stored(tmp_path) == before


def test_a_file_stays_with_its_row_alone(tmp_path):
    with attachments.attachment_taken(file=io.BytesIO(make.PDF), name="a.pdf") as kept:
        attachments.attachment_register(kept=kept, subject="x:1", purpose="other", actor=None)
    with pytest.raises(ZeroDivisionError), attachments.attachment_taken(file=io.BytesIO(make.PDF), name="a.pdf"):
        raise ZeroDivisionError
    assert [path.relative_to(tmp_path).as_posix() for path in stored(tmp_path)] == [kept.path]


def test_pictures_are_no_papers():
    picture = b"RIFF\x24\x00\x00\x00WEBPVP8 "
    with pytest.raises(DomainError) as refused, attachments.attachment_taken(file=io.BytesIO(picture), name="a.webp"):
        pass
    assert refused.value.code == "attachment.kind"
    with attachments.attachment_taken(file=io.BytesIO(picture), name="a.webp", kinds={"webp"}) as kept:
        assert kept.size == len(picture)
