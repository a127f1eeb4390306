"""The catalogue's words in the reader's language.

Rows and orders hold the Chinese text, which is the binding one. What the shipped catalogue says in English of exactly
that text is read from its file, so a text edited in the back office never stands beside English that no longer fits:
it is shown in Chinese and marked as such.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import get_language
from jinja2 import Environment, pass_context
from jinja2.ext import Extension
from markupsafe import Markup

from agencies import catalogue


def english(text: str) -> str:
    """The English of a text of the catalogue (paper, basis, matter, scope, result, contract…), empty when unknown."""
    return catalogue.shipped().phrases.get(text.strip(), "")


def spoken(text: str, kept: str = "") -> str:
    """The text in the reader's language, plain: for choices, mails, search results. Chinese where English is unknown.
    ``kept`` is the English that was written down with the text; it goes before the catalogue's."""
    return (kept or english(text) or text) if _reads_english() else text


def phrase(text: str | None, kept: str = "") -> str:
    """The text in the reader's language for a page, marked where an English reader gets Chinese: ``{{ item.basis|phrase }}``.
    ``kept`` as in ``spoken``."""
    if not text or not _reads_english():
        return text or ""
    return kept or english(text) or Markup('<span lang="zh-Hans">{}</span>').format(text)


class Phrases(Extension):
    """Gives all templates the filters ``phrase`` and, where no markup may stand, ``spoken``."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.filters |= {"phrase": _at_render(phrase), "spoken": _at_render(spoken)}


def _at_render(function: Callable[..., str]) -> Callable[..., str]:
    # Asking for the context, Jinja2 leaves a constant's filter to the reader's language instead of folding it.
    @pass_context
    def read(context: Any, text: str, kept: str = "") -> str:
        return function(text, kept)

    return read


def _reads_english() -> bool:
    return (get_language() or "").startswith("en")
