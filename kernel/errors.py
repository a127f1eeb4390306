"""What a service raises when a person may not or cannot do a thing."""

from __future__ import annotations

from typing import Any

from kernel.wording import sentences


class DomainError(Exception):
    """A rule said no.

    ``code`` is stable and for machines and tests; ``sentence`` says what is wrong and ``remedy`` what the person can
    do about it, both translatable (lazy strings are rendered in the reader's language, not the raiser's).
    ``field`` names the form field it belongs to, if any.
    """

    status = 409

    def __init__(self, code: str, sentence: Any, remedy: Any = "", *, field: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.remedy = remedy
        self.field = field

    def __str__(self) -> str:
        return str(sentences(self.sentence, self.remedy))


class Forbidden(DomainError):
    """The actor may know of the thing but may not do this with it (403). A foreign thing is a 404 by its selector."""

    status = 403
