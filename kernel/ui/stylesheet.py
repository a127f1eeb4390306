"""All component styles as one stylesheet under a content-hashed address, cached for good.

Files are joined once, in layer order, at first use; while ``DEBUG`` is on they are read on every request. An app may
add one file of its own, ``<app>/static/<app>/pages.css``, in the layer ``pages``.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

FOLDER = Path(__file__).resolve().parent.parent / "static" / "ui"
LAYERS = ("tokens", "base", "layout", "components", "pages", "elder", "print")
FIRST, LAST = ("tokens", "base", "layout"), ("elder", "print")


@dataclass(frozen=True)
class Stylesheet:
    """``body`` is the joined text in UTF-8; ``digest`` names it in the address."""

    body: bytes
    digest: str


def stylesheet() -> Stylesheet:
    """The joined stylesheet of today's files."""
    return _join() if settings.DEBUG else _joined_once()


def stylesheet_url() -> str:
    """Its address, new whenever a file changes."""
    digest = stylesheet().digest
    try:
        return reverse("stylesheet", args=[digest])
    except NoReverseMatch:
        return f"/ui/{digest}.css"


def serve(request: HttpRequest, digest: str) -> HttpResponse:
    """The view behind ``stylesheet_url``; an old digest is answered 404 so that no cache mixes versions."""
    sheet = stylesheet()
    if digest != sheet.digest:
        raise Http404
    response = HttpResponse(sheet.body, content_type="text/css; charset=utf-8")
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.content = gzip.compress(sheet.body, mtime=0)
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def files() -> list[Path]:
    """The style files in the order in which they are joined."""
    named = {path.stem: path for path in sorted(FOLDER.glob("*.css"))}
    middle = [path for stem, path in named.items() if stem not in FIRST + LAST]
    pages = [Path(config.path) / "static" / config.label / "pages.css" for config in apps.get_app_configs()]
    ordered = [named[stem] for stem in FIRST] + middle + [path for path in pages if path.exists()]
    return ordered + [named[stem] for stem in LAST]


def _join() -> Stylesheet:
    parts = [f"@layer {', '.join(LAYERS)};"]
    for path in files():
        parts.append(_squeeze(path.read_text("utf-8")))
    body = "\n".join(parts).encode()
    return Stylesheet(body, hashlib.sha256(body).hexdigest()[:16])


@lru_cache(maxsize=1)
def _joined_once() -> Stylesheet:
    return _join()


def _squeeze(text: str) -> str:
    without_comments = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    return re.sub(r"\n\s*", "\n", without_comments).strip()
