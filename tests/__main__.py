"""`./run test [--full] [--engine sqlite|postgresql] [pytest arguments]`: the whole suite, in two sessions, with one sum.

The first session runs on SQLite. The second, where PostgreSQL is there, runs what is marked needs("postgresql") or
both_engines on a temporary server. The last line is `N passed, N failed`.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import services

ROOT = Path(__file__).resolve().parent.parent
NOTHING_COLLECTED = 5


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run test", description=__doc__)
    parser.add_argument(
        "--full", action="store_true", help="install missing servers first; fail if one of their tests is skipped"
    )
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], help="one of the two sessions only")
    options, pytest_arguments = parser.parse_known_args()

    say(f"servers missing here: {names(services.missing())}")
    if options.full and services.missing():
        install(services.missing())
    sessions = []
    with tempfile.TemporaryDirectory(prefix="chengxuan-suite-") as scratch:
        has_postgresql = "postgresql" not in services.missing()
        if options.engine == "postgresql" and not has_postgresql:
            say("PostgreSQL is not on this machine: `./run test --full` installs it.")
            return 1
        if options.engine != "postgresql":
            part = "embedded" if has_postgresql else "all"
            sessions.append(session("SQLite", part, Path(scratch, "sqlite.json"), pytest_arguments))
        if options.engine != "sqlite" and has_postgresql:
            with services.PostgreSQL() as server:
                arguments = Path(scratch, "postgresql.json"), pytest_arguments, server.url("postgres")
                sessions.append(session("PostgreSQL", "postgresql", *arguments))
    return conclude(sessions, full=options.full)


def session(title: str, part: str, totals: Path, pytest_arguments: list[str], database_url: str = "") -> dict:
    """Run pytest once; its counts, its exit status, and what it had to skip."""
    say(f"tests on {title}")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        f"--part={part}",
        "--durations=10",
        "--durations-min=1",
        *workers(pytest_arguments),
    ]
    environment = os.environ | {"SUITE_TOTALS": str(totals), "TEST_DATABASE_URL": database_url}
    status = subprocess.run([*command, *pytest_arguments], cwd=ROOT, env=environment, check=False).returncode
    counts = json.loads(totals.read_text()) if totals.exists() else {}
    return {
        "title": title,
        "status": 0 if status == NOTHING_COLLECTED else status,
        "empty": status == NOTHING_COLLECTED,
    } | counts


def workers(pytest_arguments: list[str]) -> list[str]:
    if any(argument.startswith(("-n", "--pdb")) for argument in pytest_arguments):
        return []
    return ["-n", str(min(os.cpu_count() or 2, 8)), "--dist", "loadfile"]


def conclude(sessions: list[dict], *, full: bool) -> int:
    def total(name: str) -> int:
        return sum(one.get(name, 0) for one in sessions)

    problems = [f"the session on {one['title']} ended with status {one['status']}" for one in sessions if one["status"]]
    if all(one["empty"] for one in sessions):
        problems.append("no test was found")
    missing = [
        f"{test} (needs {name})" for one in sessions for name, tests in one.get("missing", {}).items() for test in tests
    ]
    if full:
        problems += [f"skipped although --full was asked for: {test}" for test in missing]
    say("all sessions")
    for problem in problems:
        print(problem)
    print(f"{total('skipped')} skipped ({len(missing)} for want of a server), {total('xfailed')} expected failures")
    passed, failed = total("passed"), total("failed") + total("error")
    line = f"{passed} passed, {failed} failed"
    if path := os.environ.get("SUITE_CLOSING_LINE"):
        Path(path).write_text(line + "\n")
    print(line, flush=True)
    return 1 if problems or failed else 0


def install(absent: list[str]) -> None:
    """Debian's own packages by name; says what it does."""
    packages = [package for name in absent for package in services.PACKAGES[name]]
    if not shutil.which("apt-get"):
        say(f"cannot install {names(absent)}: this machine has no apt-get")
        return
    if os.geteuid() != 0 and not shutil.which("sudo"):
        say(f"cannot install {names(absent)}: that needs root, and there is no sudo")
        return
    say(f"installing {', '.join(packages)}")
    prefix = [] if os.geteuid() == 0 else ["sudo"]
    # A package's own server must not start by itself: nothing here uses it, and the port may be taken.
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1"]
    for command in (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages],
    ):
        answer = subprocess.run(
            [*prefix, *quiet, *command], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
        )
        if answer.returncode:
            print(answer.stdout[-3000:], answer.stderr[-3000:], sep="\n")
            raise SystemExit(f"`{' '.join(command)}` failed; its last lines are above.")
    say(f"installed {', '.join(packages)}")


def names(wanted: list[str]) -> str:
    return ", ".join(services.SERVICES[name] for name in wanted) or "none"


def say(text: str) -> None:
    print(f"\n== {text}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
