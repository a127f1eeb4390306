"""From the address of a results page to what the page shows: the question, the offers, the facets with their names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from agencies.models import Category, CertificateType, ServiceItem
from kernel import clock
from kernel.models import Region
from kernel.ui import format
from market.search import Facet, Hit, SearchQuery, SearchResult
from market.search.query import DEPTH, FILTERS, PAGE_SIZE
from market.search.ranking import GRADES, NEUTRAL_ON_TIME, NEUTRAL_SCORE, ON_TIME_PRIOR, SORTS
from market.search.words import QUERY_CHARS
from market.selectors.engine import search_engine
from market.selectors.offers import Offer, offers_by_id

NAMES_TTL_S = 60
SHOWN = 12
"""Values shown of a facet; what is chosen is always shown."""


@dataclass(frozen=True)
class Found:
    """A page of results. ``groups`` are facets as the component takes them, ``page`` a Django page for paging."""

    query: SearchQuery
    result: SearchResult
    offers: list[Offer]
    groups: list[dict[str, Any]]
    page: Page[Any]
    sorts: list[dict[str, Any]]
    chosen: list[dict[str, Any]]
    reset: str | None
    too_deep: bool

    @property
    def sort(self) -> str:
        """The name of the order the results stand in."""
        return next(row["label"] for row in self.sorts if row["current"])

    @property
    def plain(self) -> bool:
        """Whether the page is the one to be found by search engines: nothing asked, nothing narrowed, first page."""
        return not (self.query.text.strip() or self.chosen or self.page.number > 1 or self.query.sort != "best")


def find(
    request: HttpRequest, fixed: Mapping[str, tuple[str, ...]] | None = None, category_id: int | None = None
) -> Found:
    """Answers the question in the address; ``fixed`` filters belong to the page and are not offered as facets.

    ``category_id`` is the category of the page: offers then carry the agency's grade in it.
    """
    fixed = dict(fixed or {})
    query = read(request.GET, fixed)
    result = search_engine().search(query)
    shown = offers_by_id([hit.listing_id for hit in result.hits], request.user, request.session, category_id)
    hits = {hit.listing_id: hit for hit in result.hits}
    for offer in shown:
        offer.marks = dict(hits[offer.id].marks)
        offer.why = why(hits[offer.id], offer)
    own = [name for name in FILTERS if name not in fixed]
    groups = _groups(query, result, own)
    return Found(
        query=query,
        result=result,
        offers=shown,
        groups=groups,
        page=Paginator(range(min(result.total, DEPTH)), query.size).get_page(query.page),
        sorts=_sorts(query, own),
        chosen=[{**row, "group": group["label"]} for group in groups for row in group["options"] if row["selected"]],
        reset=address(query, ()) if any(name in query.filters for name in own) else None,
        too_deep=result.total > DEPTH,
    )


def read(params: QueryDict, fixed: Mapping[str, tuple[str, ...]]) -> SearchQuery:
    """The question an address asks; whatever cannot be read is as if it were not there."""
    page = params.get("page", "1")
    return SearchQuery(
        on=clock.today(),
        text=params.get("q", ""),
        filters={**{name: tuple(params.getlist(name)) for name in FILTERS}, **fixed},
        sort=params.get("sort", "best"),
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
        size=PAGE_SIZE,
    )


# --- why is this here ------------------------------------------------------------------------------------------------
def why(hit: Hit, offer: Offer) -> list[str]:
    """The reasons for a place, in sentences: the published formula applied to this one."""
    reasons = []
    if sentence := _step(hit.step):
        reasons.append(sentence)
    if hit.reserved:
        reasons.append(_("这个位置留给尚未评级的新入驻机构（每五个位置至少一个）。"))
    standing = offer.standing
    if standing.low is not None:
        reasons.append(_("信用分区间下限 %(low)s 分（占六成）。") % {"low": format.points(standing.low)})
    else:
        reasons.append(_("尚未评级，按 %(score)s 分计（占六成）。") % {"score": NEUTRAL_SCORE})
    usual = {"prior": ON_TIME_PRIOR, "usual": format.percent_permille(NEUTRAL_ON_TIME)}
    if standing.on_time_permille is not None:
        own = {"rate": format.percent_permille(standing.on_time_permille), "n": format.count(standing.closed)}
        reasons.append(
            ngettext(
                "按期办结率 %(rate)s（%(n)s 单），与 %(prior)s 单 %(usual)s 合并计算（占三成）。",
                "按期办结率 %(rate)s（%(n)s 单），与 %(prior)s 单 %(usual)s 合并计算（占三成）。",
                standing.closed,
            )
            % {**own, **usual}
        )
    else:
        reasons.append(_("尚无办结订单，按期率按 %(usual)s 计（占三成）。") % usual)
    reasons.append(_("服务信息的更新时间（占一成）。综合得分 %(merit)s / 1000。") % {"merit": hit.merit})
    return reasons


def _step(step: str) -> str:
    return {
        "names": _("服务、事项或机构名称包含您要找的全部词语。"),
        "kind": _("名称连同类别、资质、地区包含您要找的全部词语。"),
        "text": _("服务说明中包含您要找的词语。"),
        "near": _("没有完全符合的结果，这是相近的结果；标题和事项名称相符的词语越多越靠前。"),
    }.get(step, "")


# --- facets ----------------------------------------------------------------------------------------------------------
def _groups(query: SearchQuery, result: SearchResult, own: Collection[str]) -> list[dict[str, Any]]:
    made = []
    chosen_units = query.filters.get("unit") or [v.code for v in result.facets["unit"].values if v.count]
    # Bands of yuan by the report and yuan by the square metre say nothing side by side: the unit comes first.
    mixed = len(chosen_units) > 1
    for name, (label, value_label, order) in _facets().items():
        facet = result.facets[name]
        if name == "district":
            facet = Facet(name, tuple(v for v in facet.values if v.chosen or v.count < result.total))
        if name == "price" and mixed and not any(v.chosen for v in facet.values):
            continue
        if name not in own or not facet.values or (len(facet.values) < 2 and not facet.values[0].chosen):
            continue
        made.append({"label": label, "options": _options(query, own, facet, value_label, order)})
    return made


def _options(
    query: SearchQuery,
    own: Collection[str],
    facet: Facet,
    label: Callable[[str], str],
    order: Callable[[str], Any] | None,
) -> list[dict[str, Any]]:
    values = [v for i, v in enumerate(facet.values) if i < SHOWN or v.chosen]
    if order:
        values.sort(key=lambda v: order(v.code))
    return [
        {
            "label": label(v.code),
            "count": v.count,
            "selected": v.chosen,
            "href": _toggled(query, own, facet.name, v.code),
        }
        for v in values
    ]


def _facets() -> dict[str, tuple[str, Callable[[str], str], Callable[[str], Any] | None]]:
    """Facet → title, name of a value, order of values (None: most frequent first)."""
    names = _names()
    return {
        "category": (_("服务类别"), lambda code: names["category"].get(code, code), None),
        "district": (_("机构所在地"), lambda code: names["district"].get(code, code), None),
        "grade": (_("信用等级"), _grade, lambda code: GRADES.index(code) if code in GRADES else 99),
        "unit": (_("计价单位"), lambda code: str(dict(ServiceItem.Unit.choices).get(code, code)), None),
        "price": (_("单价"), lambda code: _price_bands().get(code, code), lambda code: (code == "ask", code)),
        "days": (_("时限"), lambda code: _days_bands().get(code, code), str),
        "on_time": (_("按期办结率"), lambda code: _on_time_bands().get(code, code), lambda c: (c == "t0", c)),
        "certificate": (_("资质证书"), lambda code: names["certificate"].get(code, code), None),
        "taking": (_("接单状态"), lambda c: _("正在接单") if c == "1" else _("暂停接单"), lambda code: code != "1"),
    }


def _names() -> dict[str, dict[str, str]]:
    """Names of categories, regions and certificates in the reader's language, kept for a minute."""

    def load() -> dict[str, dict[str, str]]:
        return {
            "category": {row.code: row.name for row in Category.objects.all()},
            "district": {row.code: str(row) for row in Region.objects.all()},
            "certificate": {row.code: row.name for row in CertificateType.objects.all()},
        }

    return cache.get_or_set(f"market:names:{get_language()}", load, NAMES_TTL_S)


