"""What ``Browser`` needs of Django's test client, over a real connection."""

from __future__ import annotations

from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils.encoding import iri_to_uri

TIMEOUT_S = 60


class NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_given: Any) -> None:
        return None


class Response:
    def __init__(self, answer: Any) -> None:
        self.status_code, self._headers, self.content = answer.status, answer.headers, answer.read()

    def __getitem__(self, header: str) -> str:
        return self._headers[header]

    def get(self, header: str, otherwise: str = "") -> str:
        return self._headers.get(header, otherwise)


class Wire:
    """One person's connection to the site at ``address`` (http://127.0.0.1:8000), with a cookie jar of its own."""

    def __init__(self, address: str) -> None:
        self.address = address
        jar = HTTPCookieProcessor()
        jar.cookiejar.set_policy(DefaultCookiePolicy(strict_domain=False))
        self._opener = build_opener(jar, NoRedirects)

    def get(self, url: str) -> Response:
        return self._ask(Request(self.address + iri_to_uri(url)))

    def post(self, url: str, data: dict[str, list[Any]]) -> Response:
        body, headers = encode_multipart(BOUNDARY, data), {"Content-Type": MULTIPART_CONTENT}
        return self._ask(Request(self.address + iri_to_uri(url), body, headers, method="POST"))

    def _ask(self, request: Request) -> Response:
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                return Response(answer)
        except HTTPError as answer:  # redirects and refusals are answers too
            with answer:
                return Response(answer)
