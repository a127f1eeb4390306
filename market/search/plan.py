"""A question as conditions on fields, in words of our own that every engine can translate.

The steps of the published order are nested fields (see `document.token_fields`), so "every word in its names" is one
condition on one field.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from market.search.document import unix_day
from market.search.query import SearchQuery
from market.search.words import SOUND, Form, Word

STEPS = ("names", "kind", "text")


@dataclass(frozen=True, slots=True)
class Has:
    """The field holds this token."""

    field: str
    token: str


@dataclass(frozen=True, slots=True)
class Begins:
    """The field holds a token that begins so."""

    field: str
    token: str


@dataclass(frozen=True, slots=True)
class Like:
    """The field holds a token at most one letter away."""

    field: str
    token: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """The field's exact value is one of these."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotBefore:
    """The number in the field is at least this."""

    field: str
    number: int


@dataclass(frozen=True, slots=True)
class Every:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least ``least`` of the parts hold."""

    parts: tuple["Condition", ...]
    least: int = 1


@dataclass(frozen=True, slots=True)
class Without:
    """``main`` holds and ``other`` does not."""

    main: "Condition"
    other: "Condition"


Condition = Has | Begins | Like | OneOf | NotBefore | Every | Some | Without


def _form(form: Form, field: str) -> Condition:
    if form.prefix:
        return Begins(field, form.prefix)
    parts = tuple(Has(field, token) for token in form.tokens)
    return parts[0] if len(parts) == 1 else Every(parts)


def _any(parts: Sequence[Condition]) -> Condition:
    return parts[0] if len(parts) == 1 else Some(tuple(parts))


def every_word(words: Sequence[Word], field: str) -> Condition:
    """Every word, in any of its spellings, is in ``field``."""
    return Every(tuple(_any([_form(form, field) for form in word.forms]) for word in words))


def near_words(words: Sequence[Word], sounds: Sequence[str]) -> Condition:
    """At least half of the words, in their looser spellings (one letter off, half of the pairs), or a like sound."""
    return _any([_looser(words, "text"), *(Has("names", sound) for sound in sounds)])


def near_steps(words: Sequence[Word], sounds: Sequence[str], near: Condition) -> list[Condition]:
    """``near`` cut into pieces, the nearest first: as many words as possible in what is offered, then a like sound or
    spelling in it, then the rest."""
    exact = tuple(_any([_form(form, "works") for form in word.forms]) for word in words)
    like = _any([_looser(words, "works"), *(Has("works", sound) for sound in sounds)])
    tiers = [*(Some(exact, least) for least in range(len(exact), 0, -1)), like]
    pieces: list[Condition] = []
    for i, tier in enumerate(tiers):
        piece = Every((near, tier))
        pieces.append(Without(piece, _any(tiers[:i])) if i else piece)
    return [*pieces, Without(near, _any(tiers))]


def _looser(words: Sequence[Word], field: str) -> Condition:
    return Some(tuple(_near(word, field) for word in words), (len(words) + 1) // 2)


def _near(word: Word, field: str) -> Condition:
    parts = [_form(form, field) for form in word.forms]
    if word.fuzzy:
        parts += [Like(field, word.fuzzy), Like(field, SOUND + word.fuzzy)]
    tokens = word.forms[0].tokens
    if len(tokens) > 1:
        parts.append(Some(tuple(Has(field, token) for token in tokens), (len(tokens) + 1) // 2))
    return _any(parts)


def filters(query: SearchQuery) -> Every:
    """What is chosen, and that the listing is live and its certificates are valid on the day."""
    chosen = tuple(OneOf(name, values) for name, values in query.filters.items())
    return Every((OneOf("live", ("1",)), NotBefore("valid_until", unix_day(query.on)), *chosen))


def steps(words: Sequence[Word]) -> list[tuple[str, Condition | None]]:
    """The steps in order: (name, condition); each excludes the ones before it. No words, one step without condition."""
    if not words:
        return [("", None)]
    held = {field: every_word(words, field) for field in STEPS}
    return [
        ("names", held["names"]),
        ("kind", Without(held["kind"], held["names"])),
        ("text", Without(held["text"], held["kind"])),
    ]
