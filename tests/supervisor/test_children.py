"""The supervisor's children: started, watched, stopped within the limit."""

import os
import sys

import pytest

from kernel.supervisor import children as module
from kernel.supervisor.children import Children
from tests.services import wait_until

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open({note!r}, 'w'); time.sleep(600)"
PATIENT = "import time; time.sleep(600)"


@pytest.fixture
def children(monkeypatch):
    monkeypatch.setattr(module, "STOP_WITHIN_SECONDS", 1)
    children = Children()
    yield children
    children.stop()


def start(children, name, program, **how):
    return children.start(name, sys.executable, "-c", program, **how)


def test_stop_ends_all(children):
    processes = [start(children, name, PATIENT) for name in ("web", "worker")]
    children.stop()
    assert all(process.returncode is not None for process in processes)


def test_stop_does_not_wait_for_the_deaf(children, tmp_path):
    heard = tmp_path / "heard"
    process = start(children, "web", DEAF.format(note=str(heard)))
    wait_until(heard.exists)
    children.stop()
    assert process.returncode == -9


def test_stop_reaches_grandchildren(children, tmp_path):
    note = tmp_path / "pid"
    grandchild = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    start(children, "web", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {grandchild!r}])")
    pid = int(wait_until(lambda: note.exists() and note.read_text()))
    children.stop()
    wait_until(lambda: not os.path.exists(f"/proc/{pid}") or "Z" in state_of(pid), what="the grandchild's end")


def state_of(pid: int) -> str:
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0]


def test_the_end_of_an_essential_child_is_the_end(children):
    start(children, "web", PATIENT)
    start(children, "worker", "raise SystemExit(3)")
    assert children.watch(after={}) == 1


def test_what_follows_the_demo(children):
    followed = []
    start(children, "demo", "pass", essential=False)

    def then(children, status):
        followed.append(status)
        start(children, "web", "pass")

    assert children.watch(after={"demo": then}) == 1
    assert followed == [0]
