"""A file is copied before a transaction begins: the copy lasts as long as the file is big, and SQLite has one writer."""

import io
import os

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
from kernel.services.stray_files import stray_files_sweep
from tests import factories as make
from tests.agencies.roster_files import code
from tests.agencies.test_roster_desk import imported

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.ATTACHMENT_ROOT = tmp_path


class Watched(io.BytesIO):
    """A paper that notes how many transactions are open inside each other whenever it is read."""

    def __init__(self):
        super().__init__(make.PDF)
        self.depths = set()

    def read(self, *args):
        self.depths.add(len(connection.atomic_blocks))
        return super().read(*args)


def stored(folder):
    return {path for path in folder.rglob("*") if path.is_file()}


def outside(file):
    """Whether the file was read in no transaction but the test's own."""
    assert file.depths
    return file.depths == {len(connection.atomic_blocks)}


def test_a_paper_is_copied_before_its_transaction():
    file = Watched()
    stored = papers.paper_upload(agency=make.make_agency("draft"), purpose="other", file=file, name="a.pdf", actor=None)
    assert outside(file) and attachments.attachment_path(stored).read_bytes() == make.PDF


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


@pytest.mark.parametrize("name", ["certificate_add", "person_add"])
def test_the_pages_copy_before_their_transaction(name, client, monkeypatch):
    agency = make.make_agency("active")
    client.force_login(make.owner_of(agency.organisation))
    kind, depths, keep = make.make_certificate_type(), [], attachments.attachment_keep

    def watched(**arguments):
        depths.append(len(connection.atomic_blocks))
        return keep(**arguments)

    monkeypatch.setattr("agencies.views.papers.attachment_keep", watched)
    monkeypatch.setattr("agencies.services.papers.attachment_keep", watched)
    fields = {
        "certificate_add": {"type": kind.pk, "number": "A-1", "scan": SimpleUploadedFile("a.pdf", make.PDF)},
        "person_add": {
            "name": "张三", "identity_number": make.make_identity(), "proof": SimpleUploadedFile("a.pdf", make.PDF),
        },
    }  # fmt: skip
    assert client.post(reverse(f"agencies:{name}"), fields[name]).status_code == 302
    row = Qualification.objects.get().scan if name == "certificate_add" else Practitioner.objects.get().proof
    assert row is not None and depths == [len(connection.atomic_blocks)]


def test_a_refused_paper_has_no_row_and_its_file_is_left_to_the_sweep(tmp_path):
    gone, rows = make.make_agency("removed"), Attachment.objects.count()
    before = stored(tmp_path)
    with pytest.raises(DomainError):
        papers.paper_upload(agency=gone, purpose="other", file=io.BytesIO(make.PDF), name="a.pdf", actor=None)
    left = stored(tmp_path) - before
    assert Attachment.objects.count() == rows and len(left) == 1
    for path in left:
        os.utime(path, (0, 0))
    assert stray_files_sweep() == 1 and stored(tmp_path) == before


def test_pictures_are_no_papers():
    picture = b"RIFF\x24\x00\x00\x00WEBPVP8 "
    with pytest.raises(DomainError) as refused:
        attachments.attachment_keep(file=io.BytesIO(picture), name="a.webp")
    assert refused.value.code == "attachment.kind"
    assert attachments.attachment_keep(file=io.BytesIO(picture), name="a.webp", kinds={"webp"}).size == len(picture)
