"""What every request passes through."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeGuard
from urllib.parse import parse_qs, urlsplit, urlunsplit

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render, resolve_url
from django.utils import translation

from kernel import access, clock, unsent
from kernel.errors import DomainError
from kernel.models import IdempotencyKey
from kernel.services.drafts import writer_of

GetResponse = Callable[[HttpRequest], HttpResponse]
TOKEN_FIELD = "idempotency_token"  # noqa: S105 (the name of a field)
IN_FLIGHT = timedelta(minutes=10)
BACK_OFFICE = "/back-office/"
SAFE = ("GET", "HEAD", "OPTIONS")
TEXT = re.compile(r"text/.*|.*[/+](json|xml|javascript)")


class CompressionMiddleware(GZipMiddleware):
    """Compresses text alone: papers, pictures and archives are compressed already, and keep their length, by which a
    browser shows how far a download is."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        kind = response.get("Content-Type", "").partition(";")[0]
        return super().process_response(request, response) if TEXT.fullmatch(kind) else response


class PolicyMiddleware(CSPMiddleware):
    """One content security policy for our pages, a wider one for Wagtail's admin, and none on files that bring theirs."""

    def get_policy_parts(self, request: HttpRequest, response: HttpResponse, report_only: bool = False) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and request.path_info.startswith(BACK_OFFICE):
            parts.replace = settings.BACK_OFFICE_POLICY
        return parts


class PinnedClockMiddleware:
    """A page shows one moment: reads of the clock while answering a safe request agree."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE:
            return self.get_response(request)
        with clock.pinned():
            return self.get_response(request)


class BackOfficeLanguageMiddleware:
    """Wagtail's admin has one address for all languages: it speaks the one its reader has chosen for notices."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not (request.path_info.startswith(BACK_OFFICE) and request.user.is_authenticated):
            return self.get_response(request)
        with translation.override(request.user.language):
            return self.get_response(request)


class PartyMiddleware:
    """``request.parties``: the organisations the person may act for; ``request.party``: the one chosen now, lazily, so
    without one it is falsy rather than None: hand on ``request.party or None``."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        from django.utils.functional import SimpleLazyObject

        request.parties = SimpleLazyObject(lambda: access.parties(request.user))  # type: ignore[attr-defined]
        request.party = SimpleLazyObject(lambda: _chosen(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _chosen(request: HttpRequest) -> Any:
    parties = access.parties(request.user)
    wanted = request.session.get("party")
    return next((p for p in parties if p.pk == wanted), parties[0] if parties else None)


class DomainErrorMiddleware:
    """A rule that no view caught still reaches the person as a sentence, with the status of the error."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DomainError):
            return render(request, "refused.html", {"error": exception}, status=exception.status)
        return None


class IdempotencyMiddleware:
    """A form sent twice does its work once.

    Forms carry a random ``idempotency_token``. The first request claims (user, token); when it ends in a redirect the
    place is stored and a repetition is sent there too. A form that comes back with errors frees its token. A
    repetition while the first is in flight, or with other contents, is told so (409). A form that went through takes
    its draft along; one that meets the sign-in page because the session had ended is set aside for its writer.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return self.get_response(request)
        if not request.user.is_authenticated:
            return self._of_a_visitor(request)
        token = request.POST.get(TOKEN_FIELD, "")
        if not token:
            return self.get_response(request)
        row, mine = _claim(request, token)
        if not mine:
            return _repeat(request, row)
        try:
            response = self.get_response(request)
        except BaseException:
            row.delete()
            raise
        if isinstance(response, HttpResponseRedirect):
            unsent.sent(request)
            IdempotencyKey.objects.filter(pk=row.pk).update(location=response.url)
        else:
            row.delete()
        return response

    def _of_a_visitor(self, request: HttpRequest) -> HttpResponse:
        key = request.POST.get(unsent.DRAFT_FIELD, "")
        waiting = request.session.get(unsent.PLACE) if writer_of(key) else None
        response = self.get_response(request)
        if not _asks_to_sign_in(response):
            return response
        # A page that has put its form aside itself knows better what for.
        if writer_of(key) and request.session.get(unsent.PLACE) is waiting:
            unsent.set_aside(request, key)
        return _then_to_the_page(request, response)


def _asks_to_sign_in(response: HttpResponse) -> TypeGuard[HttpResponseRedirect]:
    return isinstance(response, HttpResponseRedirect) and urlsplit(response.url).path == resolve_url(settings.LOGIN_URL)


def _then_to_the_page(request: HttpRequest, response: HttpResponseRedirect) -> HttpResponseRedirect:
    """After the sign-in one goes on where the form stood: what took it may answer to nothing but a form."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    asked = parse_qs(urlsplit(response.url).query).get(REDIRECT_FIELD_NAME)
    if came_from.netloc != request.get_host() or asked != [request.get_full_path()]:
        return response
    return redirect_to_login(urlunsplit(("", "", came_from.path, came_from.query, "")))


def _claim(request: HttpRequest, token: str) -> tuple[IdempotencyKey, bool]:
    key = hashlib.sha256(token.encode()).hexdigest()
    try:
        with transaction.atomic():
            return IdempotencyKey.objects.create(
                user=request.user,
                key=key,
                path=request.path[:200],
                params_sha256=_params(request),
                created_at=clock.now(),
            ), True
    except IntegrityError:
        row = IdempotencyKey.objects.get(user=request.user, key=key)
        # A process that was killed never freed its token; after a while the person may try again.
        stale = IdempotencyKey.objects.filter(pk=row.pk, location="", created_at__lt=clock.now() - IN_FLIGHT)
        return row, bool(stale.update(created_at=clock.now(), params_sha256=_params(request)))


def _repeat(request: HttpRequest, row: IdempotencyKey) -> HttpResponse:
    if row.location and row.params_sha256 == _params(request):
        return HttpResponseRedirect(row.location)
    from django.utils.translation import gettext_lazy as _

    error = DomainError(
        "idempotency.conflict",
        _("这份表单已经提交过，或正在处理。"),
        _("请返回上一页并刷新，确认结果后再决定是否重新提交。"),
    )
    return render(request, "refused.html", {"error": error}, status=error.status)


def _params(request: HttpRequest) -> str:
    """Digest of what was sent, and where to."""
    pairs = sorted(
        (key, value) for key, values in request.POST.lists() if key != "csrfmiddlewaretoken" for value in values
    )
    names = sorted((key, file.name or "", file.size) for key, file in request.FILES.items())
    return hashlib.sha256(repr((request.path, pairs, names)).encode(errors="surrogatepass")).hexdigest()
