"""The nightly work, once a civil day, and the demo's hold on scheduled work while it replays."""

from __future__ import annotations

import logging
from pathlib import Path

from django.conf import settings
from django.db import transaction

from kernel import clock
from kernel.models import Counter
from kernel.registries import nightly

log = logging.getLogger(__name__)


def run_nightly(*, skip: frozenset[str] = frozenset()) -> list[str]:
    """Run what has not run today (but for ``skip``); returns the names that ran. A job that fails is tried again at
    the next call."""
    today, ran = clock.today().toordinal(), []
    for name, job in nightly.items():
        row, _ = Counter.objects.get_or_create(name=f"nightly:{name}"[:40])
        if name in skip or row.value >= today:
            continue
        try:
            job()
        except Exception:
            log.exception("nightly %s failed", name)
            continue
        with transaction.atomic():
            Counter.objects.filter(pk=row.pk).update(value=today)
        ran.append(name)
    return ran


def hold_file() -> Path:
    """While this file exists, scheduled sweeps rest: the replay runs them itself on its own clock."""
    return Path(settings.VAR_DIR) / "replaying"


def held() -> bool:
    return settings.DEMO and hold_file().exists()
