"""The pictures of shops, for everybody: the address names the content, so a browser may keep it for ever."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from agencies.selectors.storefronts import public_picture
from kernel.services.attachments import attachment_path

A_YEAR = 365 * 24 * 60 * 60


@require_safe
def shop_picture(request: HttpRequest, pk: int, kind: str, digest: str) -> HttpResponseBase:
    picture = public_picture(pk, kind, digest)
    path = attachment_path(picture)
    if not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), content_type=picture.content_type)
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    response["ETag"] = f'"{picture.sha256}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    return response
