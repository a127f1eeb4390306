"""The nightly work, once a civil day, and the demo's hold on scheduled work while it replays."""

from __future__ import annotations

import logging
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import clock, workdays
from kernel.models import Counter, Membership
from kernel.registries import nightly
from kernel.services import notify
from kernel.wording import filled

log = logging.getLogger(__name__)


def run_nightly(*, skip: frozenset[str] = frozenset()) -> list[str]:
    """Run what has not run today (but for ``skip``); returns the names that ran. A job that fails is tried again at
    the next call."""
    today, ran = clock.today().toordinal(), []
    for name, job in nightly.items():
        row, _created = Counter.objects.get_or_create(name=f"nightly:{name}"[:40])
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


@nightly.register("calendar")
def calendar_warning() -> None:
    """In December, thrice, until next year's make-up days are known: limits that reach over New Year would be wrong.

    They are published in autumn; a newer ``holidays`` release or rows in the calendar bring them."""
    today = clock.today()
    if today.month != 12 or today.day not in (1, 11, 21) or workdays.knows_make_up_days(today.year + 1):
        return
    notify.role(
        role=Membership.Role.ADMINISTRATOR,
        kind="calendar",
        title=filled(_("缺少 %(year)s 年的调休安排，跨年时限可能算错"), year=today.year + 1),
        body=_("请升级日历数据，或在后台“工作日历”中录入国务院办公厅公布的调休日。"),
    )


def hold_file() -> Path:
    """While this file exists, scheduled sweeps rest: the replay runs them itself on its own clock."""
    return Path(settings.VAR_DIR) / "replaying"


def held() -> bool:
    return settings.DEMO and hold_file().exists()
