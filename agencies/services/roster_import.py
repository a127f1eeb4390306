"""Importing a directory roster: preview first, then all of it in one transaction or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agencies.models import Agency, Category, CertificateType, Qualification
from agencies.roster import RosterCertificate, RosterFault, read_roster
from agencies.roster.entries import RosterContent, RosterEntry, gather
from agencies.services.roster_plan import ORGANISATION_FIELDS, Change, Plan, plan, values_of, vocabulary
from kernel import access, clock
from kernel.errors import DomainError
from kernel.models import Membership, Organisation, User
from kernel.services import audit

IMPORTERS = (Membership.Role.OPERATOR, Membership.Role.ADMINISTRATOR)
# Hears (stage, done): stages "read" (rows) and "write" (agencies).
Progress = Callable[[str, int], None]
_BATCH = 200


@dataclass(frozen=True)
class RosterPreview:
    """What the file would do, or did. ``faults`` in the order of the rows; ``sha256`` names the file that was read."""

    sha256: str
    rows: int
    new: list[RosterEntry]
    changed: list[Change]
    unchanged: list[RosterEntry]
    faults: list[RosterFault]

    @property
    def refused(self) -> RosterFault | None:
        """The fault that makes the file as a whole unusable."""
        return next((found for found in self.faults if found.severity == "file"), None)

    @property
    def errors(self) -> list[RosterFault]:
        return [found for found in self.faults if found.blocks]

    @property
    def warnings(self) -> list[RosterFault]:
        return [found for found in self.faults if not found.blocks]

    @property
    def bad_rows(self) -> int:
        """Rows that stay out."""
        return len({found.row for found in self.errors})

    @property
    def agencies(self) -> int:
        return len(self.new) + len(self.changed) + len(self.unchanged)


def roster_preview(
    *, file: IO[bytes], name: str, region: str, actor: User | None, progress: Progress | None = None
) -> RosterPreview:
    """Read and check the whole file and compare it with the register; nothing is changed. ``region``: code of where
    agencies go whose own region is blank or unknown."""
    access.require_role(actor, *IMPORTERS)
    sha256 = _digest(file)
    content = _read(file, name, progress)
    return _preview(sha256, content, plan(content, region))


def roster_import(
    *,
    file: IO[bytes],
    name: str,
    region: str,
    skip_faulty: bool = False,
    actor: User | None,
    progress: Progress | None = None,
) -> RosterPreview:
    """Put the roster into the register: all good rows in one transaction, or nothing.

    With faulty rows the import is refused (``roster.faulty``) unless ``skip_faulty`` says that the faults were seen and
    those rows stay out. Agencies enter as ``imported``, waiting to be claimed; one imported before is brought up to
    date; one that was claimed keeps its own data. Certificates enter unchecked. The same file again changes nothing.
    """
    access.require_role(actor, *IMPORTERS)
    sha256 = _digest(file)
    content = _read(file, name, progress)
    if content.refused:
        raise DomainError("roster.unreadable", content.refused.sentence, content.refused.remedy, field="file")
    try:
        with transaction.atomic():
            made = plan(content, region, lock=True)
            found = _preview(sha256, content, made)
            if found.errors and not skip_faulty:
                raise _faulty(found)
            _write(made, name, sha256, actor, progress)
    except IntegrityError:
        raise DomainError(
            "roster.changed", _("导入期间名录中的机构有变动，没有写入任何内容。"), _("请重新预览后再导入。")
        ) from None
    return found


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(256 * 1024):
        digest.update(chunk)
    return digest.hexdigest()


def _read(file: IO[bytes], name: str, progress: Progress | None) -> RosterContent:
    stream = read_roster(file, name, today=clock.today(), words=vocabulary())
    return gather(stream, (lambda done: progress("read", done)) if progress else None)


def _preview(sha256: str, content: RosterContent, made: Plan) -> RosterPreview:
    faults = sorted([*content.faults, *made.faults], key=lambda f: (f.row is not None, f.row or 0))
    return RosterPreview(sha256, content.good_rows, made.new, made.changed, made.unchanged, faults)


def _faulty(found: RosterPreview) -> DomainError:
    return DomainError(
        "roster.faulty",
        ngettext("有 %(n)s 行不能导入，没有写入任何内容。", "有 %(n)s 行不能导入，没有写入任何内容。", found.bad_rows)
        % {"n": found.bad_rows},
        _("请按问题清单改正后重新上传，或确认跳过这些行。"),
        field="file",
    )


def _write(made: Plan, name: str, sha256: str, actor: User | None, progress: Progress | None) -> None:
    categories = dict(Category.objects.values_list("code", "pk"))
    types = dict(CertificateType.objects.values_list("code", "pk"))
    done = 0
    for start in range(0, len(made.new), _BATCH):
        batch = made.new[start : start + _BATCH]
        _create(batch, made, categories, types, sha256, actor)
        done += len(batch)
        if progress:
            progress("write", done)
    for change in made.changed:
        _apply(change, categories, types, sha256, actor)
        done += 1
        if progress and done % 50 == 0:
            progress("write", done)
    if made.new or made.changed:
        data = {"file": name[:120], "sha256": sha256, "new": len(made.new), "changed": len(made.changed)}
        audit.record(stream="roster:1", action="roster.imported", actor=actor, data=data)
    if progress:
        progress("write", done)


def _create(
    batch: list[RosterEntry],
    made: Plan,
    categories: dict[str, int],
    types: dict[str, int],
    sha256: str,
    actor: User | None,
) -> None:
    moment = clock.now()
    organisations, agencies = [], []
    for entry in batch:
        values = values_of(entry)
        of_organisation = {key: values.pop(key) for key in ORGANISATION_FIELDS if key in values}
        organisation = Organisation(
            kind=Organisation.Kind.AGENCY,
            name=entry.name,
            uscc=entry.uscc,
            region=made.regions[entry.uscc],
            invoice_title=entry.name,
            created_at=moment,
            **of_organisation,
        )
        organisations.append(organisation)
        agencies.append(Agency(organisation=organisation, status=Agency.Status.IMPORTED, created_at=moment, **values))
    Organisation.objects.bulk_create(organisations)
    for agency in agencies:
        agency.organisation_id = agency.organisation.pk
    Agency.objects.bulk_create(agencies)
    link = Agency.categories.through
    links, papers = [], []
    for agency, entry in zip(agencies, batch, strict=True):
        links += [link(agency_id=agency.pk, category_id=categories[code]) for code in entry.categories]
        papers += [_paper(agency, held, types, moment) for held in entry.certificates]
    link.objects.bulk_create(links)
    Qualification.objects.bulk_create(papers)
    _audit_new(batch, organisations, agencies, sha256, actor)


def _audit_new(
    batch: list[RosterEntry], organisations: list[Organisation], agencies: list[Agency], sha256: str, actor: User | None
) -> None:
    kind = Organisation.Kind.AGENCY.value
    audit.record_first(
        action="organisation.created",
        actor=actor,
        streams={f"organisation:{row.pk}": {"name": row.name, "kind": kind, "roster": sha256} for row in organisations},
    )
    audit.record_first(
        action="agency.imported",
        actor=actor,
        streams={
            agency.stream: {"roster": sha256, "rows": list(entry.rows), "note": entry.note}
            for agency, entry in zip(agencies, batch, strict=True)
        },
    )


def _paper(agency: Agency, held: RosterCertificate, types: dict[str, int], moment: Any) -> Qualification:
    return Qualification(
        agency=agency,
        type_id=types[held.type],
        level=held.level,
        number=held.number,
        issued_on=held.issued_on,
        expires_on=held.expires_on,
        created_at=moment,
    )


def _apply(change: Change, categories: dict[str, int], types: dict[str, int], sha256: str, actor: User | None) -> None:
    agency, organisation = change.agency, change.agency.organisation
    for name, (_before, after) in change.fields.items():
        setattr(organisation if name in ORGANISATION_FIELDS else agency, name, after)
    agency.save(update_fields=[name for name in change.fields if name not in ORGANISATION_FIELDS])
    organisation.save(update_fields=[name for name in change.fields if name in ORGANISATION_FIELDS])
    agency.categories.add(*[categories[code] for code in change.categories])
    for held in change.certificates:
        rows = Qualification.objects.filter(
            agency=agency, type_id=types[held.type], number=held.number, renews__isnull=True, status="pending"
        )
        dates = {"level": held.level, "issued_on": held.issued_on, "expires_on": held.expires_on}
        if not rows.update(**dates):
            _paper(agency, held, types, clock.now()).save()
    audit.record(
        stream=agency.stream,
        action="agency.import_updated",
        actor=actor,
        data={
            "roster": sha256,
            "rows": list(change.entry.rows),
            "fields": {name: [str(before or ""), str(after)] for name, (before, after) in change.fields.items()},
            "categories": change.categories,
            "certificates": [[held.type, held.number] for held in change.certificates],
        },
    )
