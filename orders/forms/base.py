"""The form of an act on an order."""

from __future__ import annotations

from typing import Any

from django import forms


class ActForm(forms.Form):
    """It may look into the dossier of the order (what the person may see of it), and at the row it is about."""

    def __init__(self, *args: Any, dossier: Any, row: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dossier = dossier
        self.row = row
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and first values from the dossier."""
