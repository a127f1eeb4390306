"""What the environment, the file .env and the machine say, before Django is up."""

import contextlib
import fcntl
import os
import socket
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var")
PORT = os.environ.get("PORT", "8000")


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


def uses_sqlite() -> bool:
    return chosen("DATABASE_URL", "sqlite:").startswith("sqlite:")


def sqlite_path() -> Path:
    url = chosen("DATABASE_URL")
    return Path(url.removeprefix("sqlite:///")) if url else VAR / "chengxuan.sqlite3"


def demo_is_on() -> bool:
    return chosen("DEMO").lower() in {"1", "true", "yes", "on", "y", "t", "ok"}


def port_is_free() -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(PORT)))
        except (OSError, OverflowError, ValueError):
            return False
    return True


def take_lock():
    """One supervisor per data folder; None when another one holds it. The lock goes with the process."""
    VAR.mkdir(parents=True, exist_ok=True)
    handle = (VAR / "supervisor.lock").open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None
    return handle
