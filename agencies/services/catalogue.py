"""Loading the catalogue from its files into the database, as often as wanted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Model

from agencies.catalogue import Catalogue, Item
from agencies.models import Category, CertificateType, Listing, ServiceItem
from kernel import access
from kernel.models import Membership, User
from kernel.services import audit, outbox

_BATCH = 200


@dataclass
class CatalogueLoad:
    """Codes that were created, brought up to the files, or left as they are."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


@transaction.atomic
def catalogue_load(*, catalogue: Catalogue, refresh: bool = False, actor: User | None) -> CatalogueLoad:
    """Put categories, service items and certificate types into the database, all or nothing.

    Missing ones are created. Existing ones stay as the county edited them, unless ``refresh``: then they are brought
    back to the files. Nothing is deleted. Loading twice changes nothing."""
    access.require_role(actor, Membership.Role.OPERATOR, Membership.Role.ADMINISTRATOR)
    done = CatalogueLoad()
    types = {t.code: _type_fields(t) for t in catalogue.certificate_types.values()}
    _upsert(CertificateType, types, refresh, done)
    _upsert(Category, {c.code: _category_fields(c) for c in catalogue.categories.values()}, refresh, done)
    rows = dict(Category.objects.values_list("code", "pk"))
    items = {i.code: {**_item_fields(i), "category_id": rows[i.category]} for i in catalogue.items.values()}
    _upsert(ServiceItem, items, refresh, done)
    if done.created or done.updated:
        audit.record(
            stream="catalogue:1",
            action="catalogue.loaded",
            actor=actor,
            data={"version": catalogue.version, "created": len(done.created), "updated": done.updated},
        )
    _announce(done)
    return done


def _announce(done: CatalogueLoad) -> None:
    """Listings of items that changed are shown with other words now."""
    codes = [key.partition(":")[2] for key in done.updated if key.startswith("serviceitem:")]
    for pk in Listing.objects.filter(item__code__in=codes).values_list("pk", flat=True):
        outbox.announce(topic="listing_changed", payload={"listing": pk})


def _upsert(model: type[Model], wanted: dict[str, dict[str, Any]], refresh: bool, done: CatalogueLoad) -> None:
    existing = {row.code: row for row in model.objects.filter(code__in=wanted).select_for_update()}
    new = [model(code=code, **fields) for code, fields in wanted.items() if code not in existing]
    model.objects.bulk_create(new, batch_size=_BATCH)
    done.created += [f"{model._meta.model_name}:{row.code}" for row in new]
    for code, row in existing.items():
        changed = [name for name, value in wanted[code].items() if getattr(row, name) != value] if refresh else []
        (done.updated if changed else done.kept).append(f"{model._meta.model_name}:{code}")
        for name in changed:
            setattr(row, name, wanted[code][name])
        if changed:
            row.save(update_fields=changed)


def _type_fields(entry: Any) -> dict[str, Any]:
    plain = "kind name_zh name_en validity_years authority abolished_on remedy_zh remedy_en note source"
    return {
        **_plain(entry, plain.split()),
        "synonyms": list(entry.synonyms),
        "levels": list(entry.levels),
        "number_pattern": entry.number_pattern or "",
        "abolished_levels": [
            {
                "level": gone.level,
                "abolished_on": gone.abolished_on.isoformat(),
                "remedy_zh": gone.remedy_zh,
                "remedy_en": gone.remedy_en,
            }
            for gone in entry.abolished_levels
        ],
    }


def _category_fields(entry: Any) -> dict[str, Any]:
    return {
        **_plain(entry, ["name_zh", "name_en", "icon"]),
        "position": entry.number,
        "synonyms": list(entry.synonyms),
    }


def _item_fields(item: Item) -> dict[str, Any]:
    plain = (
        "name_zh name_en basis matter_served who_commissions who_pays self_service_allowed size_trigger certificate_note "
        "statutory_days default_days price_control price_reference fee_unit price_low_fen price_high_fen min_fee_fen "
        "result_type external_review baseline_fee_fen baseline_days orderable"
    )
    return {
        **_plain(item, plain.split()),
        "synonyms": list(item.synonyms),
        "certificate_rule": item.certificate_rule.as_json(),
        "filings": list(item.filings),
        "people": list(item.people),
        "abolished_qualifications": list(item.abolished_qualifications),
        "steps": [
            {
                "code": step.code,
                "name_zh": step.name_zh,
                "name_en": step.name_en,
                "days": step.days,
                "post": step.post_zh,
                "post_en": step.post_en,
            }
            for step in item.steps
        ],
        "usually_includes": item.includes,
        "materials": [material.zh for material in item.materials],
        "template_contract": item.contract_text,
    }


def _plain(entry: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in names}
