"""`./run` as a newcomer meets it: what it says when something is missing, taken or mistyped."""

import os
import shutil
import socket
import subprocess

import pytest

from tests.architecture.walls import ROOT


def run(*words: str, folder=ROOT, **environment: str) -> subprocess.CompletedProcess:
    inherited = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        ["./run", *words],
        cwd=folder,
        env=inherited | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def bare_copy(tmp_path):
    """The script without an environment, in a folder of its own."""
    shutil.copy(ROOT / "run", tmp_path)
    shutil.copy(ROOT / "requirements.lock", tmp_path)
    return tmp_path


@pytest.fixture
def programs(tmp_path):
    """A PATH on which only the named programs are."""

    def only(**scripts: str) -> str:
        folder = tmp_path / "bin"
        folder.mkdir()
        for name in ("dirname", "cmp", "rm", "sh", "cat", "basename"):
            (folder / name).symlink_to(shutil.which(name))
        for name, script in scripts.items():
            (folder / name).write_text(f"#!/bin/sh\n{script}\n")
            (folder / name).chmod(0o755)
        return str(folder)

    return only


def test_help_names_every_verb():
    answer = run("help")
    assert answer.returncode == 0
    for verb in ("manage", "test", "tour", "bench", "reset"):
        assert f"./run {verb}" in answer.stdout


def test_unknown_word():
    answer = run("tset")
    assert answer.returncode == 2
    assert "does not know 'tset'" in answer.stderr


def test_no_python(bare_copy, programs):
    answer = run(folder=bare_copy, PATH=programs())
    assert answer.returncode == 1
    assert "needs Python 3.11 or newer" in answer.stderr


def test_old_python(bare_copy, programs):
    answer = run(folder=bare_copy, PATH=programs(python3="exit 1"))
    assert answer.returncode == 1
    assert "needs Python 3.11 or newer" in answer.stderr


def test_python_without_venv(bare_copy, programs):
    answer = run(folder=bare_copy, PATH=programs(python3='case "$2" in *ensurepip*) exit 1 ;; esac'))
    assert answer.returncode == 1
    assert "apt-get install python3-venv" in answer.stderr


def test_taken_port(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        answer = run(PORT=port, VAR_DIR=str(tmp_path / "var"))
    assert answer.returncode == 1
    assert f"Port {port} on 127.0.0.1 is taken" in answer.stdout


@pytest.mark.parametrize("port", ["http", "70000", "-1"])
def test_not_a_port(port, tmp_path):
    answer = run(PORT=port, VAR_DIR=str(tmp_path / "var"))
    assert answer.returncode == 1
    assert "not a port" in answer.stdout


def start_in_vain(folder, **environment: str) -> None:
    """As far as the secret, and no further: the port is not one."""
    assert run(PORT="none", VAR_DIR=str(folder), **environment).returncode == 1


def test_secret_is_made_once_and_kept_private(tmp_path):
    secret = tmp_path / "secret_key"
    start_in_vain(tmp_path)
    first = secret.read_text()
    start_in_vain(tmp_path)
    assert len(first.strip()) > 40
    assert secret.read_text() == first
    assert secret.stat().st_mode & 0o077 == 0


def test_a_chosen_secret_is_left_alone(tmp_path):
    start_in_vain(tmp_path, SECRET_KEY="chosen")
    assert not (tmp_path / "secret_key").exists()


class TestReset:
    @pytest.fixture
    def data(self, tmp_path):
        folder = tmp_path / "var"
        (folder / "media").mkdir(parents=True)
        (folder / "chengxuan.sqlite3").touch()
        (folder / "secret_key").touch()
        return folder

    def test_asks_somebody(self, data):
        answer = run("reset", VAR_DIR=str(data))
        assert answer.returncode == 1
        assert "--yes" in answer.stderr
        assert (data / "chengxuan.sqlite3").exists()

    def test_empties_the_folder(self, data):
        assert run("reset", "--yes", VAR_DIR=str(data)).returncode == 0
        assert {path.name for path in data.iterdir()} == {"supervisor.lock"}

    def test_keeps_the_secret_of_a_database_elsewhere(self, data):
        answer = run("reset", "--yes", VAR_DIR=str(data), DATABASE_URL="postgres://x@127.0.0.1/x")
        assert "was not touched" in answer.stdout
        assert {path.name for path in data.iterdir()} == {"supervisor.lock", "secret_key"}

    def test_nothing_there(self, tmp_path):
        assert run("reset", "--yes", VAR_DIR=str(tmp_path / "none")).returncode == 0
