"""An uploaded roster between its preview and its import: a file that only its uploader can reach, kept for two days."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from kernel.models import User

KEPT_FOR_S = 2 * 24 * 3600


@dataclass(frozen=True)
class Upload:
    """``key`` names it in addresses: the SHA-256 of its content."""

    key: str
    path: Path
    name: str


def upload_keep(*, chunks: Iterable[bytes], name: str, actor: User) -> Upload:
    """Write the file to the uploader's folder; uploads past their time go."""
    folder = _folder(actor)
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder.parent)
    temporary, digest = folder / f"{secrets.token_hex(16)}.part", hashlib.sha256()
    with temporary.open("wb") as target:
        for chunk in chunks:
            digest.update(chunk)
            target.write(chunk)
    key = digest.hexdigest()
    plain = "".join(c for c in name.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable())[-120:]
    (folder / f"{key}.name").write_text(plain, encoding="utf-8")
    path = folder / key
    os.replace(temporary, path)
    return Upload(key, path, plain)


def upload_find(*, key: str, actor: User) -> Upload | None:
    """The person's own upload, or None when there is none (any more)."""
    if len(key) != 64 or not set(key) <= set("0123456789abcdef"):
        return None
    path = _folder(actor) / key
    label = path.with_name(f"{key}.name")
    if not path.is_file() or not label.is_file():
        return None
    return Upload(key, path, label.read_text(encoding="utf-8"))


def upload_drop(*, upload: Upload) -> None:
    for path in (upload.path, upload.path.with_name(f"{upload.key}.name")):
        path.unlink(missing_ok=True)


def _folder(actor: User) -> Path:
    return Path(settings.VAR_DIR) / "rosters" / str(actor.pk)


def _sweep(root: Path) -> None:
    """By the file system's own time: a demo's clock that runs ahead must not eat a fresh upload."""
    limit = time.time() - KEPT_FOR_S
    for path in root.glob("*/*"):
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
