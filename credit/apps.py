from django.apps import AppConfig


class CreditConfig(AppConfig):
    name = "credit"

    def ready(self) -> None:
        from credit import invariants, jobs, machines  # noqa: F401  (they register themselves)
