"""The whole house: web, worker and clock come up, answer, and leave nobody behind."""

import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests import databases
from tests.architecture.walls import ROOT
from tests.services import free_port, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")]


class Site:
    """`python -m kernel.supervisor` on a folder and a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.output = folder / "output"
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "kernel.supervisor"],
                cwd=ROOT,
                env=self.environment(),
                stdout=output,
                stderr=output,
            )

    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
        return inherited | {
            "VAR_DIR": str(self.folder),
            "PORT": str(self.port),
            "SECRET_KEY": "only-for-this-test",
            "DEMO": "0",
            "DATABASE_URL": f"sqlite:///{self.folder}/chengxuan.sqlite3",
            "CELERY_BROKER_URL": "filesystem://",
        }

    def said(self, text: str) -> bool:
        return text in self.output.read_text()

    def everybody(self) -> dict[int, str]:
        """Processes that carry this site's folder in their environment."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if f"VAR_DIR={self.folder}\0".encode() in (entry / "environ").read_bytes():
                        found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                except OSError:
                    continue
        return found

    def one(self, word: str) -> int:
        return next(pid for pid, command in self.everybody().items() if word in command)

    def is_open(self) -> bool:
        assert self.process.poll() is None, self.output.read_text()
        assert not self.said("but its first page answers"), self.output.read_text()
        running = " ".join(self.everybody().values())
        return self.said("诚选 is open") and " worker " in running and " beat " in running


@pytest.fixture
def site(tmp_path):
    (tmp_path / "broker" / "control").mkdir(parents=True)
    shutil.copyfile(databases.sqlite_template(), tmp_path / "chengxuan.sqlite3")
    site = Site(tmp_path)
    try:
        wait_until(site.is_open, within_seconds=60, what=f"the opening of the site in {tmp_path}")
        yield site
    finally:
        site.process.terminate()
        site.process.wait(timeout=30)


def test_it_answers_and_leaves_nobody_behind(site):
    with urllib.request.urlopen(f"http://127.0.0.1:{site.port}/healthz", timeout=20) as answer:
        assert answer.status == 200
    assert len(site.everybody()) >= 4
    site.process.send_signal(signal.SIGINT)
    assert site.process.wait(timeout=30) == 0
    assert not site.everybody()


def test_a_second_one_is_refused_and_a_killed_one_takes_its_children_along(site):
    second = subprocess.run(
        [sys.executable, "-m", "kernel.supervisor"],
        cwd=ROOT,
        env=site.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert "already runs" in second.stdout
    site.process.kill()
    wait_until(lambda: not site.everybody(), what="the end of all children")


def test_when_the_worker_dies_everything_stops(site):
    os.kill(site.one(" worker "), signal.SIGKILL)
    assert site.process.wait(timeout=30) == 1
    assert site.said("The worker process has ended")
    assert not site.everybody()
