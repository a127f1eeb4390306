"""A browser without a window: opens pages, follows links by their words, fills in forms and presses their buttons.

    buyer = Browser().sign_in(user)
    buyer.open("/search/").click("环评报告表编制").click("下单")
    buyer.press("提交订单", name="技改项目", fund="private", not_secret=True)

It sends what a real one would send and nothing else: hidden fields (CSRF included) come from the page, a field that the
form does not have cannot be filled in, an option that is not offered cannot be chosen. A page that answers 4xx or 5xx
ends the story unless that status is expected.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import factories

UNTOUCHED = object()
NOT_TEXT = ("script", "style")
WITHIN_A_WORD = ("mark", "b", "em", "strong")


@dataclass
class Control:
    """One input, or the whole of a select."""

    name: str
    kind: str
    value: str = ""
    on: bool = False
    label: str = ""
    multiple: bool = False
    options: list[Control] = field(default_factory=list)

    def sent(self, given: Any) -> list[Any]:
        """The values a browser sends for it, after the person did ``given`` to it."""
        if self.kind == "select":
            return [option.value for option in self.options if option.sent_if_chosen(given)] or self._first(given)
        if self.kind in ("checkbox", "radio"):
            return [self.value] if self.sent_if_chosen(given) else []
        if self.kind == "file":
            return [] if given is UNTOUCHED else [given]
        return [self.value if given is UNTOUCHED else str(given)]

    def sent_if_chosen(self, given: Any) -> bool:
        if given is UNTOUCHED:
            return self.on
        if isinstance(given, bool):
            return given
        chosen = given if isinstance(given, (list, tuple)) else [given]
        return any(str(one) in (self.value, self.label) for one in chosen)

    def _first(self, given: Any) -> list[str]:
        """A list box always has one line chosen."""
        return [self.options[0].value] if given is UNTOUCHED and self.options and not self.multiple else []


@dataclass
class Form:
    action: str
    method: str
    controls: list[Control] = field(default_factory=list)
    buttons: list[Control] = field(default_factory=list)

    def answers(self, button: Control, given: dict[str, Any]) -> dict[str, list[Any]]:
        names = {control.name for control in self.controls}
        assert given.keys() <= names, f"no field {sorted(given.keys() - names)}; the form has {sorted(names)}"
        data: dict[str, list[Any]] = {}
        for control in self.controls:
            for value in control.sent(given.get(control.name, UNTOUCHED)):
                data.setdefault(control.name, []).append(value)
        not_taken = [name for name, value in given.items() if value not in (False, []) and name not in data]
        assert not not_taken, f"not among what the form offers: {[(name, given[name]) for name in not_taken]}"
        return data | ({button.name: [button.value]} if button.name else {})


class Page(HTMLParser):
    """The forms, links and words of one page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self._words: list[str] = []
        self._form: Form | None = None
        self._select: Control | None = None
        self._labelled: dict[str, Control] = {}
        self._reading: list[tuple[str, Any, list[str]]] = []  # open elements whose words somebody waits for
        self._silent = 0
        self.feed(html)
        self.text = " ".join("".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._silent += tag in NOT_TEXT
        self._space(tag)
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "a" and "href" in given:
            self._read("a", lambda words: self.links.append((words, given["href"])))
        elif tag == "label" and "for" in given:
            self._read("label", lambda words: self._name(given["for"], words))
        elif tag == "option" and self._select:
            option = Control("", "option", given.get("value", ""), "selected" in given)
            self._select.options.append(option)
            self._read("option", lambda words: setattr(option, "label", words))
        elif self._form and "disabled" not in given:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        assert self._form is not None
        name = given.get("name", "")
        if tag == "button":
            button = Control(name, "button", given.get("value", ""))
            self._form.buttons.append(button)
            self._read("button", lambda words: setattr(button, "label", words))
            return
        if not name or tag not in ("input", "select", "textarea"):
            return
        kind = given.get("type", "text") if tag == "input" else tag
        value = given.get("value", "on" if kind in ("checkbox", "radio") else "")
        control = Control(name, kind, value, "checked" in given, multiple="multiple" in given)
        self._form.controls.append(control)
        self._labelled[given.get("id", "")] = control
        if tag == "select":
            self._select = control
        elif tag == "textarea":
            self._read("textarea", lambda words: setattr(control, "value", words), whole=True)

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in NOT_TEXT
        self._space(tag)
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        for n in range(len(self._reading) - 1, -1, -1):
            if self._reading[n][0] == tag:
                _tag, done, words = self._reading.pop(n)
                done("".join(words))
                break

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        self._words.append(data)
        for _tag, _done, words in self._reading:
            words.append(data)

    def _space(self, tag: str) -> None:
        if tag not in WITHIN_A_WORD:
            self._words.append(" ")

    def _read(self, tag: str, done: Any, whole: bool = False) -> None:
        self._reading.append((tag, done if whole else lambda words: done(" ".join(words.split())), []))

    def _name(self, control_id: str, words: str) -> None:
        # A label may stand before or after what it names.
        if control_id in self._labelled:
            self._labelled[control_id].label = words


class Browser:
    """``wire`` (default: Django's test client) has ``get(url)`` and ``post(url, data)``."""

    def __init__(self, wire: Any = None) -> None:
        self.client = wire or Client(enforce_csrf_checks=True)
        self.url = "/"
        self.response: Any = None
        self.page = Page("")

    # --- what a person does ------------------------------------------------------------------------------------------
    def sign_in(self, user: Any, password: str = "correct-horse-battery") -> Browser:
        return self.open("/accounts/login/").press("登录", login=user.mobile, password=password)

    def open(self, url: str, *, expect: int = 200) -> Browser:
        return self._arrive(self.client.get(urljoin(self.url, url)), urljoin(self.url, url), expect)

    def click(self, words: str, *, expect: int = 200) -> Browser:
        """Follow the link with these words; the first, if it stands there more than once."""
        found = [href for text, href in self.page.links if text == words]
        assert found, f"no link “{words}” on {self.url}; there are {sorted({text for text, _ in self.page.links})}"
        return self.open(found[0], expect=expect)

    def press(self, words: str, *, expect: int = 200, stay: bool = False, **given: Any) -> Browser:
        """Fill in the form that has this button, and press it; ``stay``: and close the window before the next page."""
        form, button = self._button(words)
        data, target = form.answers(button, given), urljoin(self.url, form.action or self.url)
        if form.method == "get":
            return self.open(f"{target.partition('?')[0]}?{urlencode(data, doseq=True)}", expect=expect)
        response = self.client.post(target, data)
        if stay:
            assert response.status_code in (302, 303), f"{response.status_code} at {target}"
            return self
        return self._arrive(response, target, expect)

    # --- what a person sees ------------------------------------------------------------------------------------------
    @property
    def text(self) -> str:
        return self.page.text

    def sees(self, *words: str) -> Browser:
        for one in words:
            assert one in self.text, f"“{one}” is not on {self.url}: {self.text[:1500]}"
        return self

    def sees_not(self, *words: str) -> Browser:
        for one in words:
            assert one not in self.text, f"“{one}” is on {self.url}"
        return self

    def offers(self, words: str) -> bool:
        """Whether a button with these words is there."""
        return any(button.label == words for form in self.page.forms for button in form.buttons)

    # --- how -----------------------------------------------------------------------------------------------------------
    def _button(self, words: str) -> tuple[Form, Control]:
        found = [(form, button) for form in self.page.forms for button in form.buttons if button.label == words]
        there = sorted({button.label for form in self.page.forms for button in form.buttons})
        assert found, f"no button “{words}” on {self.url}; there are {there}"
        assert len(found) == 1, f"{len(found)} buttons “{words}” on {self.url}"
        return found[0]

    def _arrive(self, response: Any, url: str, expect: int) -> Browser:
        hops = 0
        while response.status_code in (301, 302, 303):
            url, hops = urljoin(url, response["Location"]), hops + 1
            assert hops < 10, f"redirected in circles: {url}"
            response = self.client.get(url)
        self.url, self.response = url, response
        is_page = response.get("Content-Type", "").startswith("text/html")
        self.page = Page(response.content.decode() if is_page else "")
        assert response.status_code == expect, f"{response.status_code} at {url}: {_main(self.text)}"
        return self


def pdf(name: str) -> SimpleUploadedFile:
    """A paper for a field of files."""
    return SimpleUploadedFile(name, factories.PDF, content_type="application/pdf")


def _main(text: str) -> str:
    """The part of a page that says what is wrong, or its beginning."""
    _before, mark, after = text.partition("请先改正下面的内容")
    return (mark + after if mark else text)[:800]
