"""What leaves the house can be recomputed outside it, under any Python, to the same SHA-256."""

import json
import os
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from credit.selectors import live_score
from credit.services.events import event_void
from credit.services.scores import scores_recompute
from tests.credit import made
from tests.credit.test_rankings import well_known
from tests.credit.test_scoring_pythons import pythons, rescore
from tests.factories import make_agency

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


@pytest.fixture
def exported(rules, tmp_path, officer):
    good, bad = well_known(make_agency()), well_known(make_agency(), rating=250, days_x=500)
    made.decided(bad, code="late_minor")
    made.decided(bad, code="subcontract")
    event_void(event=made.order_done(good, rating=0), reason="误报", actor=officer)
    out = StringIO()
    call_command("export_events", as_of="2026-11-20", out=tmp_path / "bundle", stdout=out, stderr=StringIO())
    return tmp_path / "bundle", out.getvalue().strip(), (good, bad)


def test_every_python_gives_the_same_digest(exported):
    folder, sha256, _ = exported
    assert (folder / "scores.sha256").read_text().split() == [sha256, "scores.json"]
    runs = {version: rescore(python, folder / "scoring" / "rescore.py", folder) for version, python in pythons()}
    assert {version: (run.returncode, run.stdout.strip()) for version, run in runs.items()} == dict.fromkeys(
        runs, (0, sha256)
    )


def test_the_exported_scores_are_the_live_ones(exported):
    folder, _, agencies = exported
    scores_recompute(as_of=date(2026, 11, 20), actor=None)
    records = {(s["agency"], s["category"]): s for s in json.loads((folder / "scores.json").read_bytes())}
    for agency in agencies:
        for category in (None, agency.categories.first()):
            live = live_score(agency, category and category.pk)
            record = records[agency.organisation.uscc, category and category.code]
            assert (live.score_milli, live.grade, live.pillars) == (
                record["score_milli"],
                record["grade"],
                record["pillars"],
            )


def test_clients_are_numbers_in_it(exported):
    folder, _, _ = exported
    events = [json.loads(line) for line in (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    clients = {e["client"] for e in events} - {None}
    assert clients == {f"c{i + 1}" for i in range(len(clients))}
    assert len({frozenset(e) - {"clause"} for e in events}) == 1


def test_an_earlier_day_leaves_later_events_out(exported, tmp_path):
    call_command("export_events", as_of="2026-11-19", out=tmp_path / "then", stdout=StringIO(), stderr=StringIO())
    codes = [json.loads(line)["code"] for line in (tmp_path / "then" / "events.jsonl").read_text().splitlines()]
    assert "rating" in codes and "void" not in codes and "subcontract" not in codes


def test_a_bad_date_is_a_sentence(rules, tmp_path):
    with pytest.raises(CommandError, match="YYYY-MM-DD"):
        call_command("export_events", as_of="yesterday", out=tmp_path)
    assert os.listdir(tmp_path) == []
