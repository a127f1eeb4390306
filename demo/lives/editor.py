"""The centre's editor: who runs the site, said at the foot of every page, and the notices of the five months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import holidays
from django.db import transaction
from django.utils import translation
from django.utils.html import format_html, format_html_join

from agencies.models import Agency, Category
from cms.models import HomePage, NewsIndexPage, NewsPage, SiteIdentity
from demo.engine import Life, last_workday, working_moment
from demo.plan import Plan
from demo.world import World
from kernel import clock, workdays
from kernel.models import User
from kernel.ui import format

NOTICES = Path(__file__).resolve().parent.parent / "notices"
# file → day after the opening on which it is published; "claim" follows the import of the directory, a week before the end
CALENDAR = {"opening": 0, "fees": 6, "time-limits": 15, "certificates": 33, "plan": 62, "incident": 88, "consultation": 131}  # fmt: skip
CLAIM_DAYS_LEFT, HOLIDAY_AHEAD_DAYS, MAKE_UP_WITHIN_DAYS = 5, 15, 14
# Numbers of zeros: nobody is registered under them, and everybody sees that they are made up.
IDENTITY = {
    "sponsor": "澄湖市人民政府办公室",
    "sponsor_en": "Chenghu Municipal Government Office",
    "operator": "澄湖市政务服务中心",
    "operator_en": "Chenghu Government Service Centre",
    "identification": "0000000000",
    "icp": "浙ICP备00000000号-0",
    "police_record": "浙公网安备00000000000000号",
    "hotline": "0500-8500 0000",
    "supervision_phone": "0500-8500 0012",
    "address": "澄湖市湖滨大道1号",
    "address_en": "1 Hubin Avenue, Chenghu",
    "opening_hours": "工作日 9:00–11:30，13:30–17:00",
    "opening_hours_en": "working days 9:00–11:30 and 13:30–17:00",
}


def identify() -> None:
    """Fill in what a government's website must say about itself."""
    row = SiteIdentity.for_site(HomePage.objects.get().get_site())
    for name, value in IDENTITY.items():
        setattr(row, name, value)
    row.save()


def life(world: World) -> Life:
    """Publish each notice on its day."""
    rng = Random("editor")  # noqa: S311
    for day, name, facts in sorted(calendar(world.plan), key=lambda row: row[0]):
        yield working_moment(day, rng)
        # Read afresh: only the stored account is known to be an editor.
        publish(name, {**_today(world), **facts}, actor=User.objects.get(pk=world.people["administrator"].pk))


def calendar(plan: Plan) -> Iterator[tuple[date, str, dict[str, Any]]]:
    """(day, notice, what only this notice says), in no order."""
    for name, days in CALENDAR.items():
        yield plan.opening + timedelta(days=days), name, {}
    yield clock.civil(plan.until) - timedelta(days=CLAIM_DAYS_LEFT), "claim", {}
    if found := longest_break(plan.opening + timedelta(days=HOLIDAY_AHEAD_DAYS), clock.civil(plan.until)):
        first, last = found
        yield first - timedelta(days=HOLIDAY_AHEAD_DAYS), "holiday", _holiday(first, last)


def longest_break(start: date, end: date) -> tuple[date, date] | None:
    """First and last day of the longest public holiday that lies between two days; None if there is none."""
    best: tuple[date, date] | None = None
    day = start
    while day <= end:
        last = day
        while not workdays.is_workday(last):
            last += timedelta(days=1)
        last -= timedelta(days=1)
        if last <= end and (last - day).days >= 2 and (best is None or last - day > best[1] - best[0]):
            best = day, last
        day = max(day, last) + timedelta(days=1)
    return best


def _holiday(first: date, last: date) -> dict[str, Any]:
    near = timedelta(days=MAKE_UP_WITHIN_DAYS)
    around = (first - near + timedelta(days=n) for n in range((last - first + 2 * near).days + 1))
    made_up = [day for day in around if day.weekday() >= 5 and workdays.is_workday(day)]
    return {
        "holiday": {language: _name(first, last, language) for language in ("zh-hans", "en")},
        "first": first,
        "last": last,
        "days": (last - first).days + 1,
        "back": workdays.add(last, 1),
        "make_up": {
            "zh-hans": f"{_several(made_up, '、')}（周末）上班。" if made_up else "",
            "en": f"Work is made up for on {_several(made_up, ' and ', 'en')}. " if made_up else "",
        },
    }


def _name(first: date, last: date, language: str) -> str:
    """What the break is called: the name that most of its days bear."""
    known = holidays.country_holidays(
        "CN", years=[first.year, last.year], language="en_US" if language == "en" else "zh_CN"
    )
    names = (known.get(first + timedelta(days=n), "") for n in range((last - first).days + 1))
    named = Counter(name for name in names if name and not any(mark in name for mark in "（("))
    return named.most_common(1)[0][0] if named else ""


def _several(days: list[date], comma: str, language: str = "zh-hans") -> str:
    with translation.override(language):
        return comma.join(format.date_cn(day, weekday=False) for day in days)


def _today(world: World) -> dict[str, Any]:
    today = clock.today()
    return {
        "today": today,
        "year": today.year,
        "last_workday": last_workday(today - timedelta(days=1)),
        "in_ten_workdays": workdays.add(today, 10),
        "in_thirty_days": today + timedelta(days=30),
        "agencies": Agency.objects.filter(status=Agency.Status.ACTIVE).count(),
        "categories": Category.objects.filter(agencies__status=Agency.Status.ACTIVE).distinct().count(),
    }


@transaction.atomic
def publish(name: str, facts: dict[str, Any], *, actor: User) -> NewsPage:
    """A notice as an editor publishes it: a revision, then published; dated by the replay's clock, which Wagtail does
    not ask."""
    now = clock.now()
    chinese, english = (NOTICES / f"{name}.md").read_text("utf-8").split("\n---\n")
    title, summary, body = compose(chinese, facts, "zh-hans")
    title_en, summary_en, body_en = compose(english, facts, "en")
    page = NewsIndexPage.objects.get().add_child(
        instance=NewsPage(
            title=title, title_en=title_en, slug=f"{name}-{now.year}", published_on=clock.today(), owner=actor, live=False,
            summary=summary, summary_en=summary_en, body=[("text", body)], body_en=[("text", body_en)],
        )
    )  # fmt: skip
    page.save_revision(user=actor).publish(user=actor, log_action=False)
    page.revisions.update(created_at=now)
    moments = dict.fromkeys(("first_published_at", "last_published_at", "latest_revision_created_at"), now)
    NewsPage.objects.filter(pk=page.pk).update(**moments)
    return page


def compose(text: str, facts: dict[str, Any], language: str) -> tuple[str, str, str]:
    """Title, summary and HTML of one language's half of a notice. Facts are dates, values, or one value a language."""
    with translation.override(language):
        said = {
            key: format.date_cn(value, weekday=False)
            if isinstance(value, date)
            else value[language]
            if isinstance(value, dict)
            else value
            for key, value in facts.items()
        }
    title, summary, *lines = (line for line in text.format_map(said).splitlines() if line.strip())
    return title.removeprefix("# "), summary.removeprefix("> "), _html(lines)


def _html(lines: list[str]) -> str:
    parts: list[str] = []
    items: list[str] = []
    for line in [*lines, ""]:
        if line.startswith("- "):
            items.append(line[2:])
            continue
        if items:
            parts.append(format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((item,) for item in items))))
            items = []
        if line:
            head = line.startswith("## ")
            parts.append(format_html("<h2>{}</h2>" if head else "<p>{}</p>", line.removeprefix("## ")))
    return "".join(parts)
