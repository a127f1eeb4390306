from django.apps import AppConfig


class CreditConfig(AppConfig):
    name = "credit"

    def ready(self) -> None:
        # Each registers itself.
        from credit import invariants, jobs, machines, menu, subjects  # noqa: F401
        from credit.chrome import agency_grade
        from kernel.ui import navigation

        menu.register()
        navigation.register_slot("agency_home", agency_grade)
