"""Files without a row: a transaction that was rolled back took the row of a paper away, not the paper."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.conf import settings

from kernel.models import Attachment
from kernel.registries import nightly

log = logging.getLogger(__name__)
YOUNG_S = 24 * 3600
BATCH = 500


@nightly.register("stray_files")
def stray_files_sweep() -> int:
    """Delete stored files older than a day that no attachment names; returns how many.

    Age is the file system's own: the row of a young file may not be committed yet, and a demo's clock that runs ahead
    must not make it old. Holds at most ``BATCH`` names at a time."""
    root = Path(settings.ATTACHMENT_ROOT)
    files, deleted = _old_files(root), 0
    while batch := list(islice(files, BATCH)):
        named = set(Attachment.objects.filter(path__in=batch).values_list("path", flat=True))
        for name in batch:
            if name not in named:
                (root / name).unlink(missing_ok=True)
                deleted += 1
    if deleted:
        log.warning("deleted %s stored files that no attachment names", deleted)
    return deleted


def _old_files(root: Path) -> Iterator[str]:
    """Their paths below the root, as attachments name them."""
    limit = time.time() - YOUNG_S
    for folder in root.iterdir() if root.is_dir() else ():
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.is_file() and path.stat().st_mtime < limit:
                yield path.relative_to(root).as_posix()
