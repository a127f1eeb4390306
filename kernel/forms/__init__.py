"""Forms of the kernel's own pages, and how a form calls a service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError, Forbidden


def attempt(form: forms.BaseForm, service: Callable[..., Any], **arguments: Any) -> Any:
    """Call a service for a valid form. A refusal becomes the form's error, at its field if it names one, so the page
    comes back with everything the person typed; ``Forbidden`` is no matter of the form and goes on up.

    Returns what the service returned; the caller asks ``form.is_valid()`` afterwards to tell a refusal from None."""
    try:
        return service(**arguments)
    except Forbidden:
        raise
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return None


class SignupForm(forms.Form):
    """What we ask on sign-up beyond allauth's mobile number and password."""

    name = forms.CharField(label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ["name", "phone", "email", "password1", "password2"]

    def signup(self, request: Any, user: Any) -> None:
        """allauth calls this after saving; everything is stored by the adapter already."""
