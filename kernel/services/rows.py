"""An administrator's edit of a plain row (catalogue, calendar, regions): locked, checked, audited field by field.

The services of the owning rooms call it and add what their row means to others; nobody else does."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from kernel import access
from kernel.errors import DomainError
from kernel.models import Membership, User
from kernel.services import audit

Row = TypeVar("Row", bound=models.Model)
EDITORS = (Membership.Role.OPERATOR, Membership.Role.ADMINISTRATOR)


@transaction.atomic
def row_save(
    *, model: type[Row], pk: int | None, values: dict[str, Any], actor: User | None
) -> tuple[Row, dict[str, list[str]]]:
    """Set ``values`` (field → value) on the row ``pk``, or make a new one when it is None.

    Operators, administrators and the superuser may. Returns the row and what changed: field → [before, after]; other
    fields keep what somebody else may have written meanwhile. Raises ``DomainError`` for values the row cannot hold."""
    row = model._default_manager.select_for_update().get(pk=pk) if pk else model()
    access.require(actor is None or actor.is_superuser or access.holds(actor, *EDITORS), "access.role")
    before = model_to_dict(row) if pk else {}
    for name, value in values.items():
        setattr(row, name, value)
    _store(row)
    after = model_to_dict(row)
    changes = {
        name: [str(before.get(name, "")), str(value)] for name, value in after.items() if before.get(name) != value
    }
    name = model._meta.model_name
    if changes:
        audit.record(stream=f"{name}:{row.pk}", action=f"{name}.saved", actor=actor, data={"changes": changes})
    return row, changes


def _store(row: models.Model) -> None:
    remedy = _("请检查填写的内容后再保存。")
    try:
        row.full_clean()
        with transaction.atomic():
            row.save()
    except ValidationError as error:
        raise DomainError("row.invalid", "；".join(error.messages), remedy) from None
    except IntegrityError:
        raise DomainError("row.taken", _("另一人刚刚保存了相同的内容。"), remedy) from None
