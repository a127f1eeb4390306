"""One folder of events, one SHA-256: under this Python and every other one on the machine, with nothing installed."""

import glob
import json
import os
import random
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from credit.scoring import Event, Terms, score_agency
from credit.scoring.canonical import canonical, digest
from tests.credit.events_made import AS_OF, CALIBRATION, CODES, OF_KIND, RULEBOOK

SCORING = Path(__file__).resolve().parents[2] / "credit" / "scoring"
ALONE = ["-I", "-S"]  # no site-packages, no environment: the standard library and the folder, nothing else


def pythons():
    """One path for every CPython from 3.10 that answers, by version; this one is always among them."""
    found = {sys.version: sys.executable}
    root = os.environ.get("PYENV_ROOT") or str(Path.home() / ".pyenv")
    paths = glob.glob(f"{root}/versions/*/bin/python3.1[0-9]")
    paths += [path for minor in range(10, 20) if (path := shutil.which(f"python3.{minor}"))]
    for path in sorted(paths):
        answer = subprocess.run([path, "-c", "import sys; print(sys.version)"], capture_output=True, text=True)
        if answer.returncode == 0:
            found.setdefault(answer.stdout.strip(), path)
    return [(version.split()[0], path) for version, path in found.items()]


def folder_with_events(folder):
    """Forty agencies with a thousand events, drawn from a fixed seed; returns the digest this Python computes."""
    draw = random.Random(20261031)
    events = []
    for n in range(1500):
        code = draw.choice(OF_KIND["evidence"] * 12 + OF_KIND["incident"] + OF_KIND["bonus"])
        kind = CODES[code]["kind"]
        events.append(
            Event(
                ref=f"e{n:05}",
                agency=f"机构{draw.randrange(40):02}",
                code=code,
                on=AS_OF - timedelta(days=draw.randrange(1200)),
                client=f"c{draw.randrange(9)}" if kind == "evidence" else None,
                category=draw.choice([None, "eia", "survey"]),
                fee_fen=draw.randrange(10_000, 4_000_000) if kind == "evidence" else None,
                x=draw.randrange(1001) if kind == "evidence" else None,
                party=draw.choice(["owner", "department", "centre"]),
            )
        )
    for event in draw.sample(events, 40):
        code = draw.choice(["void", "repair"])
        on = event.on + timedelta(days=draw.randrange(300))
        events.append(Event(f"act-{event.ref}", event.agency, code, on, target=event.ref))
    scopes = {scope: Terms(RULEBOOK, CALIBRATION, scope) for scope in (None, "eia")}
    agencies = sorted({e.agency for e in events})
    scores = [score_agency(a, events, terms, None, AS_OF).as_json() for a in agencies for terms in scopes.values()]
    draw.shuffle(events)
    (folder / "events.jsonl").write_bytes(b"".join(canonical(e.as_json()) + b"\n" for e in events))
    (folder / "rulebook.json").write_bytes(canonical(RULEBOOK))
    (folder / "calibration.json").write_bytes(canonical(CALIBRATION))
    (folder / "scores.json").write_bytes(canonical(scores))
    return digest(scores)


def rescore(python, script, folder):
    return subprocess.run([python, *ALONE, str(script), str(folder)], capture_output=True, text=True, encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("events")
    return path, folder_with_events(path)


@pytest.mark.parametrize(("version", "python"), pythons(), ids=lambda value: os.path.basename(value))
def test_same_digest_under_every_python(version, python, folder):
    path, expected = folder
    run = rescore(python, SCORING / "rescore.py", path)
    assert (run.returncode, run.stdout.split()) == (0, [expected]), run.stderr


def test_the_folder_runs_anywhere(folder, tmp_path):
    path, expected = folder
    shutil.copytree(SCORING, tmp_path / "elsewhere", ignore=shutil.ignore_patterns("__pycache__"))
    run = rescore(sys.executable, tmp_path / "elsewhere" / "rescore.py", path)
    assert run.stdout.split() == [expected], run.stderr


def test_a_changed_event_is_noticed_and_named(folder, tmp_path):
    path, expected = folder
    shutil.copytree(path, tmp_path / "changed")
    lines = (path / "events.jsonl").read_text(encoding="utf-8").splitlines()
    index = next(i for i, line in enumerate(lines) if json.loads(line)["code"] == "timeliness")
    record = json.loads(lines[index])
    lines[index] = json.dumps({**record, "x": 1000 - record["x"]})
    (tmp_path / "changed" / "events.jsonl").write_text("\n".join(lines), encoding="utf-8")
    run = rescore(sys.executable, SCORING / "rescore.py", tmp_path / "changed")
    assert run.returncode == 1
    assert run.stdout.splitlines()[0] != expected
    assert record["agency"] in run.stdout


def test_an_unreadable_folder_is_said_so(tmp_path):
    run = rescore(sys.executable, SCORING / "rescore.py", tmp_path)
    assert run.returncode == 2
    assert "cannot recompute" in run.stderr


def test_nothing_but_the_standard_library():
    imports = {
        line.split()[1].split(".")[0]
        for path in SCORING.glob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.lstrip().startswith(("import ", "from ")) and not line.lstrip().startswith("from .")
    }
    assert imports - {"scoring"} <= sys.stdlib_module_names
    for path in SCORING.glob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert "float(" not in source and "round(" not in source and "today(" not in source and "now(" not in source
