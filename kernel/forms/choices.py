"""The empty choice of a list, in words."""

from __future__ import annotations

from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

DASHES = "---------"  # what Django writes where a form says nothing else


def asking(bound: BoundField) -> BoundField:
    """The same field; an empty choice that nobody named asks to choose, instead of a row of dashes."""
    if getattr(bound.field, "empty_label", None) == DASHES:
        bound.field.empty_label = _("请选择")  # the field is the form's own copy
    return bound
