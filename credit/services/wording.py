"""Sentences with values in them that stay lazy: each recipient of a notice reads them in the own language."""

from __future__ import annotations

from typing import Any

from django.utils.functional import lazy

from credit.selectors.rules import words


def _fill(text: Any, values: dict[str, Any]) -> str:
    return str(text) % values


# filled(_("…%(n)s…"), {"n": 3}); `%` itself would translate at once, for whoever runs the service.
filled = lazy(_fill, str)
lazy_words = lazy(words, str)
