"""The pictures of a shop: hung up by its agency, taken down by it or by the desk."""

from __future__ import annotations

import io
from typing import IO

from django.db import transaction

from agencies import pictures
from agencies.models import Agency, Storefront
from agencies.services.steps import REVIEWERS, announce_agency, lock_agency, note
from kernel import access
from kernel.models import User
from kernel.services.attachments import attachment_register, attachment_taken


def storefront_picture_set(*, storefront: Storefront, kind: str, file: IO[bytes], actor: User | None) -> Storefront:
    """``kind``: "banner" or "mark". The picture is redrawn and stored before any lock is taken; an earlier one stays stored and
    is no longer shown. DomainError ``picture.*`` at the field ``kind``."""
    drawn = io.BytesIO(pictures.redrawn(file, kind))
    with attachment_taken(file=drawn, name=kind + pictures.EXTENSION, kinds={"webp"}) as kept:
        row = _locked(storefront)
        access.require_member(actor, row.agency.organisation)
        stored = attachment_register(kept=kept, subject=row.stream, purpose=kind, actor=actor)
        setattr(row, kind, stored)
        row.save(update_fields=[kind])
        note(row.agency, "storefront.pictured", actor=actor, kind=kind, sha256=stored.sha256)
        announce_agency(row.agency)
        return row


@transaction.atomic
def storefront_picture_remove(*, storefront: Storefront, kind: str, actor: User | None) -> Storefront:
    """Take a picture down; the page draws its own again. The agency does, or an officer of the centre."""
    row = _locked(storefront)
    mine = actor is None or access.belongs_to(actor, row.agency.organisation_id)
    access.require(mine or access.holds(actor, *REVIEWERS), "access.member")
    if kind not in pictures.SHAPES:
        raise ValueError(f"a storefront has no picture {kind}")
    if getattr(row, f"{kind}_id"):
        setattr(row, kind, None)
        row.save(update_fields=[kind])
        note(row.agency, "storefront.picture_removed", actor=actor, kind=kind)
        announce_agency(row.agency)
    return row


def _locked(storefront: Storefront) -> Storefront:
    agency: Agency = lock_agency(storefront.agency)
    row = Storefront.objects.select_for_update(of=("self",)).get(pk=storefront.pk)
    row.agency = agency
    return row
