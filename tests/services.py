"""Servers the tests start for themselves: on a free port of 127.0.0.1, data in a temporary folder, stopped by process id.

    with PostgreSQL() as server:
        server.url("postgres")

`missing()` says which of them this machine cannot start. Nothing here uses a server that already runs.
"""

import ctypes
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SERVICES = {"postgresql": "PostgreSQL", "redis": "Redis", "chromium": "Chromium"}
PACKAGES = {
    "postgresql": ["postgresql"],
    "redis": ["redis-server"],
    "chromium": ["chromium", "fonts-wqy-microhei"],
}


class StartFailed(RuntimeError):
    """The server did not come up; the message ends with its own last log lines."""


def program(name: str) -> str | None:
    """Path of a server's program, or None. PostgreSQL's are often not on PATH."""
    if found := shutil.which(name):
        return found
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]), reverse=True)
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        folders.append(answer.stdout.strip())
    return next((found for folder in folders if (found := shutil.which(name, path=folder))), None)


def chromium_program() -> str | None:
    return next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )


def missing() -> list[str]:
    """Names out of SERVICES that cannot be started here."""
    there = {
        "postgresql": program("initdb") and program("postgres") and _postgres_account(),
        "redis": program("redis-server"),
        "chromium": chromium_program(),
    }
    return [name for name in SERVICES if not there[name]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _postgres_account() -> pwd.struct_passwd | None:
    """Who runs PostgreSQL: ourselves, or, since it refuses root, the account its package made."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return None


def _die_with_parent(signal_number: int):
    """For Popen(preexec_fn=…): on Linux the kernel stops the server if the test process is killed outright."""

    def arrange() -> None:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(1, signal_number)  # 1: PR_SET_PDEATHSIG

    return arrange


def wait_until(happened, *, within_seconds: float = 30, what: str = "it"):
    """Ask until the answer is true, and return it; the one way for a test to wait."""
    give_up_at = time.monotonic() + within_seconds
    while not (answer := happened()):
        if time.monotonic() > give_up_at:
            raise AssertionError(f"{what} did not happen within {within_seconds} seconds")
        time.sleep(0.05)
    return answer


class Server:
    """One child process with a folder, a port and a log."""

    name = "server"
    stop_signal = signal.SIGTERM

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix=f"chengxuan-{self.name}-"))
        self.log = self.folder / "log"
        self.process: subprocess.Popen | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def ready(self) -> bool:
        raise NotImplementedError

    def account(self) -> dict:
        """Popen's user and group, when the server must not run as us."""
        return {}

    def environment(self) -> dict | None:
        """Popen's env; None for our own."""
        return None

    def start(self, *, within_seconds: float = 30) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=self.environment(),
                preexec_fn=_die_with_parent(self.stop_signal),
                start_new_session=True,
                **self.account(),
            )
        give_up_at = time.monotonic() + within_seconds
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() > give_up_at:
                last = self.last_lines()
                self.stop()
                raise StartFailed(f"{self.name} did not start on port {self.port}. Its last words:\n{last}")
            time.sleep(0.05)

    def last_lines(self, count: int = 20) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:]) or "(nothing)"

    def kill(self) -> None:
        """As a power cut would."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        self._signal(self.stop_signal)

    def _signal(self, number: int) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(number)
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=15)

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exc) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class PostgreSQL(Server):
    """`durable=True` keeps fsync on, for tests that kill the server."""

    name = "postgresql"
    stop_signal = signal.SIGINT  # fast shutdown

    def __init__(self, *, durable: bool = False) -> None:
        super().__init__()
        self.durable = durable
        self.data = self.folder / "data"
        owner = _postgres_account()
        if owner is None:
            raise StartFailed("PostgreSQL refuses root and its account 'postgres' does not exist on this machine.")
        self.owner = owner
        os.chown(self.folder, owner.pw_uid, owner.pw_gid)

    def account(self) -> dict:
        if os.geteuid() == self.owner.pw_uid:
            return {}
        return {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []}

    def start(self, *, within_seconds: float = 30) -> None:
        if not self.data.exists():
            made = subprocess.run(
                [
                    program("initdb"),
                    "-D",
                    self.data,
                    "-U",
                    "postgres",
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    "--locale=C.UTF-8",
                    "-N",
                ],
                capture_output=True,
                text=True,
                cwd=self.folder,
                check=False,
                **self.account(),
            )
            if made.returncode:
                raise StartFailed(f"initdb failed:\n{made.stdout}{made.stderr}")
        super().start(within_seconds=within_seconds)

    def command(self) -> list[str]:
        options = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.folder,
            "max_connections": 200,
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [program("postgres"), "-D", str(self.data), *flags]

    def ready(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, database: str) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"


class Redis(Server):
    name = "redis"

    def command(self) -> list[str]:
        return [
            program("redis-server"),
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            str(self.folder),
        ]

    def ready(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as line:
                line.sendall(b"PING\r\n")
                return line.recv(7).startswith(b"+PONG")
        except OSError:
            return False

    def url(self, database: int = 0) -> str:
        return f"redis://127.0.0.1:{self.port}/{database}"
