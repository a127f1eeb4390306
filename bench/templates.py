"""Which template engine: one listing page of 20 cards as Django templates, as Django templates with cached fragments,
and as Jinja2 with macros. The three write the same HTML (checked), with the same translations, formats and components.

    ./run bench templates
"""

from __future__ import annotations

import os
import platform
import re
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import django
import jinja2

ROUNDS = 300
WARM_UP = 20
CARDS = 20

django.setup()

from django.core.cache import cache  # noqa: E402
from django.template import Context, Engine, Library  # noqa: E402
from django.utils import translation as dj_translation  # noqa: E402

from kernel.ui import format, translation  # noqa: E402

DJANGO = {
    "base.html": """{% load i18n %}<html><head><title>{% block title %}{% endblock %}</title></head><body>
<nav>{% for link in links %}<a href="{{ link.href }}">{{ link.label }}</a>{% endfor %}</nav>{% block content %}{% endblock %}
<footer>{% translate "诚选" %}</footer></body></html>""",
    "icon.html": """<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{{ path }}"/></svg>""",
    "button.html": """<a class="button button-{{ kind }}" href="{{ href }}">{% include "icon.html" with path="M4 12h15" only %}<span>{{ label }}</span></a>""",
    "seal.html": """<span class="seal seal-{{ grade|lower }}"><svg viewBox="0 0 64 64" role="img" aria-label="{{ grade }}"><rect width="58" height="58"/><text>{{ grade }}</text></svg></span>""",
    "lamp.html": """{% load i18n %}<span class="lamp lamp-{{ colour }}">{% if colour == "green" %}{% translate "正常" %}{% elif colour == "amber" %}{% translate "临期" %}{% else %}{% translate "超期" %}{% endif %}</span>""",
    "facts.html": """<dl>{% for label, value in items %}<div><dt>{{ label }}</dt><dd>{{ value }}</dd></div>{% endfor %}</dl>""",
    "card.html": """{% load i18n %}<article class="card">{% include "seal.html" with grade=card.grade only %}<h3><a href="{{ card.href }}">{{ card.title }}</a></h3>
<p class="card-meta">{{ card.agency }} · {{ card.region }}</p>{% include "facts.html" with items=card.facts only %}
<p>{% blocktranslate with price=card.price_fen|money trimmed %}报价 {{ price }} 起{% endblocktranslate %}，{{ card.days|wd }}，{{ card.on_time|percent_permille }}</p>
{% include "lamp.html" with colour=card.lamp only %}{% translate "下单" as label %}{% include "button.html" with label=label href=card.href kind="primary" only %}{% translate "加入比较" as label2 %}{% include "button.html" with label=label2 href=card.href kind="secondary" only %}</article>""",
    "page.html": """{% extends "base.html" %}{% block title %}{{ title }}{% endblock %}{% block content %}<aside>{% for facet in facets %}<ul>{% for option in facet.options %}<li><a href="{{ option.href }}">{{ option.label }}</a> {{ option.count }}</li>{% endfor %}</ul>{% endfor %}</aside>
<main>{% for card in cards %}{% include "card.html" with card=card only %}{% endfor %}</main>{% endblock %}""",
}
CACHED = DJANGO | {
    "page.html": "{% load cache %}"
    + DJANGO["page.html"]
    .replace('{% extends "base.html" %}', "")
    .replace(
        '{% include "card.html" with card=card only %}',
        '{% cache 3600 card card.pk card.version LANGUAGE %}{% include "card.html" with card=card only %}{% endcache %}',
    )
}
CACHED["page.html"] = '{% extends "base.html" %}' + CACHED["page.html"]
JINJA = {
    "base.html": """<html><head><title>{% block title %}{% endblock %}</title></head><body>
<nav>{% for link in links %}<a href="{{ link.href }}">{{ link.label }}</a>{% endfor %}</nav>{% block content %}{% endblock %}
<footer>{{ _("诚选") }}</footer></body></html>""",
    "ui.html": """{% macro icon(path) %}<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{{ path }}"/></svg>{% endmacro %}
{% macro button(label, href, kind) %}<a class="button button-{{ kind }}" href="{{ href }}">{{ icon("M4 12h15") }}<span>{{ label }}</span></a>{% endmacro %}
{% macro seal(grade) %}<span class="seal seal-{{ grade|lower }}"><svg viewBox="0 0 64 64" role="img" aria-label="{{ grade }}"><rect width="58" height="58"/><text>{{ grade }}</text></svg></span>{% endmacro %}
{% macro lamp(colour) %}<span class="lamp lamp-{{ colour }}">{% if colour == "green" %}{{ _("正常") }}{% elif colour == "amber" %}{{ _("临期") }}{% else %}{{ _("超期") }}{% endif %}</span>{% endmacro %}
{% macro facts(items) %}<dl>{% for label, value in items %}<div><dt>{{ label }}</dt><dd>{{ value }}</dd></div>{% endfor %}</dl>{% endmacro %}
{% macro card(card) %}<article class="card">{{ seal(card.grade) }}<h3><a href="{{ card.href }}">{{ card.title }}</a></h3>
<p class="card-meta">{{ card.agency }} · {{ card.region }}</p>{{ facts(card.facts) }}
<p>{% trans price=card.price_fen|money %}报价 {{ price }} 起{% endtrans %}，{{ card.days|wd }}，{{ card.on_time|percent_permille }}</p>
{{ lamp(card.lamp) }}{{ button(_("下单"), card.href, "primary") }}{{ button(_("加入比较"), card.href, "secondary") }}</article>{% endmacro %}""",
    "page.html": """{% import "ui.html" as ui %}{% extends "base.html" %}{% block title %}{{ title }}{% endblock %}{% block content %}<aside>{% for facet in facets %}<ul>{% for option in facet.options %}<li><a href="{{ option.href }}">{{ option.label }}</a> {{ option.count }}</li>{% endfor %}</ul>{% endfor %}</aside>
<main>{% for card in cards %}{{ ui.card(card) }}{% endfor %}</main>{% endblock %}""",
}
FILTERS = {"money": format.money, "wd": format.wd, "percent_permille": format.percent_permille}


