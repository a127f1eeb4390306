"""The processes themselves: started apart, watched together, stopped with a limit."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time

from kernel.supervisor.surroundings import ROOT

STOP_WITHIN_SECONDS = 12
# Whoever runs everything as root, as in a container, has decided that already; Celery need not repeat it at each start.
QUIET = {"PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore:You're running the worker"}


class Children:
    """Each in a session of its own: a Ctrl-C reaches the supervisor alone, which then stops them."""

    def __init__(self) -> None:
        self.running: dict[str, subprocess.Popen] = {}
        self.essential: set[str] = set()

    def start(self, name: str, *command: str, essential: bool = True) -> subprocess.Popen:
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            env=os.environ | QUIET,
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
        while True:
            for name in self.dead():
                status = self.running[name].returncode
                if name in self.essential:
                    say(f"The {name} process has ended (status {status}); stopping the others.")
                    return 1
                self.forget(name)
                if name in after:
                    after[name](self, status)
            time.sleep(0.5)

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


def say(text: str) -> None:
    print(text, flush=True)
