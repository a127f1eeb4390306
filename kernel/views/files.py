"""Downloads of papers: never a static file, always through the permission of the subject they belong to."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase

from kernel.models import Attachment
from kernel.registries import subjects
from kernel.services.attachments import attachment_path


def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as a download, in a sandbox, unsniffed. A stranger is told that there is no such file."""
    attachment = Attachment.objects.filter(pk=pk).first()
    if attachment is None or not _may_read(request, attachment):
        raise Http404
    path = attachment_path(attachment)
    if not path.is_file():
        raise Http404
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=attachment.name, content_type=attachment.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def _may_read(request: HttpRequest, attachment: Attachment) -> bool:
    kind, _, pk = attachment.subject.partition(":")
    if kind == "upload":  # handed in and not yet filed: the person's own
        return request.user.is_authenticated and pk == str(request.user.pk)
    subject = subjects.get(kind)
    return bool(subject and pk.isdigit() and subject.may_read(request.user, int(pk)))