def _grade(code: str) -> str:
    return _("样本不足") if code == "NR" else pgettext("信用等级", "%(grade)s 级") % {"grade": code}


def _price_bands() -> dict[str, str]:
    return {
        "p1": _("1 千元以下"),
        "p2": _("1 千–5 千元"),
        "p3": _("5 千–1 万元"),
        "p4": _("1 万–3 万元"),
        "p5": _("3 万–10 万元"),
        "p6": _("10 万元以上"),
        "ask": _("面议"),
    }


def _days_bands() -> dict[str, str]:
    return {
        "d1": _("5 个工作日以内"),
        "d2": _("6–10 个工作日"),
        "d3": _("11–20 个工作日"),
        "d4": _("21–30 个工作日"),
        "d5": _("30 个工作日以上"),
    }


def _on_time_bands() -> dict[str, str]:
    return {
        "t1": _("98% 及以上"),
        "t2": _("90%–98%"),
        "t3": _("80%–90%"),
        "t4": _("80% 以下"),
        "t0": _("尚无办结订单"),
    }


# --- addresses -------------------------------------------------------------------------------------------------------
def address(query: SearchQuery, own: Collection[str] = FILTERS, **changes: Any) -> str:
    """The address that asks ``query`` with some parts changed (``sort``, or a filter's values), on the first page.

    Only what search understands is kept, so an address never grows by what somebody put into it. ``own`` are the
    filters that stand in the address; the others belong to the page.
    """
    parts: dict[str, Any] = {"q": query.text[:QUERY_CHARS].strip(), **query.filters, "sort": query.sort, **changes}
    kept = {name: value for name, value in parts.items() if value and (name in own or name in ("q", "sort"))}
    if kept.get("sort") == "best":
        del kept["sort"]
    return "?" + urlencode(kept, doseq=True)


def _toggled(query: SearchQuery, own: Collection[str], name: str, code: str) -> str:
    values = query.filters.get(name, ())
    return address(query, own, **{name: [v for v in values if v != code] if code in values else [*values, code]})


def _sorts(query: SearchQuery, own: Collection[str]) -> list[dict[str, Any]]:
    labels = {
        "best": _("综合"),
        "price": _("价格从低到高"),
        "price_desc": _("价格从高到低"),
        "days": _("时限从短到长"),
        "grade": _("信用等级"),
        "on_time": _("按期办结率"),
        "newest": _("最近更新"),
    }
    return [
        {"label": labels[name], "href": address(query, own, sort=name), "current": name == query.sort} for name in SORTS
    ]
