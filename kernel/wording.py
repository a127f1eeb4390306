"""Sentences with values in them that stay lazy: each recipient of a notice reads them in the own language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext as _


def _fill(text: Any, **values: Any) -> str:
    return str(text % values)


def _join(parts: Iterable[Any]) -> str:
    return _("、").join(map(str, parts))


def _one_after_another(*sentences: Any) -> str:
    text = ""
    for sentence in filter(None, map(str, sentences)):
        text = f"{text.rstrip()} {sentence}" if text[-1:].isascii() and text else text + sentence
    return text


# filled(_("还剩 %(n)s 天"), n=3); `%` itself would translate at once, for whoever runs the service. A value may be lazy
# too, or a row whose name depends on the language.
filled = lazy(_fill, str)
joined = lazy(_join, str)
# A sentence carries no blank at its end: where another follows, this puts one, after a full stop that is not a Chinese one.
sentences = lazy(_one_after_another, str)
