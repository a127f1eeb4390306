"""Whether a value can be right, asked while the form is still being filled in."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kernel import uscc
from kernel.errors import DomainError


@require_GET
def check_uscc(request: HttpRequest) -> JsonResponse:
    """``?value=``: {text, tone}. Says only whether the code is well formed, never who is registered here."""
    try:
        code = uscc.check(request.GET.get("value", "")[:60])
    except DomainError as error:
        return JsonResponse({"text": str(error), "tone": "bad"})
    return JsonResponse({"text": _("%(code)s 的位数和校验位正确。") % {"code": code}, "tone": "good"})
