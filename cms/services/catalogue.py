"""Saving from the back office: one door that checks, audits and announces, whatever form was used."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.forms.models import model_to_dict

from agencies.models import Listing, ServiceItem
from kernel import access, workdays
from kernel.models import CalendarDay, Membership, User
from kernel.services import audit, outbox

Role = Membership.Role


@transaction.atomic
def save(*, instance: models.Model, actor: User, form: Any) -> models.Model:
    """Store an edited row of the catalogue, calendar or regions.

    Only operators and administrators may. The change is audited field by field; listings of a changed item are
    indexed again; a changed calendar takes effect at once.
    """
    access.require(actor.is_superuser or access.holds(actor, Role.OPERATOR, Role.ADMINISTRATOR))
    model = type(instance)
    before = model_to_dict(model.objects.select_for_update().get(pk=instance.pk)) if instance.pk else {}
    instance.save()
    form.save_m2m()
    after = model_to_dict(instance)
    changes = {key: [str(before.get(key, "")), str(value)] for key, value in after.items() if before.get(key) != value}
    stream = f"{model._meta.model_name}:{instance.pk}"
    audit.record(stream=stream, action="catalogue.saved", actor=actor, data={"changes": changes})
    if isinstance(instance, ServiceItem):
        for pk in Listing.objects.filter(item=instance, version__isnull=False).values_list("pk", flat=True):
            outbox.announce(topic="listing_changed", payload={"listing": pk})
    if isinstance(instance, CalendarDay):
        transaction.on_commit(workdays.forget_overrides)
    return instance
