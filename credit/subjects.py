"""How the kernel meets cases and rankings: who may read their papers, where they are shown, what they are called."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from credit.models import Case, RankingPublication
from credit.selectors.cases import READERS, cases_for
from credit.selectors.story import ranking_title
from kernel import access
from kernel.registries import Subject, subjects


def _of_case(user: Any, pk: int) -> bool:
    return cases_for(user).filter(pk=pk).exists()


def _of_ranking(user: Any, pk: int) -> bool:
    return access.holds(user, *READERS)


def _number(model: Any, pk: int) -> str:
    return model.objects.values_list("number", flat=True).get(pk=pk)


def _case_url(pk: int) -> str:
    return reverse("credit:case", args=[_number(Case, pk)])


def _ranking_url(pk: int) -> str:
    return reverse("credit:ranking", args=[_number(RankingPublication, pk)])


def _ranking_title(pk: int) -> str:
    return ranking_title(RankingPublication.objects.select_related("category").defer("content").get(pk=pk))


subjects.register("case")(Subject(_of_case, _case_url, lambda pk: _number(Case, pk)))
subjects.register("ranking")(Subject(_of_ranking, _ranking_url, _ranking_title))
