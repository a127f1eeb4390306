"""Starts the site's processes, waits for the first page, and stops them all: `python -m kernel.supervisor`.

Standard library only: it must be up before Django is, and it must outlive every child. It is for one machine in the
foreground (`./run`); a container platform starts the same commands itself (docker-compose.yml).
"""

import contextlib
import ctypes
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var")
PORT = os.environ.get("PORT", "8000")
ADDRESS = f"http://127.0.0.1:{PORT}"
FIRST_PAGE_WITHIN_SECONDS = 120
STOP_WITHIN_SECONDS = 12


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
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop_requested)
    children = Children()
    try:
        return serve(children)
    except Stopped:
        say("Stopping …")
        return 0
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        children.stop()


def serve(children: "Children") -> int:
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


# --- commands --------------------------------------------------------------------------------------------------------
def web_command() -> list[str]:
    """SQLite has one writer, so one process with threads; a database server feeds one process per core."""
    processes = 1 if uses_sqlite() else max(2, os.cpu_count() or 1)
    options = [
        "--worker-class",
        "gthread",
        "--threads",
        "8",
        "--workers",
        str(processes),
        "--bind",
        f"127.0.0.1:{PORT}",
    ]
    options += ["--graceful-timeout", "5", "--timeout", "60", "--log-level", "warning", "--no-control-socket"]
    return [sys.executable, "-m", "gunicorn", "config.wsgi:application", *options]


def celery_command(role: str) -> list[str]:
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "config.celery", role, "--loglevel", "WARNING"]
    if role == "beat":
        return [*command, "--pidfile="]
    if chosen("CELERY_BROKER_URL", "filesystem:").startswith("filesystem:"):
        return [*command, "--pool", "solo", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [*command, "--concurrency", str(max(2, os.cpu_count() or 1))]


def after_demo(children: "Children", status: int) -> None:
    if status:
        say(f"The demo's replay stopped (status {status}); the site stays up. ./run takes the replay up again.")
    else:
        children.start("logins", sys.executable, "manage.py", "demo_logins", essential=False)


# --- preparation -----------------------------------------------------------------------------------------------------
def prepare(children: "Children") -> bool:
    """`manage.py prepare` (migrations, messages, data files), left out when nothing it depends on has changed."""
    stamp = VAR / "prepared"
    if uses_sqlite() and stamp.exists() and stamp.read_text() == prepared_state():
        return True
    stamp.unlink(missing_ok=True)
    if children.start("prepare", sys.executable, "manage.py", "prepare").wait():
        return False
    children.forget("prepare")
    if uses_sqlite():
        stamp.write_text(prepared_state())
    return True


def prepared_state() -> str:
    """Digest of the files that preparation reads and of the migrations that the database says it has."""
    digest = hashlib.sha256()
    for path in sorted(preparation_files()):
        facts = path.stat()
        digest.update(f"{path.relative_to(ROOT)} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    digest.update(repr(applied_migrations()).encode() + chosen("DATABASE_URL").encode() + chosen("DEMO").encode())
    return digest.hexdigest()


def preparation_files():
    yield ROOT / "requirements.lock"
    for app in ROOT.iterdir():
        if (app / "__init__.py").exists() and app.name != "tests":
            for pattern in (
                "migrations/*.py",
                "data/**/*",
                "locale/*/LC_MESSAGES/*.po",
                "management/commands/*.py",
                "*.py",
                "models/*.py",
            ):
                yield from (path for path in app.glob(pattern) if path.is_file())


def applied_migrations() -> list:
    path = sqlite_path()
    if not path.exists():
        return []
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        try:
            return database.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
        except sqlite3.DatabaseError:
            return []


def sqlite_path() -> Path:
    url = chosen("DATABASE_URL")
    return Path(url.removeprefix("sqlite:///")) if url else VAR / "chengxuan.sqlite3"


def uses_sqlite() -> bool:
    return chosen("DATABASE_URL", "sqlite:").startswith("sqlite:")


def demo_is_on() -> bool:
    return chosen("DEMO").lower() in {"1", "true", "yes", "on", "y", "t", "ok"}


def chosen(name: str, default: str = "") -> str:
    """A variable as the settings will see it: the environment, then the file .env."""
    if name in os.environ:
        return os.environ[name] or default
    with contextlib.suppress(FileNotFoundError):
        for line in (ROOT / ".env").read_text().splitlines():
            key, _, value = line.strip().removeprefix("export ").partition("=")
            if key.strip() == name:
                return value.strip().strip("'\"") or default
    return default


# --- first page ------------------------------------------------------------------------------------------------------
def wait_for_first_page(children: "Children") -> int | None:
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


def answer_of(path: str) -> int | None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(ADDRESS + path, timeout=30) as response:
            return response.status
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return None


def announce(status: int) -> None:
    if status >= 500:
        say(f"The site runs at {ADDRESS}/ but its first page answers {status}; the lines above say why.")
    else:
        say(f"诚选 is open: {ADDRESS}/   (Ctrl-C stops it)")


# --- children --------------------------------------------------------------------------------------------------------
class Children:
    """Processes of ours, each in a session of its own, so that a Ctrl-C reaches only the supervisor, which then stops them in order."""

    def __init__(self) -> None:
        self.running: dict[str, subprocess.Popen] = {}
        self.essential: set[str] = set()

    def start(self, name: str, *command: str, essential: bool = True) -> subprocess.Popen:
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        self.running[name] = child
        if essential:
            self.essential.add(name)
        return child

    def forget(self, name: str) -> None:
        self.running.pop(name)
        self.essential.discard(name)

    def dead(self) -> list[str]:
        return [name for name, child in self.running.items() if child.poll() is not None]

    def watch(self, *, after: dict) -> int:
        """Until an essential child ends; `after` names what follows the end of another one."""
        ended = threading.Event()
        while True:
            for name in self.dead():
                status = self.running[name].returncode
                if name in self.essential:
                    say(f"The {name} process has ended (status {status}); stopping the others.")
                    return 1
                self.forget(name)
                if name in after:
                    after[name](self, status)
            ended.wait(0.5)

    def stop(self) -> None:
        """TERM to all, last started first; KILL to the whole session of what is still there after the limit."""
        for child in reversed(self.running.values()):
            if child.poll() is None:
                child.terminate()
        give_up_at = time.monotonic() + STOP_WITHIN_SECONDS
        for name, child in self.running.items():
            try:
                child.wait(timeout=max(0.1, give_up_at - time.monotonic()))
            except subprocess.TimeoutExpired:
                say(f"The {name} process did not stop within {STOP_WITHIN_SECONDS} seconds; killing it.")
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def die_with_parent() -> None:
    """On Linux the kernel ends the children when the supervisor itself is killed outright."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # 1: PR_SET_PDEATHSIG


# --- odds ------------------------------------------------------------------------------------------------------------
def take_lock():
    """One supervisor per data folder; None when another one holds it. The lock goes with the process."""
    VAR.mkdir(parents=True, exist_ok=True)
    handle = (VAR / "supervisor.lock").open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None
    return handle


def port_is_free() -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(PORT)))
        except (OSError, OverflowError, ValueError):
            return False
    return True


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


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
