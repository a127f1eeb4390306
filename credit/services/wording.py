"""Words that stay lazy: each recipient of a notice reads them in the own language."""

from __future__ import annotations

from django.utils.functional import lazy

from credit.selectors.rules import words
from credit.selectors.story import period_name, ranking_title, reworded

lazy_words = lazy(words, str)  # of the rulebook
lazy_title = lazy(ranking_title, str)  # of a ranking
lazy_period = lazy(period_name, str)
lazy_facts = lazy(lambda text: reworded(text).rstrip("。"), str)  # for the middle of a sentence
