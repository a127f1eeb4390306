"""What importing a roster would do, agency by agency, compared with the register as it is. Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db.models import Prefetch, Value
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Category, CertificateType, Qualification
from agencies.roster import RosterCertificate, RosterFault, Vocabulary
from agencies.roster.entries import RosterContent, RosterEntry
from agencies.roster.faults import fault
from agencies.roster.vocabulary import folded
from kernel.accounts import normalise_mobile
from kernel.errors import DomainError
from kernel.models import Organisation, Region

# One comparison reads this many agencies: few statements, bounded memory.
_BATCH = 5000
# Fields that a second import may bring up to date, as long as nobody has claimed the agency.
AGENCY_FIELDS = ("legal_representative", "contact_name", "contact_mobile", "email", "founded_on")
ORGANISATION_FIELDS = ("address", "phone")


@dataclass
class Change:
    """What differs for an agency imported before: field → (before, after), and what is added."""

    agency: Agency
    entry: RosterEntry
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    categories: list[str] = field(default_factory=list)
    certificates: list[RosterCertificate] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.fields or self.categories or self.certificates)

    @property
    def spoken(self) -> list[tuple[str, Any, Any]]:
        """The changed fields by the names people read."""
        models = {name: Organisation if name in ORGANISATION_FIELDS else Agency for name in self.fields}
        return [(str(models[n]._meta.get_field(n).verbose_name), *pair) for n, pair in self.fields.items()]


@dataclass
class Plan:
    """Entries sorted by what would happen to them. ``regions``: USCC → where the organisation is put."""

    new: list[RosterEntry] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: list[RosterEntry] = field(default_factory=list)
    faults: list[RosterFault] = field(default_factory=list)
    regions: dict[str, Region] = field(default_factory=dict)


def vocabulary() -> Vocabulary:
    """The roster's words, limited to categories and certificate types that the register knows and uses; one query."""
    categories = Category.objects.filter(active=True).order_by().values_list("code", Value("category"))
    types = CertificateType.objects.order_by().values_list("code", Value("type"))
    codes = list(categories.union(types, all=True))
    return Vocabulary.shipped().only(*([code for code, what in codes if what == kind] for kind in ("category", "type")))


def plan(content: RosterContent, region: str, *, lock: bool = False) -> Plan:
    """Compare each entry with the register, in batches. ``region``: code of where agencies go whose own is blank or unknown.
    ``lock`` holds the rows that will be written (inside the import's transaction)."""
    made = Plan()
    places = _Regions(region)
    entries = iter(content.entries.values())
    while batch := list(islice(entries, _BATCH)):
        known = _register(batch, lock)
        for entry in batch:
            made.regions[entry.uscc] = places.of(entry, made.faults)
            _sort(entry, known.get(entry.uscc), made)
    return made


def _sort(entry: RosterEntry, organisation: Organisation | None, made: Plan) -> None:
    row = entry.rows[0]
    if organisation is None:
        made.new.append(entry)
        return
    if organisation.kind != Organisation.Kind.AGENCY:
        made.faults.append(fault("register.other_kind", row, "", entry.uscc, name=organisation.name))
        return
    if folded(organisation.name) != folded(entry.name):
        made.faults.append(fault("register.other_name", row, "", entry.name, name=organisation.name))
        return
    agency = getattr(organisation, "agency", None)
    if agency is None or agency.status != Agency.Status.IMPORTED:
        made.faults.append(fault("register.claimed", row, "", entry.name))
        made.unchanged.append(entry)
        return
    change = _difference(agency, entry)
    if change:
        made.changed.append(change)
    else:
        made.unchanged.append(entry)


def _register(batch: list[RosterEntry], lock: bool) -> dict[str, Organisation]:
    """The organisations of these codes with their agencies, by code; three queries, and two locks when asked."""
    codes = [entry.uscc for entry in batch]
    if lock:
        list(
            Organisation.objects.filter(uscc__in=codes).order_by("pk").select_for_update(no_key=True).values_list("pk")
        )
        list(
            Agency.objects.filter(organisation__uscc__in=codes)
            .order_by("pk")
            .select_for_update(of=("self",), no_key=True)
        )
    papers = Prefetch("agency__qualifications", Qualification.objects.select_related("type"))
    rows = Organisation.objects.filter(uscc__in=codes).select_related("agency")
    return {row.uscc: row for row in rows.prefetch_related("agency__categories", papers)}


def values_of(entry: RosterEntry) -> dict[str, Any]:
    """The entry as fields of the agency and its organisation; blank ones say nothing and are left out."""
    mobiles = [phone for phone in entry.phones if phone.startswith("1")]
    values = {
        "legal_representative": entry.legal_representative,
        "contact_name": entry.contact,
        "contact_mobile": normalise_mobile(mobiles[0]) if mobiles else "",
        "email": entry.email,
        "founded_on": entry.founded_on,
        "address": entry.address,
        "phone": _fitting(entry.phones),
    }
    return {name: value for name, value in values.items() if value}


def _fitting(phones: tuple[str, ...]) -> str:
    """As many numbers as the field holds."""
    kept = ""
    for phone in phones:
        longer = f"{kept}、{phone}" if kept else phone
        if len(longer) > 30:
            break
        kept = longer
    return kept


def _difference(agency: Agency, entry: RosterEntry) -> Change:
    change = Change(agency, entry)
    for name, after in values_of(entry).items():
        before = getattr(agency.organisation if name in ORGANISATION_FIELDS else agency, name)
        if before != after:
            change.fields[name] = (before, after)
    held = {category.code for category in agency.categories.all()}
    change.categories = [code for code in entry.categories if code not in held]
    papers = {(paper.type.code, paper.number): paper for paper in agency.qualifications.all() if not paper.renews_id}
    change.certificates = [c for c in entry.certificates if _differs(papers.get((c.type, c.number)), c)]
    return change


def _differs(paper: Qualification | None, wanted: RosterCertificate) -> bool:
    """A certificate is new, or an unchecked one says something else. What an officer has checked stays."""
    if paper is None:
        return True
    same = (paper.level, paper.issued_on, paper.expires_on) == (wanted.level, wanted.issued_on, wanted.expires_on)
    return not same and paper.status == Qualification.Status.PENDING


class _Regions:
    """Region names as rosters write them → regions: the full name, or without 省, 市, 县, 区; several parts joined."""

    def __init__(self, default: str) -> None:
        self._by_name: dict[str, Region] = {}
        regions = {region.code: region for region in Region.objects.order_by("code")}
        if default not in regions:
            raise DomainError("roster.region", _("没有这个区划代码。"), _("请选择已登记的区域。"), field="region")
        self._default = regions[default]
        for region in regions.values():
            for spelling in self._spellings(region):
                self._by_name.setdefault(spelling, region)

    @staticmethod
    def _spellings(region: Region) -> Iterator[str]:
        yield region.name
        if len(region.name) > 2 and region.name[-1] in "省市县区":
            yield region.name[:-1]

    def of(self, entry: RosterEntry, faults: list[RosterFault]) -> Region:
        text = folded(entry.region)
        if not text:
            return self._default
        if text in self._by_name:
            return self._by_name[text]
        ends = [name for name in self._by_name if text.endswith(name) and len(name) > 2]  # 浙江省嘉宁市澄湖市
        if ends:
            return self._by_name[max(ends, key=len)]
        faults.append(
            fault("register.region", entry.rows[0], "", entry.region, word=entry.region, used=self._default.name)
        )
        return self._default
