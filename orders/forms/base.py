"""The form of an act on an order."""

from __future__ import annotations

from typing import Any

from django import forms


class ActForm(forms.Form):
    """It may look into the dossier of the order (what the person may see of it), and at the row it is about.
    ``conditional``: fields that are needed in some cases; the label or the help says in which, so that "optional" does
    not stand beside them."""

    conditional: tuple[str, ...] = ()

    def __init__(self, *args: Any, dossier: Any, row: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dossier = dossier
        self.row = row
        self.prepare()
        for name in self.conditional:
            if name in self.fields:
                self.fields[name].one_of_several = True  # type: ignore[attr-defined]

    def prepare(self) -> None:
        """Fill choices and first values from the dossier."""
