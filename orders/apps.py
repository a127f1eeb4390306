from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"

    def ready(self) -> None:
        from orders import handlers, invariants, menus, waiting  # noqa: F401  (they register themselves)
