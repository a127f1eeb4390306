"""Starts the site's processes, waits for the first page, and stops them all: `python -m kernel.supervisor`.

Standard library only: it must be up before Django is, and it must outlive every child. It is for one machine in the
foreground (`./run`); a container platform starts the same commands itself (docker-compose.yml).
"""

import os
import shutil
import signal
import sys
import time

from kernel.supervisor import stamp
from kernel.supervisor.children import Children, say
from kernel.supervisor.pages import ADDRESS, answer_of
from kernel.supervisor.surroundings import PORT, VAR, chosen, demo_is_on, port_is_free, take_lock, uses_sqlite

FIRST_PAGE_WITHIN_SECONDS = 120
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Stopped(Exception):
    """TERM, INT or HUP arrived."""


def main(arguments: list[str]) -> int:
    lock = take_lock()
    if lock is None:
        say(f"诚选 already runs from {VAR}. Stop it first (Ctrl-C in its window), or set another VAR_DIR.")
        return 1
    if arguments == ["--reset"]:
        return reset()
    if not port_is_free():
        say(f"Port {PORT} on 127.0.0.1 is taken or not a port. Choose another one: PORT=8080 ./run")
        return 1
    for number in SIGNALS:
        signal.signal(number, stop_requested)
    children = Children()
    try:
        return serve(children)
    except Stopped:
        say("Stopping …")
        return 0
    finally:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        children.stop()


def serve(children: Children) -> int:
    """Prepare, start, announce; returns when something that should run has ended."""
    if not prepare(children):
        say("The preparation failed; its own words are above.")
        return 1
    children.start("web", *web_command())
    status = wait_for_first_page(children)
    if status is None:
        return 1
    announce(status)
    children.start("worker", *celery_command("worker"))
    children.start("clock", *celery_command("beat"))
    if demo_is_on():
        children.start("demo", sys.executable, "manage.py", "replay", essential=False)
    return children.watch(after={"demo": after_demo})


def prepare(children: Children) -> bool:
    """`manage.py prepare` (migrations, messages, data files), left out when nothing it depends on has changed."""
    if stamp.is_current():
        return True
    stamp.forget()
    if children.start("prepare", sys.executable, "manage.py", "prepare").wait():
        return False
    children.forget("prepare")
    stamp.renew()
    return True


def web_command() -> list[str]:
    """SQLite has one writer, so one process with threads; a database server feeds one process per core."""
    processes = 1 if uses_sqlite() else max(2, os.cpu_count() or 1)
    options = ["--bind", f"127.0.0.1:{PORT}", "--workers", str(processes)]
    options += ["--worker-class", "gthread", "--threads", "8"]
    options += ["--graceful-timeout", "5", "--timeout", "60", "--log-level", "warning", "--no-control-socket"]
    return [sys.executable, "-m", "gunicorn", "config.wsgi:application", *options]


def celery_command(role: str) -> list[str]:
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "config.celery", role, "--loglevel", "WARNING"]
    if role == "beat":
        return [*command, "--pidfile="]
    if chosen("CELERY_BROKER_URL", "filesystem:").startswith("filesystem:"):
        return [*command, "--pool", "solo", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [*command, "--concurrency", str(max(2, os.cpu_count() or 1))]


def after_demo(children: Children, status: int) -> None:
    if status:
        say(f"The demo's replay stopped (status {status}); the site stays up. ./run takes the replay up again.")
    else:
        children.start("logins", sys.executable, "manage.py", "demo_logins", essential=False)


def wait_for_first_page(children: Children) -> int | None:
    """Status of the first page, or None when the web process has ended or nothing came in time."""
    give_up_at = time.monotonic() + FIRST_PAGE_WITHIN_SECONDS
    for path in ("/healthz", "/"):
        while (status := answer_of(path)) is None:
            if children.dead():
                say("The web process ended before it served a page; its own words are above.")
                return None
            if time.monotonic() > give_up_at:
                say(f"No page came within {FIRST_PAGE_WITHIN_SECONDS} seconds.")
                return None
            time.sleep(0.05)
    return status


def announce(status: int) -> None:
    if status >= 500:
        say(f"The site runs at {ADDRESS}/ but its first page answers {status}; the lines above say why.")
    else:
        say(f"诚选 is open: {ADDRESS}/   (Ctrl-C stops it)")


def reset() -> int:
    """Empties the data folder. With a database elsewhere the secret stays: columns there are encrypted with it."""
    kept = {"supervisor.lock"} if uses_sqlite() else {"supervisor.lock", "secret_key"}
    for path in VAR.iterdir():
        if path.name not in kept:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    say(f"Emptied {VAR}." if uses_sqlite() else f"Emptied {VAR}; the database at DATABASE_URL was not touched.")
    return 0


def stop_requested(number, frame) -> None:
    raise Stopped


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
