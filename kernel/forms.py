"""Forms of the kernel's own pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class SignupForm(forms.Form):
    """What we ask on sign-up beyond allauth's mobile number and password."""

    name = forms.CharField(label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ["name", "phone", "email", "password1", "password2"]

    def signup(self, request: Any, user: Any) -> None:
        """allauth calls this after saving; everything is stored by the adapter already."""