def main() -> int:
    page = sample()
    ways = {
        "Django templates": django_way(DJANGO),
        "Django, cards cached": django_way(CACHED),
        "Jinja2 with macros": jinja_way(),
    }
    texts = {name: re.sub(r"\s+", "", render(page)) for name, render in ways.items()}
    if len(set(texts.values())) != 1:
        print("the three pages differ; the figures would mean nothing")
        return 1
    times = measure(ways, page)
    reference = times["Jinja2 with macros"]
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(
        f"{CARDS} cards, {len(texts['Django templates']):,} characters, processor time, median of {ROUNDS} renderings"
    )
    for name, taken in times.items():
        print(f"{name:24} {taken * 1000:7.2f} ms   {taken / reference:5.1f} × Jinja2")
    return 0


def measure(ways: dict[str, Callable[[dict[str, Any]], str]], page: dict[str, Any]) -> dict[str, float]:
    """CPU seconds of one rendering by median; the ways take turns, so that a busy machine hits all alike."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(WARM_UP + ROUNDS):
        for name, render in ways.items():
            start = time.process_time()
            render(page)
            if number >= WARM_UP:
                taken[name].append(time.process_time() - start)
    return {name: statistics.median(values) for name, values in taken.items()}


def django_way(templates: dict[str, str]) -> Callable[[dict[str, Any]], str]:
    loader = [("django.template.loaders.cached.Loader", [("django.template.loaders.locmem.Loader", templates)])]
    libraries = {"i18n": "django.templatetags.i18n", "cache": "django.templatetags.cache"}
    engine = Engine(loaders=loader, libraries=libraries)
    formats = Library()
    for name, function in FILTERS.items():
        formats.filter(name, function)
    engine.template_builtins.append(formats)
    cache.clear()
    template = engine.get_template("page.html")
    return lambda page: template.render(Context({**page, "LANGUAGE": dj_translation.get_language()}))


def jinja_way() -> Callable[[dict[str, Any]], str]:
    environment = jinja2.Environment(
        loader=jinja2.DictLoader(JINJA), autoescape=True, auto_reload=False, extensions=["jinja2.ext.i18n"]
    )
    environment.newstyle_gettext = True
    environment.globals.update(_=translation.gettext, gettext=translation.gettext, ngettext=translation.ngettext)
    environment.filters.update(FILTERS)
    template = environment.get_template("page.html")
    return lambda page: template.render(page)


def sample() -> dict[str, Any]:
    """A page's plain values; the same for all."""
    grades, lamps = ("AAA", "AA", "A", "B"), ("green", "amber", "red")
    cards = [
        {
            "pk": number,
            "version": 3,
            "href": f"/listings/{number}/",
            "title": f"建设项目环境影响报告表编制 <{number}>",
            "agency": f"清源环境咨询第 {number} 部",
            "region": "城南街道",
            "grade": grades[number % 4],
            "lamp": lamps[number % 3],
            "price_fen": 1_280_000 + number * 100,
            "days": 5 + number,
            "on_time": 900 + number,
            "facts": [("范围", "全县"), ("证书", "环评甲级"), ("近一年订单", 20 + number), ("评价", "4.6")],
        }
        for number in range(CARDS)
    ]
    facets = [
        {"options": [{"href": f"?f={group}&o={n}", "label": f"选项 {n}", "count": n} for n in range(6)]}
        for group in range(5)
    ]
    links = [{"href": f"/{n}/", "label": f"栏目 {n}"} for n in range(7)]
    return {"title": "找服务", "cards": cards, "facets": facets, "links": links}


if __name__ == "__main__":
    sys.exit(main())
