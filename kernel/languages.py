"""Addresses of our pages in the languages of the site. What is stored names a page without a language; whoever shows or
sends it says in which language the reader wants it."""

from __future__ import annotations

import re

from django.conf import settings
from django.urls import translate_url
from django.utils import translation

_PREFIX = re.compile(rf"^/(?:{'|'.join(re.escape(code) for code, _name in settings.LANGUAGES)})(?=/|$)")


def neutral(path: str) -> str:
    """The path as it is stored: ``/en/work/`` becomes ``/work/``."""
    return _PREFIX.sub("", path) or "/" if path else ""


def localised(path: str, language: str | None = None) -> str:
    """A stored path as a reader of ``language`` follows it (default: the language of this request); a path that has no
    languages (files, the back office) stays as it is."""
    wanted = language or translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(settings.LANGUAGE_CODE):
        return translate_url(path, wanted)
