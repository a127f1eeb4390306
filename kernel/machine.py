"""Transition tables as data: the services obey them, the docs and diagrams are drawn from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


@dataclass(frozen=True)
class Transition:
    """One row of a process: ``name`` leads from any of ``sources`` to ``target``.

    ``who`` names the parties that may do it (words of the glossary, or "system"). ``limit_days`` is the time limit in
    working days that starts on reaching ``target``, ``deadline`` its code; ``reminders`` are working days before it.
    """

    name: str
    label: Any
    sources: tuple[str, ...]
    target: str
    who: tuple[str, ...]
    deadline: str = ""
    limit_days: int | None = None
    reminders: tuple[int, ...] = ()
    note: Any = ""


@dataclass(frozen=True)
class Machine:
    """The life of one kind of thing. ``states`` is its TextChoices; ``initial`` and ``finals`` are values of it.

    ``model`` names the rows that live it, ``kept_in`` the field where their state stands."""

    name: str
    label: Any
    states: Any
    initial: str
    finals: tuple[str, ...]
    transitions: tuple[Transition, ...]
    model: Any = None
    kept_in: str = "status"
    _by_name: dict[str, Transition] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        values = set(self.states.values)
        for row in self.transitions:
            if row.name in self._by_name:
                raise ValueError(f"{self.name}: transition {row.name} is listed twice")
            unknown = ({*row.sources, row.target}) - values
            if unknown:
                raise ValueError(f"{self.name}.{row.name}: unknown states {sorted(unknown)}")
            self._by_name[row.name] = row
        MACHINES[self.name] = self

    def __getitem__(self, name: str) -> Transition:
        return self._by_name[name]

    @property
    def steps(self) -> set[tuple[str, str]]:
        """Every (from, to) that a history may show."""
        return {(source, row.target) for row in self.transitions for source in row.sources}

    def allows(self, name: str, state: str) -> bool:
        return state in self._by_name[name].sources

    def check(self, name: str, state: str) -> str:
        """The state that ``name`` leads to from ``state``; DomainError ``<machine>.wrong_state`` when it does not."""
        row = self._by_name[name]
        if state not in row.sources:
            raise DomainError(
                f"{self.name}.wrong_state",
                _("当前状态为“%(state)s”，不能%(action)s。") % {"state": self.states(state).label, "action": row.label},
                _("请刷新页面，查看最新进展后再操作。"),
            )
        return row.target

    def offers(self, state: str) -> list[Transition]:
        return [row for row in self.transitions if state in row.sources]


# Every declared machine by name: for docs, diagrams and the invariant that histories replay.
MACHINES: dict[str, Machine] = {}
