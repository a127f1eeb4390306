"""Files people hand in: known kinds, told by content, bounded, served through a permission only."""

import io
import zipfile

import pytest
from django.test import Client

from kernel.errors import DomainError
from kernel.invariants import attachment_has_file
from kernel.models import Attachment
from kernel.registries import Subject, subjects
from kernel.services.attachments import attachment_path, attachment_store
from tests.factories import PDF, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.ATTACHMENT_ROOT = tmp_path


def _store(data=PDF, name="证书.pdf", subject="thing:1"):
    return attachment_store(file=io.BytesIO(data), name=name, subject=subject, purpose="scan", actor=None)


def _docx(inside="word/document.xml", size=10):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(inside, b"\0" * size)
    return buffer.getvalue()


def test_keeps_the_bytes_and_their_digest():
    import hashlib

    row = _store()
    assert attachment_path(row).read_bytes() == PDF
    assert row.sha256 == hashlib.sha256(PDF).hexdigest()
    assert row.content_type == "application/pdf"
    assert row.name not in row.path


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"MZ...", "a.exe", "attachment.kind"), (b"x", "noextension", "attachment.kind"), (b"", "a.pdf", "attachment.empty"),
        (b"<html>", "a.pdf", "attachment.mismatch"), (PDF, "a.png", "attachment.mismatch"),
        (b"PK\x03\x04broken", "a.docx", "attachment.damaged"), (_docx("evil/x"), "a.docx", "attachment.mismatch"),
        (b"\xd0\xcf\x11\xe0", "旧表.xls", "attachment.kind"),
    ],
)  # fmt: skip
def test_refuses_with_a_sentence_and_leaves_nothing(data, name, code, tmp_path):
    with pytest.raises(DomainError) as refused:
        _store(data, name)
    assert refused.value.code == code
    assert str(refused.value.remedy)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not Attachment.objects.exists()


def test_size_limits_count_unpacked_bytes_too(settings, monkeypatch):
    from kernel.services import attachments

    settings.ATTACHMENT_MAX_BYTES = 1000
    with pytest.raises(DomainError) as refused:
        _store(PDF + b"x" * 1000)
    assert refused.value.code == "attachment.too_big"
    settings.ATTACHMENT_MAX_BYTES = 10**6
    monkeypatch.setattr(attachments, "MAX_UNPACKED_BYTES", 5000)
    with pytest.raises(DomainError) as refused:
        _store(_docx(size=6000), "bomb.docx")
    assert refused.value.code == "attachment.damaged"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.pdf", "..\\x.pdf", "a\x00b\u202etxt.pdf", "好" * 400 + ".pdf", '<img src="x">.pdf']
)
def test_names_are_cleaned(name):
    row = _store(name=name)
    assert row.name.endswith(".pdf")
    assert len(row.name) <= 150
    assert not set('/\\<>"\x00\u202e') & set(row.name)


def test_download_asks_the_subject(monkeypatch):
    reader, stranger = make_person(), make_person()
    guard = Subject(may_read=lambda user, pk: user.pk == reader.pk and pk == 1, url=str, label=str)
    monkeypatch.setitem(subjects, "thing", guard)
    row = _store()
    for user, status in ((reader, 200), (stranger, 404), (None, 404)):
        client = Client()
        if user:
            client.force_login(user)
        response = client.get(f"/files/{row.pk}/")
        assert response.status_code == status
        if status == 200:
            assert response["Content-Disposition"].startswith("attachment")
            assert response["X-Content-Type-Options"] == "nosniff"
            assert b"".join(response.streaming_content) == PDF


def test_a_missing_file_is_found():
    row = _store()
    assert list(attachment_has_file()) == []
    attachment_path(row).unlink()
    assert any(str(row.pk) in sentence for sentence in attachment_has_file())
