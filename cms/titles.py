"""The title of a published ranking, worded as on credit's own page of the list."""

from __future__ import annotations

from django.utils.translation import gettext as _

from credit.models import RankingPublication
from credit.selectors import period_name


def ranking_title(publication: RankingPublication) -> str:
    name = publication.category.name if publication.category else _("总览")
    return _("%(period)s信用排行：%(scope)s") % {"period": period_name(publication.period), "scope": name}
