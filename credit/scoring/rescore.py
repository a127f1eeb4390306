"""Recompute the scores of an exported folder: `python rescore.py DIR`. Standard library only, Python 3.10 or newer.

DIR holds events.jsonl, rulebook.json, calibration.json and scores.json. Prints the SHA-256 of the recomputed scores,
then where they differ from scores.json; exit code 0 = the same bytes, 1 = different, 2 = unreadable.
"""

import importlib.util
import json
import sys
from pathlib import Path


def _say(text, stream=None):
    # Bytes, because a bare machine's locale may not know Chinese.
    (stream or sys.stdout).buffer.write(("%s\n" % text).encode("utf-8"))


def _package():
    """This folder as the package `scoring`, wherever it lies and whatever lies around it."""
    folder = Path(__file__).resolve().parent
    spec = importlib.util.spec_from_file_location(
        "scoring", str(folder / "__init__.py"), submodule_search_locations=[str(folder)]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["scoring"] = module
    spec.loader.exec_module(module)
    return module


def rescore(events, rulebook, calibration, wanted):
    """The score records for [(agency, category, as_of)], in that order, from event records (all as parsed JSON)."""
    from scoring.events import Event
    from scoring.integers import parse_day
    from scoring.score import score_agency
    from scoring.terms import Terms

    by_agency = {}
    for record in events:
        event = Event.from_json(record)
        by_agency.setdefault(event.agency, []).append(event)
    terms, records = {}, []
    for agency, category, as_of in wanted:
        if category not in terms:
            terms[category] = Terms(rulebook, calibration, category)
        score = score_agency(agency, by_agency.get(agency, ()), terms[category], None, parse_day(as_of))
        records.append(score.as_json())
    return records


def differences(expected, found):
    """One line for each record that differs."""
    for old, new in zip(expected, found):
        if old != new:
            keys = sorted(k for k in new if old.get(k) != new[k])
            scope = new["category"] or "*"
            yield "%s %s: %s" % (new["agency"], scope, ", ".join("%s %s → %s" % (k, old.get(k), new[k]) for k in keys))


def main(folder):
    _package()
    from scoring.canonical import canonical, digest

    folder = Path(folder)
    try:
        rulebook, calibration, scores = (
            json.loads((folder / name).read_text(encoding="utf-8"))
            for name in ("rulebook.json", "calibration.json", "scores.json")
        )
        lines = (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()
        wanted = [(s["agency"], s["category"], s["as_of"]) for s in scores]
        found = rescore([json.loads(line) for line in lines if line], rulebook, calibration, wanted)
    except (OSError, ValueError, KeyError) as error:
        _say("cannot recompute: %s" % error, sys.stderr)
        return 2
    _say(digest(found))
    same = canonical(found) == (folder / "scores.json").read_bytes()
    for line in differences(scores, found):
        _say(line)
    if not same:
        _say("scores.json is not what the events give", sys.stderr)
    return 0 if same else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        _say(__doc__, sys.stderr)
        sys.exit(2)
    sys.exit(main(sys.argv[1]))
