"""The site to walk through: one of its own, on a free port, over the database that the settings name."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

from django.conf import settings

READY_WITHIN_S = 60


class NotStarted(RuntimeError):
    """The web process did not come up; the message ends with its own last words."""


@contextlib.contextmanager
def running() -> Iterator[str]:
    """The address of a web process that ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", address, "--no-control-socket"]
    command += ["--worker-class", "gthread", "--threads", "4", "--timeout", "120", "--log-level", "warning"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(  # noqa: S603 (our own command)
            command,
            stdout=log,
            stderr=log,
            cwd=settings.BASE_DIR,
            env={**os.environ, "PUBLIC_URL": f"http://{address}"},
        )
        try:
            _wait(process, f"http://{address}", log)
            yield f"http://{address}"
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], base: str, log: object) -> None:
    give_up_at = time.monotonic() + READY_WITHIN_S
    while True:
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"{base}/healthz", timeout=5).close()  # noqa: S310 (our own address)
            return
        if process.poll() is not None or time.monotonic() > give_up_at:
            log.seek(0)  # type: ignore[attr-defined]
            words = log.read().decode(errors="replace")[-3000:]  # type: ignore[attr-defined]
            raise NotStarted(f"The site did not come up at {base}. Its last words:\n{words or '(nothing)'}")
        time.sleep(0.1)
