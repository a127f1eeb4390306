"""Where upper rooms leave what the kernel calls without knowing them. Each app fills these in ``AppConfig.ready``.

- ``outbox_handlers``: topic → functions(list of payloads), in order of registration; each must be idempotent.
- ``deadline_handlers``: deadline code → function(deadline), run once in its own transaction when it is due.
- ``subject_locks``: subject prefix ("order") → function(pk): takes the lock under which the room's services change that
  subject. A deadline is claimed under it, so sweep and services lock in one order and never wait in a circle.
- ``reminder_handlers``: deadline code → function(reminder): who is told what before the deadline.
- ``invariants``: name → function() yielding sentences, one a violation.
- ``nightly``: name → function(), run once a day, idempotent.
- ``subjects``: subject prefix ("order") → ``Subject``: what the kernel must know to show and guard a subject's papers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


class Registry(dict[str, Any]):
    """A dict that refuses to overwrite, and a decorator: ``@invariants.register("orders.capacity")``."""

    def register(self, name: str) -> Callable[[Any], Any]:
        def keep(thing: Any) -> Any:
            if name in self and self[name] is not thing:
                raise ValueError(f"{name} is registered twice")
            self[name] = thing
            return thing

        return keep


class Subscriptions(dict[str, list[Any]]):
    """Several rooms may listen to one topic: ``@outbox_handlers.register("listing_changed")``.

    A topic whose handler reaches one addressee for each message registers ``singly``: one that fails is tried again
    alone, and those that were reached are not reached twice. ``attempts`` ends the trying of what is not worth a
    repetition for ever (a mail to an address that does not exist)."""

    def __init__(self) -> None:
        super().__init__()
        self.singly: set[str] = set()
        self.attempts: dict[str, int] = {}

    def register(self, topic: str, *, singly: bool = False, attempts: int | None = None) -> Callable[[Any], Any]:
        if singly:
            self.singly.add(topic)
        if attempts is not None:
            self.attempts[topic] = attempts

        def keep(handler: Any) -> Any:
            handlers = self.setdefault(topic, [])
            if handler not in handlers:
                handlers.append(handler)
            return handler

        return keep


@dataclass(frozen=True)
class Subject:
    """How the kernel meets a subject of another room ("order:12").

    ``may_read(user, pk)`` guards its attachments; ``url(pk)`` leads to its page; ``label(pk)`` names it to people.
    """

    may_read: Callable[[Any, int], bool]
    url: Callable[[int], str]
    label: Callable[[int], str]


outbox_handlers: Subscriptions = Subscriptions()
deadline_handlers: Registry = Registry()
subject_locks: Registry = Registry()
reminder_handlers: Registry = Registry()
invariants: dict[str, Callable[[], Iterable[str]]] = Registry()
nightly: Registry = Registry()
subjects: Registry = Registry()
