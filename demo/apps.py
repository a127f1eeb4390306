from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    name = "demo"
    verbose_name = _("演示")

    def ready(self) -> None:
        if not settings.DEMO:
            return
        from demo import chrome
        from kernel import access
        from kernel.models import Membership
        from kernel.ui import navigation

        navigation.register_slot("login_beside", chrome.sign_in_buttons)
        navigation.register_slot("login_top", chrome.sign_in_hint)
        navigation.register_slot("top", chrome.strip)
        navigation.register_slot("party_register", chrome.code_hint)
        roles = (Membership.Role.OPERATOR, Membership.Role.ADMINISTRATOR)
        navigation.register(
            navigation.NavItem(
                "work",
                _("推进演示时间"),
                "demo:advance",
                visible=lambda request: access.holds(request.user, *roles),
                order=90,
            )
        )
