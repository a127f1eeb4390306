"""The Jinja2 environment of all our pages, named by ``TEMPLATES`` in the settings (docs/decisions/0002)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import jinja2
from django.conf import settings
from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.utils.translation import get_language

from kernel import unsent
from kernel.forms.choices import asking
from kernel.ui import drawing, format, links, navigation, translation
from kernel.ui.namespace import Components
from kernel.ui.stylesheet import stylesheet_url


def environment(**options: Any) -> jinja2.Environment:
    """Build the environment; ``JINJA2_EXTENSIONS`` in the settings adds extensions of upper rooms by dotted name."""
    extensions = ["jinja2.ext.i18n", "jinja2.ext.do", *settings.JINJA2_EXTENSIONS]
    options["extensions"] = [*options.get("extensions", ()), *extensions]
    options = {"trim_blocks": True, "lstrip_blocks": True, **options, "autoescape": True}
    made = jinja2.Environment(**options)  # noqa: S701 (autoescape is set above)
    made.policies["ext.i18n.trimmed"] = True
    made.newstyle_gettext = True
    made.globals.update(_translations())
    made.globals.update(
        url=links.url,
        url_or_none=links.url_or_none,
        query=links.query,
        in_language=links.in_language,
        absolute=links.absolute,
        static=static,
        ui_stylesheet=stylesheet_url,
        navigation=navigation.links,
        desk_menu=navigation.desk_menu,
        slot=navigation.slot,
        flash_messages=get_messages,
        idempotency_token=idempotency_token,
        lang=lang,
        gap=gap,
        put_back=unsent.put_back,
        site_name=lambda: settings.SITE_NAME,
        ui=Components(made),
    )
    made.filters.setdefault("shop_word", drawing.shop_word)  # an extension may know better
    made.filters.update({name: _at_render(function) for name, function in _FILTERS.items()})
    return made


def lang() -> str:
    """The page's language as HTML names it: ``zh-Hans`` or ``en``."""
    return "en" if (get_language() or "").startswith("en") else "zh-Hans"


def gap() -> str:
    """What stands between two sentences, or a sentence and the link after it: a blank, and in Chinese nothing."""
    return " " if lang() == "en" else ""


def idempotency_token() -> str:
    """A fresh token for one form: sending the form twice counts once."""
    return uuid.uuid4().hex


_FILTERS: dict[str, Callable[..., Any]] = {
    "asking": asking,
    "money": format.money,
    "money_plain": format.money_plain,
    "capital": format.money_capital,
    "wan": format.wan,
    "date_cn": format.date_cn,
    "month": format.month,
    "clock": format.clock_time,
    "datetime_cn": format.datetime_cn,
    "wd": format.wd,
    "days": format.days,
    "percent_permille": format.percent_permille,
    "points": format.points,
    "count_cn": format.count,
    "file_size": format.file_size,
    "cell": format.cell,
    "telephone": format.telephone,
    "iso": format.iso,
    "trend": drawing.trend,
    "day_squares": drawing.calendar,
    "shop_picture": drawing.shop_picture,
    "qr": drawing.qr,
}


def _translations() -> dict[str, Callable[..., Any]]:
    return {
        "_": translation.gettext,
        "gettext": translation.gettext,
        "ngettext": translation.ngettext,
        "pgettext": translation.pgettext,
        "npgettext": translation.npgettext,
    }


def _at_render(function: Callable[..., Any]) -> Callable[..., Any]:
    # Jinja2 folds filters of constants when it compiles; asking for the context defers them to the reader's language.
    @jinja2.pass_context
    def filter(context: jinja2.runtime.Context, *args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return filter
