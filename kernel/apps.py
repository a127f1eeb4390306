from django.apps import AppConfig
from django.db.models.signals import post_migrate


class KernelConfig(AppConfig):
    name = "kernel"

    def ready(self) -> None:
        from kernel import invariants  # noqa: F401  (registers itself)
        from kernel.services import mail  # noqa: F401

        post_migrate.connect(_install_triggers, dispatch_uid="append_only")


def _install_triggers(using: str, **_: object) -> None:
    """After every migrate (of any app: a table remake drops triggers), idempotent."""
    from kernel import append_only

    append_only.install(using)
