"""Whatever is typed into any form of the site: a sentence comes back, never a 5xx, never the markup that was typed; and
what was refused left no row behind.

The forms are found on the pages of the tour. Each is filled with hostile values all over, then honestly but for one
field; hypothesis tries further mixtures. Every post is undone before the next.
"""

from __future__ import annotations

import contextlib
import time
import traceback
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from demo.tour.stops import every
from demo.tour.visits import signed_in
from tests.flows.browser import Form
from tests.fuzz.discover import KEPT, Target, client_of, targets
from tests.fuzz.hostile import HUGE, MARK, MARKUP, TEXT, VALUES, multipart, urlencoded
from tests.tour import town

ROOMS = ("kernel", "agencies", "credit", "orders", "market")
# A form sent back with errors keeps its uploads for the next try, says the draft; a hit on a limit is written down.
MAY_GROW = {"kernel.Attachment", "kernel.AuditEntry", "kernel.AuditDetail", "kernel.IdempotencyKey"}
PATIENCE_S = 30
QUERIES = (
    "q",
    "page",
    "sort",
    "status",
    "show",
    "lamp",
    "kind",
    "category",
    "region",
    "period",
    "export",
    "item",
    "next",
)


@pytest.fixture(scope="module")
def visits(django_db_setup, django_db_blocker):
    """One market for all tests of this file, undone at the end: building it costs more than most of them."""
    with django_db_blocker.unblock(), transaction.atomic():
        with signed_in(every(), town.build().people) as (found, _absent):
            yield found
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def forms(visits):
    return targets(visits)


@contextlib.contextmanager
def undone() -> Iterator[None]:
    cache.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def counts() -> dict[str, int]:
    """Rows of every table of ours, in one query."""
    tables = {m._meta.label: m._meta.db_table for room in ROOMS for m in apps.get_app_config(room).get_models()}
    tables = {label: table for label, table in tables.items() if label not in MAY_GROW}
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f'(SELECT count(*) FROM "{table}")' for table in tables.values()))
        return dict(zip(tables, cursor.fetchone(), strict=True))


def send(target: Target, fields: list[tuple[str, str]], file_name: str = "") -> str:
    """What is wrong with the answer; "" if nothing is."""
    files = [(control.name, file_name, b"%PDF-1.4\n\0") for control in target.files()] if file_name else []
    with undone():
        before, begun = counts(), time.monotonic()
        client = client_of(target.visit)
        try:
            if target.form.method == "get":
                answer = client.get(f"{urlsplit(target.path).path}?{urlencoded(fields)[:6000]}")
            else:
                body, kind = multipart(fields, files)
                if not files:
                    body, kind = urlencoded(fields).encode(), "application/x-www-form-urlencoded"
                answer = client.post(target.path, body, content_type=kind)
            location = answer.headers.get("Location", "")
            if location.startswith("/"):
                answer = client.get(location)
        except Exception as error:
            ours = [f for f in traceback.extract_tb(error.__traceback__) if ".venv" not in f.filename]
            where = "; ".join(
                f"{f.filename.rsplit('/', 3)[-2]}/{f.filename.rsplit('/', 1)[-1]}:{f.lineno}" for f in ours[-2:]
            )
            return f"{type(error).__name__}: {str(error)[:150]} at {where}"
        if answer.status_code >= 500:
            return f"answered {answer.status_code}"
        if time.monotonic() - begun > PATIENCE_S:
            return f"took more than {PATIENCE_S} s"
        if not answer.streaming and f"<{MARK}".encode() in answer.content:
            return "gave the markup back as markup"
        if not location and counts() != before:
            grown = {label for label, n in counts().items() if n != before[label]}
            return f"answered {answer.status_code} and yet changed {sorted(grown)}"
    return ""


def hostile_all_over(target: Target, turn: int) -> list[tuple[str, str]]:
    fields = target.fields()
    return [(field.name, VALUES[(n + turn) % len(VALUES)]) for n, field in enumerate(fields)]


def honest_but_for(target: Target, name: str, value: str) -> list[tuple[str, str]]:
    pairs = [(key, old) for key, old in target.honest() if key != name]
    return [*pairs, (name, value)]


def test_the_tour_has_the_forms(forms):
    """Else the other tests could not fail."""
    assert len(forms) > 90
    assert sum(len(target.fields()) for target in forms) > 450


def test_planted_faults_are_seen(forms, monkeypatch):
    party = next(
        target
        for target in forms
        if any(field.name == "invoice_title" for field in target.fields()) and "/parties/" in target.path
    )
    assert send(party, party.honest()) == ""

    def breaks(**_given):
        raise RuntimeError("planted")

    monkeypatch.setattr("kernel.services.parties.organisation_update", breaks)
    assert "planted" in send(party, party.honest())
    monkeypatch.setattr("market.views.search.render", lambda request, *_rest: HttpResponse(request.GET["q"]))
    asked = next(target for target in forms if target.path.startswith("/search/") and target.form.method == "get")
    assert "markup" in send(asked, honest_but_for(asked, "q", MARKUP))


def test_no_form_breaks(forms):
    wrong = set()
    for number, target in enumerate(forms):
        wrong |= {(target.name, "everything", send(target, hostile_all_over(target, number * 7 + n))) for n in (0, 9)}
        wrong.add(
            (target.name, "markup", send(target, [(f.name, MARKUP) for f in target.fields()], "\u202e../<b>.pdf"))
        )
        for turn, field in enumerate(f for f in target.fields() if f.kind not in KEPT):
            value = VALUES[(number + turn * 5) % len(VALUES)]
            wrong.add(
                (target.name, f"{field.name}={value[:20]!a}", send(target, honest_but_for(target, field.name, value)))
            )
    told = sorted(" | ".join(row) for row in wrong if row[-1])
    assert told == [], "\n".join(told)


def test_a_megabyte_is_refused_or_taken_but_never_breaks(forms):
    wrong = []
    for target in forms[::6]:
        words = [field for field in target.fields() if field.kind in ("text", "textarea", "search", "tel")]
        for field in words[:1] if target.form.method == "post" else []:
            if told := send(target, honest_but_for(target, field.name, HUGE)):
                wrong.append(f"{target.name} {field.name}: {told}")
    assert wrong == [], "\n".join(wrong)


def test_no_mixture_breaks(forms):
    found = [target for target in forms if target.fields()]

    @seed(20261122)
    @settings(max_examples=120, deadline=None, database=None, phases=[Phase.generate, Phase.shrink],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.data())
    def mixed(data):
        target = data.draw(st.sampled_from(found))
        field = data.draw(st.sampled_from(target.fields()))
        assert send(target, honest_but_for(target, field.name, data.draw(TEXT))) == "", target.name

    mixed()


def test_no_query_breaks_a_page(visits):
    wrong = []
    for number, visit in enumerate(visits):
        if not visit.path("zh").startswith("/back-office/"):
            pairs = [(name, VALUES[(number + n * 3) % len(VALUES)][:300]) for n, name in enumerate(QUERIES)]
            page = Target(visit, visit.path("zh").partition("?")[0], Form("", "get"))
            if told := send(page, pairs):
                wrong.append(f"{visit.stop.name}: {told}")
    assert wrong == [], "\n".join(wrong)
