"""Form tokens (idempotency) are needed for as long as somebody may press a button twice."""

from __future__ import annotations

from datetime import timedelta

from kernel import clock
from kernel.models import IdempotencyKey
from kernel.registries import nightly

KEPT = timedelta(days=7)


@nightly.register("tokens")
def tokens_forget() -> int:
    return IdempotencyKey.objects.filter(created_at__lt=clock.now() - KEPT).delete()[0]
