"""Papers of a case: the officers' evidence, the agency's proof in its defence."""

from __future__ import annotations

from typing import IO

from django.utils.translation import gettext_lazy as _

from credit.models import Case
from kernel import access
from kernel.errors import DomainError
from kernel.models import Attachment, Membership, User
from kernel.services import audit
from kernel.services.attachments import Kept, attachment_register, attachment_taken

OFFICER = Membership.Role.CREDIT_OFFICER
EVIDENCE, PROOF = "case.evidence", "case.defence"
# While there is something to prove; afterwards the file is closed.
FOR_OFFICERS = (Case.Status.INTAKE, Case.Status.ALLEGED)
FOR_AGENCY = (Case.Status.NOTICED, Case.Status.DEFENDED)


def case_paper_add(*, case: Case, file: IO[bytes], name: str, actor: User) -> Attachment:
    """File a paper under the case: an officer before the notice (afterwards the agency would defend itself against
    other evidence than it was told), a member of the agency between the notice and the decision. The file is copied
    before the case is locked, and gone again when it is refused."""
    with attachment_taken(file=file, name=name) as kept:
        return _file(case, kept, actor)


def _file(case: Case, kept: Kept, actor: User) -> Attachment:
    case = Case.objects.select_for_update(of=("self",)).select_related("agency").get(pk=case.pk)
    member = access.belongs_to(actor, case.agency.organisation_id)
    access.require(member or access.holds(actor, OFFICER), "access.role")
    if case.status not in (FOR_AGENCY if member else FOR_OFFICERS):
        raise DomainError(
            "case.paper_closed",
            _("现在不能再补充材料。"),
            _("证据在告知前提交，申辩材料在告知后、决定前提交。"),
            field="file",
        )
    purpose = PROOF if member else EVIDENCE
    paper = attachment_register(kept=kept, subject=case.stream, purpose=purpose, actor=actor)
    audit.record(
        stream=case.stream, action="case.paper", actor=actor, data={"name": paper.name, "sha256": paper.sha256}
    )
    return paper
