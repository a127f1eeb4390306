from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    name = "kernel"

    def ready(self) -> None:
        _ask_to_choose()
        from kernel import invariants  # noqa: F401  (registers itself)
        from kernel.services import drafts, mail, schedule, sign_up, stray_files, tokens  # noqa: F401
        from kernel.ui import navigation

        navigation.register(
            navigation.NavItem(navigation.ACCOUNT, _("今天要办的"), "kernel:work", order=10),
            navigation.NavItem(navigation.ACCOUNT, _("通知中心"), "kernel:notices", order=20),
            navigation.NavItem(navigation.ACCOUNT, _("登记单位"), "kernel:party_register", order=80),
            navigation.NavItem(navigation.ACCOUNT, _("修改密码"), "account_change_password", order=90),
        )
        navigation.register_section("work", _("工作"), order=0)
        navigation.register(
            navigation.NavItem("work", _("今天要办的"), "kernel:work", visible=_signed_in, order=0),
            navigation.NavItem("work", _("通知中心"), "kernel:notices", visible=_signed_in, order=10),
        )
        post_migrate.connect(_install_triggers, dispatch_uid="append_only")


def _signed_in(request: object) -> bool:
    return bool(getattr(getattr(request, "user", None), "is_authenticated", False))


def _ask_to_choose() -> None:
    """Nothing is filled in where there are lines to choose from."""
    from django import forms

    forms.ChoiceField.default_error_messages |= {"required": _("请选择一项。")}
    forms.MultipleChoiceField.default_error_messages |= {"required": _("请至少选择一项。")}
    forms.ModelChoiceField.default_error_messages |= {"required": _("请选择一项。")}
    forms.ModelMultipleChoiceField.default_error_messages |= {"required": _("请至少选择一项。")}


def _install_triggers(using: str, **_options: object) -> None:
    """After every migrate (of any app: a table remake drops triggers), idempotent."""
    from kernel import append_only

    append_only.install(using)
