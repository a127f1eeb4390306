"""Loading the region tree from its file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from agencies.catalogue import DATA
from kernel import access
from kernel.models import Membership, Region, User
from kernel.services import audit

LEVELS = (Region.Level.PROVINCE, Region.Level.CITY, Region.Level.COUNTY)


def read_regions(path: Path | None = None) -> list[dict[str, Any]]:
    """The tree of the file: code, name, name_en and children."""
    return yaml.safe_load((path or DATA / "regions.yaml").read_text(encoding="utf-8"))


@transaction.atomic
def regions_load(*, tree: list[dict[str, Any]], actor: User | None) -> int:
    """Create the divisions that are missing, parents first; returns how many. Existing ones are left as they are."""
    access.require_role(actor, Membership.Role.OPERATOR, Membership.Role.ADMINISTRATOR)
    known = {region.code: region for region in Region.objects.all()}
    created: list[str] = []
    _plant(tree, None, 0, known, created)
    if created:
        audit.record(stream="regions:1", action="regions.loaded", actor=actor, data={"codes": created})
    return len(created)


def _plant(
    tree: list[dict[str, Any]], parent: Region | None, depth: int, known: dict[str, Region], created: list[str]
) -> None:
    for entry in tree:
        code = str(entry["code"])
        if code not in known:
            known[code] = Region.objects.create(
                code=code, name=entry["name"], name_en=entry.get("name_en", ""), level=LEVELS[depth], parent=parent
            )
            created.append(code)
        _plant(entry.get("children", []), known[code], depth + 1, known, created)
