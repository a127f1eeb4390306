"""Programs that come from npm, for a measurement only: into a temporary folder, or into the folder ``NPM_TOOLS`` names,
where they stay for the next time."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def fetched(package: str, file: str) -> Iterator[Path]:
    """The path of ``file`` inside ``node_modules`` with ``package`` installed."""
    if not shutil.which("npm"):
        sys.exit(f"{package} comes from npm, which is not on this machine. On Debian: apt-get install npm")
    with contextlib.ExitStack() as stack:
        folder = Path(os.environ.get("NPM_TOOLS") or stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        there = folder / "node_modules" / file
        if not there.exists():
            subprocess.run(["npm", "install", "--silent", "--prefix", str(folder), package], check=True)
        yield there
