from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AgenciesConfig(AppConfig):
    name = "agencies"

    def ready(self) -> None:
        # Each registers itself.
        from agencies import invariants, menu, menu_roster, subjects  # noqa: F401
        from agencies.services import certificates, directory, reminders  # noqa: F401

        menu.register()
        menu_roster.register()
        post_migrate.connect(_freeze, dispatch_uid="agencies_frozen")


def _freeze(using: str, **_: object) -> None:
    """After every migrate of any app, idempotent."""
    from agencies import frozen

    frozen.install(using)
