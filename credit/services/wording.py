"""Words of the rulebook that stay lazy: each recipient of a notice reads them in the own language."""

from __future__ import annotations

from django.utils.functional import lazy

from credit.selectors.rules import words

lazy_words = lazy(words, str)
