"""What a reviewer looks at: the file as submitted, the papers, the differences, what the machine noticed."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from agencies import abolished, profile
from agencies.models import Practitioner, Qualification, Review
from agencies.selectors import certificates, overview, registration, terms
from kernel import clock
from kernel.models import Attachment
from kernel.ui.format import date_cn


def brought(review: Any, papers: list[Attachment]) -> list[Attachment]:
    """Of an agency's papers those that came with this submission (a row of ``selectors.reviews.case``): a change has its
    own, of an entry it is what was uploaded since the one before was decided. A listing brings none."""
    if review.kind != Review.Kind.ENTRY:
        return [paper for paper in papers if paper.subject == review.stream]
    since = review.decided_before
    return [paper for paper in papers if since is None or paper.uploaded_at > since]


def content(review: Review, came: list[Attachment]) -> dict[str, Any]:
    """``facts`` or ``diff`` by kind, ``blanks`` (what was left empty), and ``warnings``: what a rule will object to.
    ``came``: the papers that came with it (``brought``)."""
    if review.kind == Review.Kind.LISTING:
        return _listing(review)
    if review.kind == Review.Kind.CHANGE:
        rows = [
            {"label": profile.label(name), "old": profile.words(name, pair[0]), "new": profile.words(name, pair[1])}
            for name, pair in review.changes.items()
        ]
        proved = [str(profile.label(name)) for name in review.changes if name in profile.PROVED_FIELDS]
        words = _("改了%(fields)s，没有随附证明；请退回，请其附上换发的登记证书或批准文件。")
        lacking = proved and not came and review.status == Review.Status.PENDING
        return {"diff": rows, "facts": [], "warnings": [words % {"fields": _("、").join(proved)}] if lacking else []}
    text = review.agency.introduction
    warnings = [f"“{claim.words}”：{claim.remedy}" for claim in abolished.find(text, clock.today())]
    told, blanks = overview.file(review.agency)
    return {"facts": told, "blanks": blanks, "diff": [], "warnings": warnings}


def checks(
    review: Review, papers: list[Attachment], certificates: list[Qualification], people: list[Practitioner]
) -> list[dict[str, Any]]:
    """What an officer looks at before an entry goes public, as ``ui.checklist`` takes it: each point with what the
    machine can tell of it. It decides nothing; the services ask their own questions."""
    agency, purposes = review.agency, {paper.purpose for paper in papers}
    waiting = [row for row in certificates if row.status == Qualification.Status.PENDING]
    ended = [row for row in certificates if row.expires_on and row.expires_on < clock.today()]
    unproved = [row for row in people if not row.proof_id]
    found = [
        _check(
            registration.LICENCE in purposes, _("营业执照"), _("已上传；请核对名称、代码与申报一致，经营范围含所报类别")
        ),
        _check(bool(agency.committed_at), _("已签署入驻承诺"), agency.committed_at and date_cn(agency.committed_at)),
        _check(
            registration.COMMITMENT in purposes,
            _("盖章的承诺书"),
            absent=_("没有上传；需要时可退回请其补交"),
            soft=True,
        ),
        _check(
            agency.affiliation_declared, _("隶属关系已申报"), agency.affiliated_with and agency.affiliated_with.name
        ),
    ]
    if agency.parent_id:
        found.append(_check(registration.AUTHORISATION in purposes, _("总公司授权书")))
    if certificates:
        found.append(_check(not ended, _("证书都在有效期内"), absent=_("%(n)s 份已过期") % {"n": len(ended)}))
        found.append(_check(not waiting, _("证书已逐份核验"), absent=_("%(n)s 份待核验，见下表") % {"n": len(waiting)}))
    if people:
        text = _("人员都有社保证明")
        found.append(_check(not unproved, text, absent=_("%(n)s 人没有附证明") % {"n": len(unproved)}, soft=True))
    else:
        found.append(_check(False, _("从业人员"), absent=_("还没有登记，可以入驻后补"), soft=True))
    return found


def _check(good: bool, text: Any, note: Any = None, *, absent: Any = None, soft: bool = False) -> dict[str, Any]:
    """A point to check: good as far as the machine can tell, missing, or (``soft``) worth a look."""
    state = "done" if good else "warn" if soft else "bad"
    word = _("系统已核对") if good else _("请留意") if soft else _("缺少")
    return {"text": text, "state": state, "word": word, "note": note if good else absent or _("缺少")}


def files(papers: list[Attachment]) -> list[dict[str, Any]]:
    """Papers of an agency as ``ui.files`` takes them."""
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
        for row in papers
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
        "usual": terms.usual(version, listing.item),
        "warnings": warnings,
        "item": listing.item,
    }
