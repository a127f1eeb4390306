"""The template contract of an item as a visitor reads it: its open places filled with what the item itself says."""

from __future__ import annotations

import re

from django.utils import translation
from django.utils.translation import gettext as _

from agencies.models import ServiceItem
from agencies.phrases import spoken

_PLACE = re.compile(r"\{(\w+)\}")


def contract_points(item: ServiceItem) -> tuple[str, bool]:
    """The clauses, and whether they are in the reader's language: an edited contract is in Chinese for everybody.

    An order fills the same places with what was agreed (``orders.contract_text``)."""
    text = spoken(item.template_contract)
    own = text != item.template_contract or translation.get_language() != "en"
    with translation.override(translation.get_language() if own else "zh-hans"):
        values = {
            "item": item.name,
            "matter": spoken(item.matter_served),
            "result": spoken(item.result_type),
            "materials": _("、").join(spoken(paper) for paper in map(str, item.materials)),
            "unit": item.get_fee_unit_display(),
            "days": str(item.default_days),
        }
    return _PLACE.sub(lambda found: values.get(found.group(1), found.group(0)), text), own
