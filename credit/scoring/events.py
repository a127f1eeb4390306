"""What the score is computed from: one flat record per fact, and which records stand on a given day."""

from dataclasses import dataclass, field, fields
from datetime import date

from .integers import parse_day


class EventConflict(ValueError):
    """Two records with one reference and different content: one of them is not what it says."""


@dataclass(frozen=True)
class Event:
    """One fact about one agency.

    ref: unique and stable; agency, client, category: labels without meaning to the score; on: the day it counts from;
    code: a code of the rulebook; fee_fen: what the order cost; x: evidence 0…1000; party: who judged; until: the day
    an incident ends (exclusive; None = the clause's default); target: the ref that a void or repair answers; clause:
    the entry of the rulebook that an incident was decided under, where that is known.
    """

    ref: str
    agency: str
    code: str
    on: date
    client: str | None = None
    category: str | None = None
    fee_fen: int | None = None
    x: int | None = None
    party: str = "owner"
    until: date | None = None
    target: str | None = None
    clause: dict | None = field(default=None, hash=False)

    def rule(self, codes):
        """What it counts by: the clause it was decided under, else the rulebook's entry (None where it has none).
        codes: {code: its rulebook entry}."""
        return self.clause or codes.get(self.code)

    @classmethod
    def from_json(cls, data):
        """From one line of events.jsonl. Unknown keys and wrong types raise ValueError."""
        unknown = set(data) - {f.name for f in fields(cls)}
        if unknown:
            raise ValueError("unknown keys in an event: %s" % ", ".join(sorted(unknown)))
        values = {k: v for k, v in data.items() if v is not None}
        for key in ("fee_fen", "x"):
            if key in values and type(values[key]) is not int:
                raise ValueError("%s is an integer" % key)
        if type(values.get("clause", {})) is not dict:
            raise ValueError("clause is an entry of a rulebook")
        values["on"] = parse_day(values["on"])
        if "until" in values:
            values["until"] = parse_day(values["until"])
        return cls(**values)

    def as_json(self):
        """The line of events.jsonl: dates as text; every key, but ``clause`` only where there is one: it came later, and
        what was digested without it keeps its digest."""
        data = {f.name: getattr(self, f.name) for f in fields(self)}
        data["on"] = self.on.isoformat()
        data["until"] = self.until.isoformat() if self.until else None
        if self.clause is None:
            del data["clause"]
        return data


def distinct(events):
    """The events by ref, each once. The same record twice is one record; a different one under the same ref raises."""
    found = {}
    for event in events:
        known = found.setdefault(event.ref, event)
        if known != event:
            raise EventConflict("two different events are called %s" % event.ref)
    return found


def standing(events, codes, as_of):
    """The events that count on `as_of`, in order of (day, ref): dated by then, neither voided nor repaired by then.

    codes: {code: its rulebook entry}. A void or repair works from its own day on, so an older day still sees what was
    known on it. A repair of something its clause calls unrepairable has no effect. An incident counts by the clause it
    was decided under, whatever later rulebooks say; any other code that the rulebook has not counts for nothing.
    """
    known = {ref: event for ref, event in distinct(events).items() if event.rule(codes)}
    gone = set()
    for event in known.values():
        kind = event.rule(codes)["kind"]
        if kind not in ("void", "repair") or event.on > as_of:
            continue
        target = known.get(event.target)
        if target is None or target.agency != event.agency:
            continue
        if kind == "void" or target.rule(codes).get("repairable", False):
            gone.add(event.target)
    return sorted(
        (
            e
            for e in known.values()
            if e.on <= as_of and e.ref not in gone and e.rule(codes)["kind"] not in ("void", "repair")
        ),
        key=lambda e: (e.on, e.ref),
    )
