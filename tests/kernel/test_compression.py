"""Pages, style and script travel compressed to whoever takes it so; papers as they are."""

from __future__ import annotations

import gzip
import io

import pytest
from django.test import Client

from kernel.services.attachments import attachment_store
from tests.factories import PDF, make_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/styleguide/", "/static/ui/forms.js"])
def test_what_is_text_is_compressed(client: Client, path: str) -> None:
    plain, packed = client.get(path), client.get(path, headers={"Accept-Encoding": "gzip"})
    assert plain.status_code == packed.status_code == 200
    body = b"".join(packed) if packed.streaming else packed.content
    assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
    whole = b"".join(plain) if plain.streaming else plain.content
    assert len(body) * 2 < len(whole)
    assert len(gzip.decompress(body)) == pytest.approx(len(whole), rel=0.01)


def test_a_download_keeps_its_length(settings, tmp_path) -> None:
    """A paper is compressed already, and a browser shows by its length how far it is."""
    settings.ATTACHMENT_ROOT = tmp_path
    person, paper = make_person(), PDF + b"%" * 4000
    row = attachment_store(
        file=io.BytesIO(paper), name="a.pdf", subject=f"upload:{person.pk}", purpose="scan", actor=None
    )
    client = Client()
    client.force_login(person)
    packed = client.get(f"/files/{row.pk}/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in packed.headers and packed.headers["Content-Length"] == str(len(paper))
    assert b"".join(packed.streaming_content) == paper
