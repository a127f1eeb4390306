"""Code and style inside HTML: what a strict content security policy would stop."""

from __future__ import annotations

from html.parser import HTMLParser

ADDRESSES = ("href", "src", "action", "formaction", "data")


def inline(html: str) -> list[str]:
    """Each style attribute, event handler, script or style body and ``javascript:`` address, with its line."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        names = dict(attributes)
        if tag == "style":
            self._note("<style>")
        if tag == "script" and not names.get("src"):
            self._note("<script> with a body")
        for name, value in attributes:
            # htmx runs what stands in hx-on; djlint and browsers alike read both spellings.
            if name == "style" or name.startswith(("on", "hx-on", "data-hx-on")):
                self._note(f"{name}= on <{tag}>")
            if name in ADDRESSES and (value or "").strip().lower().startswith("javascript:"):
                self._note(f"javascript: in {name} on <{tag}>")

    def _note(self, what: str) -> None:
        self.found.append(f"line {self.getpos()[0]}: {what}")
