"""Django's gettext for Jinja2, resolved at call time so that one compiled template serves every language.

Both ways of filling placeholders work: ``_("还剩 %(n)s 天", n=3)`` and ``_("还剩 %(n)s 天") % {"n": 3}``; the values
are escaped, the catalogue's text is trusted. Msgids are Chinese, so on a Chinese page they are the text: asking Django's
ten merged catalogues for what none of them has would cost a listing page a quarter of its time.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation
from markupsafe import Markup


def gettext(message: str, **values: Any) -> Markup:
    return _fill(message if _chinese() else translation.gettext(message), values)


def ngettext(singular: str, plural: str, n: int, /, **values: Any) -> Markup:
    values.setdefault("num", n)
    values.setdefault("n", n)
    return _fill(plural if _chinese() else translation.ngettext(singular, plural, n), values)


def pgettext(context: str, message: str, **values: Any) -> Markup:
    return _fill(message if _chinese() else translation.pgettext(context, message), values)


def npgettext(context: str, singular: str, plural: str, n: int, /, **values: Any) -> Markup:
    values.setdefault("num", n)
    values.setdefault("n", n)
    return _fill(plural if _chinese() else translation.npgettext(context, singular, plural, n), values)


def _chinese() -> bool:
    return translation.get_language() in (settings.LANGUAGE_CODE, None)


def _fill(text: str, values: dict[str, Any]) -> Markup:
    if values and "%(" in text:
        return Markup(text) % values  # noqa: S704 (the catalogue is ours; values are escaped by Markup)
    # ``{% trans %}`` doubles a literal percent sign; a message that waits for "%" keeps its placeholders.
    return Markup(text if "%(" in text else text.replace("%%", "%"))  # noqa: S704
