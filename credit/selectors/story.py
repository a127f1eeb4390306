"""What one record says, in plain words: for the rows of a score, the list of records and the page of a case."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from credit.models import CreditEvent, RankingPublication
from kernel.ui.format import chinese, english, money, month

# What orders write of themselves, with a value in it.
LATE = re.compile(r"超过合同时限 (\d+) 个工作日")
COMPLAINT = re.compile(r"complaint ([\w-]+)")
STAR_MILLI = 1000  # ratings are kept in thousandths of a star


def period_name(period: str) -> str:
    """ "2026-10" → "2026年10月" or "Oct 2026"; anything else as it is."""
    year, _dash, number = period.partition("-")
    if not (year.isdigit() and number.isdigit() and 1 <= int(number) <= 12):
        return period
    return f"{month(date(int(year), int(number), 1))} {year}" if english() else f"{year}年{int(number)}月"


def ranking_title(ranking: RankingPublication) -> str:
    """ "2026年10月信用排行：工程测绘"."""
    scope = ranking.category.name if ranking.category else _("总览")
    return _("%(period)s信用排行：%(scope)s") % {"period": period_name(ranking.period), "scope": scope}


def order_of(evidence: Any) -> str:
    """The number of the order a record or a lead came from; "" where it came from elsewhere."""
    return str(evidence.get("order") or "") if isinstance(evidence, dict) else ""


def story(event: CreditEvent) -> str:
    """What happened, in one short clause; "" where the record holds nothing but its number."""
    data = event.evidence if isinstance(event.evidence, dict) else {}
    if event.kind in (CreditEvent.Kind.VOID, CreditEvent.Kind.REPAIR):
        return told(data.get("reason"))
    if event.kind == CreditEvent.Kind.BONUS:
        return chinese("，".join(str(data[key]) for key in ("document", "reason") if data.get(key)))
    return {"rating": _rating, "timeliness": _timeliness, "performance": _performance}.get(event.code, _other)(
        event, data
    )


def _rating(event: CreditEvent, data: dict[str, Any]) -> str:
    party = event.get_party_display()
    if "mean_milli" not in data:
        return _("%(party)s评价") % {"party": party}
    tenths = (data["mean_milli"] * 10 + STAR_MILLI // 2) // STAR_MILLI
    return _("%(party)s评价 %(stars)s 星") % {"party": party, "stars": f"{tenths // 10}.{tenths % 10}"}


def _timeliness(_event: CreditEvent, data: dict[str, Any]) -> str:
    limit, used = data.get("limit_days"), data.get("days_used")
    if limit is None or used is None:
        return ""
    agreed = data.get("contract_days")
    # Measured against the category's own limit, so that a generous contract earns nothing; both are named.
    if agreed is None:
        words = _("本类别时限 %(limit)s 个工作日，用 %(used)s 个")
    else:
        words = _("本类别时限 %(limit)s 个工作日（合同 %(agreed)s 个），用 %(used)s 个")
    told = words % {"limit": limit, "used": used, "agreed": agreed}
    return _("超过时限：%(what)s") % {"what": told} if used > limit else told


def _performance(_event: CreditEvent, data: dict[str, Any]) -> str:
    if "first_pass" not in data:
        return ""
    again = data.get("sent_back") or 0
    if data["first_pass"]:
        found = _("成果一次通过")
    elif data.get("returned"):
        found = _("成果被退回")
    else:
        found = (
            ngettext("修改 %(n)s 次后通过", "修改 %(n)s 次后通过", again) % {"n": again} if again else _("修改后通过")
        )
    return found if data.get("fee_within_price", True) else _("%(what)s，收费超过公开报价") % {"what": found}


def _other(event: CreditEvent, data: dict[str, Any]) -> str:
    return told(data.get("facts"))


def told(text: str | None) -> str:
    """Facts and reasons for a page: what the platform worded itself comes in the reader's language, what a person wrote
    stays Chinese and is marked."""
    found = reworded(text)
    return chinese(text) if found == text else found


def reworded(text: str | None) -> str:
    """The same in plain words, for a notice: a record keeps the sentence of its day, in Chinese."""
    if not text:
        return ""
    if late := LATE.fullmatch(text):
        n = int(late[1])
        return ngettext("超过合同时限 %(n)s 个工作日", "超过合同时限 %(n)s 个工作日", n) % {"n": n}
    if complaint := COMPLAINT.fullmatch(text):
        return _("投诉 %(number)s 查实，以查实后的记录为准") % {"number": complaint[1]}
    # A fixed sentence of ours is in the catalogue under its own words; anything else comes back as it is.
    return _(text)


def reported(evidence: Any) -> list[tuple[str, Any]]:
    """What another room reported with a lead, as label and value in the reader's words; codes and the order's number
    (it is linked elsewhere) are left out."""
    data = evidence if isinstance(evidence, dict) else {}
    labels = {
        "placed_on": _("下单日期"),
        "fee_fen": _("合同金额"),
        "limit_days": _("时限（工作日）"),
        "contract_days": _("合同时限（工作日）"),
        "days_used": _("用时（工作日）"),
        "late_days": _("逾期（工作日）"),
        "材料": _("登记时所列材料"),
    }
    hidden = ("order", "item", "facts")
    found = []
    for key, value in data.items():
        if key not in hidden and value not in (None, "", [], {}):
            found.append((labels.get(key, key), _written(key, value)))
    return found


def _written(key: str, value: Any) -> Any:
    if isinstance(value, list | tuple):
        return _("、").join(str(part) for part in value)
    if key.endswith("_fen") and isinstance(value, int):
        return money(value)
    if key.endswith("_on") and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value
