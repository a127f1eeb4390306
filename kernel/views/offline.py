"""What a browser shows without a network: a service worker keeps one page and its style, nothing else."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import cache_control

from kernel.ui.stylesheet import stylesheet, stylesheet_url

WORKER = """// {digest}: another page or style is another worker, which fetches both.
"use strict";
const NAME = "offline-{digest}", PAGE = "/offline/", STYLE = "{style}";
self.addEventListener("install", (event) => {{
  event.waitUntil(caches.open(NAME).then((kept) => kept.addAll([PAGE, STYLE])));
}});
self.addEventListener("activate", (event) => {{
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== NAME).map((name) => caches.delete(name)))));
}});
self.addEventListener("fetch", (event) => {{
  const request = event.request;
  if (request.mode === "navigate" && request.method === "GET") event.respondWith(fetch(request).catch(() => caches.match(PAGE)));
  else if (request.url.endsWith(STYLE)) event.respondWith(caches.match(STYLE).then((kept) => kept || fetch(request)));
}});
"""


@cache_control(max_age=600)
def worker(request: HttpRequest) -> HttpResponse:
    digest = hashlib.sha256(f"{stylesheet().digest} {_page()}".encode()).hexdigest()[:16]
    script = WORKER.format(digest=digest, style=stylesheet_url())
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


def page(request: HttpRequest) -> HttpResponse:
    """In both languages: it is fetched once, before anybody knows which will be wanted."""
    return HttpResponse(_page())


def _page() -> str:
    """The same for everybody: without a request nothing of the person who fetches it gets in, nor is used up."""
    return render_to_string("kernel/offline.html")
