"""Papers handed in with a form: stored at once as the person's own upload, filed under the order by the act that takes
them. A form that comes back keeps what was uploaded, so nobody uploads twice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.http import HttpRequest

from kernel.errors import DomainError
from kernel.forms.fields import PaperField
from kernel.models import Attachment
from kernel.services.attachments import attachment_store

SALT = "orders.papers"


def kept(request: HttpRequest, form: forms.Form, name: str) -> Attachment | None:
    """What an earlier round of the same form stored for a field: the person's own, not yet filed."""
    try:
        pk = signing.loads(request.POST.get(f"{form.add_prefix(name)}_kept", ""), salt=SALT, max_age=24 * 3600)
    except signing.BadSignature:
        return None
    return Attachment.objects.filter(pk=pk, subject=f"upload:{request.user.pk}").first()


def let_kept_count(request: HttpRequest, form: forms.Form) -> None:
    """Before validation: a field whose paper was kept is no longer required."""
    for name, field in form.fields.items():
        if isinstance(field, PaperField) and (paper := kept(request, form, name)):
            field.required = False
            form.kept = {**getattr(form, "kept", {}), name: paper}  # type: ignore[attr-defined]


def store(request: HttpRequest, form: forms.Form) -> dict[str, Attachment]:
    """Store what was uploaded with the form, whether or not the rest of it is right; refusals stand at their field."""
    papers: dict[str, Attachment] = dict(getattr(form, "kept", {}))
    for name, field in form.fields.items():
        file = request.FILES.get(form.add_prefix(name)) if isinstance(field, PaperField) else None
        if file is None or name in form.errors:
            continue
        try:
            papers[name] = attachment_store(
                file=file,
                name=file.name or "file",
                subject=f"upload:{request.user.pk}",
                purpose=field.purpose,
                actor=request.user,
            )
        except DomainError as error:
            form.add_error(name, str(error))
    form.kept = papers  # type: ignore[attr-defined]
    return papers


def keepsakes(form: forms.Form) -> list[tuple[str, str, str, Any]]:
    """For the template: (hidden name, signed number, file name, label) of the papers that are already here."""
    return [
        (f"{form.add_prefix(name)}_kept", signing.dumps(paper.pk, salt=SALT), paper.name, form.fields[name].label)
        for name, paper in getattr(form, "kept", {}).items()
    ]


def file_under(papers: dict[str, Attachment], subject: str) -> None:
    """File stored papers under a subject; inside the transaction of the act."""
    for paper in papers.values():
        paper.subject = subject
        paper.save(update_fields=["subject"])
