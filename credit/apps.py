from django.apps import AppConfig


class CreditConfig(AppConfig):
    name = "credit"

    def ready(self) -> None:
        # Each registers itself.
        from credit import invariants, jobs, machines, menu, subjects  # noqa: F401

        menu.register()
