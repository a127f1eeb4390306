"""The door behind ``data-draft``: keep, give back, discard. Only one's own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kernel.errors import DomainError
from kernel.services import drafts
from kernel.ui import format


@never_cache
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """GET ``?key=``: {data, saved} or 204. POST key, data and the form's token: {saved}, or 204 when nothing was typed; key
    and discard: 204. Not for visitors (403)."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    if request.method == "GET":
        kept = drafts.draft_of(request.user, request.GET.get("key", ""))
        if kept is None:
            return HttpResponse(status=204)
        return JsonResponse({"data": kept.data, "saved": format.datetime_cn(kept.saved_at)})
    key = request.POST.get("key", "")
    if "discard" in request.POST:
        drafts.draft_discard(key=key, actor=request.user)
    else:
        try:
            data, token = request.POST.get("data", ""), request.POST.get("token", "")
            kept = drafts.draft_keep(key=key, data=data, token=token, actor=request.user)
        except DomainError as error:
            return JsonResponse({"text": str(error)}, status=error.status)
        if kept is not None:
            return JsonResponse({"saved": format.datetime_cn(kept.saved_at)})
    return HttpResponse(status=204)
