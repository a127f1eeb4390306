"""Pages, style and script travel compressed to whoever takes it so."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

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
