"""What a reviewer looks at: the file as submitted, the papers, the differences, what the machine noticed."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies import abolished, profile
from agencies.models import Agency, Review
from agencies.selectors import certificates, overview, registration, terms
from kernel import clock


def content(review: Review) -> dict[str, Any]:
    """``facts`` or ``diff`` by kind, and ``warnings``: what a rule will object to."""
    if review.kind == Review.Kind.LISTING:
        return _listing(review)
    if review.kind == Review.Kind.CHANGE:
        rows = [
            {"label": profile.label(name), "old": profile.words(name, pair[0]), "new": profile.words(name, pair[1])}
            for name, pair in review.changes.items()
        ]
        return {"diff": rows, "facts": [], "warnings": []}
    text = review.agency.introduction
    warnings = [f"“{claim.words}”：{claim.remedy}" for claim in abolished.find(text, clock.today())]
    return {"facts": overview.facts(review.agency), "diff": [], "warnings": warnings}


def files(agency: Agency) -> list[dict[str, Any]]:
    """The agency's papers as ``ui.files`` takes them."""
    return [
        {
            "name": row.name,
            "href": reverse("file", args=[row.pk]),
            "size": row.size,
            "at": row.uploaded_at,
            "by": row.uploaded_by,
            "note": registration.PURPOSES.get(row.purpose, row.purpose),
            "sha256": row.sha256,
        }
        for row in registration.papers(agency)
    ]


def _listing(review: Review) -> dict[str, Any]:
    version = review.listing_version
    listing = version.listing
    published = listing.version if listing.version_id != version.pk else None
    warnings: list[Any] = []
    known, held = certificates.types(), certificates.held_by([review.agency_id])[review.agency_id]
    lacking = certificates.unmet(listing.item, held, clock.today(), known)
    if lacking:
        warnings.append(_("缺少有效证书：%(papers)s") % {"papers": "、".join(map(str, lacking))})
    text = "\n".join((version.title, version.summary, version.not_included))
    warnings += [f"“{claim.words}”：{claim.remedy}" for claim in abolished.find(text, clock.today(), known.values())]
    low, high = listing.item.price_low_fen, listing.item.price_high_fen
    if low and high and not low <= version.unit_price_fen <= high:
        warnings.append(_("单价在目录常见价格范围之外，请核对单位和说明。"))
    return {
        "facts": terms.facts(version),
        "diff": terms.diff(published, version) if published else [],
        "samples": terms.samples(version),
        "warnings": warnings,
        "item": listing.item,
    }
