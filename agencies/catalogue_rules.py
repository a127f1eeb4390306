"""What must hold in the catalogue's files. Each rule yields sentences that name the entry, the key and the remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from agencies import catalogue_english

Entry = dict[str, Any]

KINDS = {"licence", "filing", "person", "voluntary"}
PARTIES = {"owner", "authority", "either"}
PRICE_CONTROLS = {"market", "guided", "fixed"}
UNITS = {
    "report", "m2", "test_group", "point", "mu", "building", "metre", "item", "parcel", "pile", "year", "hour", "permille",
}  # fmt: skip
CLAUSES = ("subject", "materials", "days", "fee", "acceptance", "secrecy", "disputes")
# What orders fill in when the contract is drafted, and the item's own words about the price.
CONTRACT_PLACES = {"item", "matter", "result", "materials", "days", "unit", "fee", "includes"}
_PLACES = re.compile(r"\{(\w*)\}")
_CODE = re.compile(r"[a-z][a-z0-9-]{1,39}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")

_TYPE_KEYS = {"code", "kind", "name_zh", "authority", "note", "source"}
_TYPE_OPTIONAL = {
    "name_en", "synonyms", "levels", "validity_years", "number_pattern", "number_example", "abolished_on", "abolished_levels",
    "remedy_zh", "remedy_en",
}  # fmt: skip
_CATEGORY_KEYS = {"code", "number", "name_zh", "icon", "synonyms", "defaults", "items"}
_ITEM_KEYS = {
    "code", "category", "name_zh", "synonyms", "basis", "matter_served", "who_commissions", "who_pays",
    "self_service_allowed", "size_trigger", "certificate_rule", "price_control", "price_reference", "fee_unit",
    "step_pattern", "contract", "includes", "result_type", "external_review", "materials", "days", "fee_fen",
}  # fmt: skip
# English is asked for where a text stands (catalogue_english), not of what an item inherits, and of our own files only.
_ITEM_OPTIONAL = {"name_en", "certificate_note", "filings", "people", "abolished_qualifications", "orderable"} | {
    f"{key}_en" for key in catalogue_english.TEXTS
}


def merged(category: Entry, item: Entry) -> Entry:
    """The item with what it inherits from its category."""
    return {**category.get("defaults", {}), **item, "category": category["code"]}


def unreadable(name: str, error: Exception) -> str:
    return _("文件 %(name)s 读不出来：%(error)s") % {"name": name, "error": " ".join(str(error).split())}


def fault(entry: str, key: str, text: str) -> str:
    return _("“%(entry)s”的 %(key)s：%(text)s") % {"entry": entry, "key": key, "text": text}


def check_types(raw: Entry) -> list[str]:
    """Every fault of the certificate types file."""
    entries = raw.get("certificate_types") if isinstance(raw, dict) else None
    if not isinstance(entries, list) or not entries:
        return [fault("certificate_types.yaml", "certificate_types", _("应为非空列表。"))]
    found = list(_repeated("certificate_types", [e.get("code") for e in entries]))
    for entry in entries:
        name = str(entry.get("code", "?"))
        shape = list(_shape(name, entry, _TYPE_KEYS, _TYPE_OPTIONAL))
        found += shape or [*_names(name, entry), *_type_rules(name, entry)]
    return found


def check_catalogue(raw: Entry, types: dict[str, Entry]) -> list[str]:
    """Every fault of the catalogue file; ``types`` are the entries of the certificate types file by code."""
    parts = ("categories", "posts", "step_patterns", "materials", "contract_clauses", "contract_variants", "version")
    missing = [part for part in parts if part not in (raw if isinstance(raw, dict) else {})]
    if missing:
        return [fault("catalogue.yaml", part, _("缺少这一部分。")) for part in missing]
    found = list(_vocabularies(raw))
    found += _repeated("categories", [c.get("code") for c in raw["categories"]])
    found += _repeated("items", [i.get("code") for c in raw["categories"] for i in c.get("items", ())])
    for category in raw["categories"]:
        name = str(category.get("code", "?"))
        shape = list(_shape(name, category, _CATEGORY_KEYS, {"name_en"}))
        found += shape or _names(name, category)
        if shape:
            continue
        for item in category["items"]:
            found += _item_faults(raw, merged(category, item), types)
    return found


def _item_faults(raw: Entry, item: Entry, types: dict[str, Entry]) -> list[str]:
    name = str(item.get("code", "?"))
    shape = list(_shape(name, item, _ITEM_KEYS, _ITEM_OPTIONAL))
    if shape:
        return shape
    return [
        *_names(name, item),
        *_words(name, item, raw),
        *_certificates(name, item, types),
        *_days(name, item, raw),
        *_fees(name, item),
    ]


def _shape(name: str, entry: Entry, required: set[str], optional: set[str]) -> Iterator[str]:
    for key in sorted(required - set(entry)):
        yield fault(name, key, _("缺少这一项。"))
    for key in sorted(set(entry) - required - optional):
        yield fault(name, key, _("不认识这个键，可能写错了。"))


def _repeated(where: str, codes: list[Any]) -> Iterator[str]:
    for code in sorted({str(c) for c in codes if codes.count(c) > 1}):
        yield fault(where, "code", _("代码 %(code)s 出现了两次。") % {"code": code})


def _names(name: str, entry: Entry) -> Iterator[str]:
    if not _CODE.fullmatch(str(entry["code"])):
        yield fault(name, "code", _("代码只能用小写英文字母、数字和连字符。"))
    if not _CHINESE.search(str(entry["name_zh"])):
        yield fault(name, "name_zh", _("应为中文名称。"))
    if _CHINESE.search(str(entry.get("name_en") or "")):
        yield fault(name, "name_en", _("应为英文名称。"))


def _type_rules(name: str, entry: Entry) -> Iterator[str]:
    if entry["kind"] not in KINDS:
        yield fault(name, "kind", _("应为 %(values)s 之一。") % {"values": "、".join(sorted(KINDS))})
    years = entry.get("validity_years")
    if years is not None and (not _whole(years) or not 1 <= years <= 50):
        yield fault(name, "validity_years", _("应为 1 到 50 的整数，或留空。"))
    yield from _number_shape(name, entry)
    gone = [("abolished_on", entry)] if entry.get("abolished_on") else []
    gone += [("abolished_levels", level) for level in entry.get("abolished_levels", ())]
    for key, what in gone:
        if not isinstance(what.get("abolished_on"), date):
            yield fault(name, key, _("取消日期应写成 2018-12-29 的样子。"))
        if not what.get("remedy_zh"):
            yield fault(name, key, _("已取消的资质要写明处理办法（remedy_zh）。"))
        if what.get("level") in entry.get("levels", ()):
            yield fault(name, key, _("已取消的等级还列在 levels 里。"))


def _number_shape(name: str, entry: Entry) -> Iterator[str]:
    pattern = entry.get("number_pattern")
    if not pattern:
        return
    try:
        matches = re.fullmatch(pattern, str(entry.get("number_example", "")))
    except re.error:
        yield fault(name, "number_pattern", _("不是合法的正则表达式。"))
        return
    if not matches:
        yield fault(name, "number_example", _("示例编号与格式不符。"))


def _vocabularies(raw: Entry) -> Iterator[str]:
    for part in ("posts", "materials"):
        for code, text in raw[part].items():
            if not text.get("zh"):
                yield fault(part, str(code), _("要有中文（zh）。"))
    for pattern, steps in raw["step_patterns"].items():
        for step in steps:
            if not step.get("name_zh"):
                yield fault("step_patterns", pattern, _("每一步都要有中文名称。"))
            if step.get("post") not in raw["posts"]:
                yield fault("step_patterns", pattern, _("岗位 %(post)s 没有登记。") % {"post": step.get("post")})
    for clause in CLAUSES:
        if clause not in raw["contract_clauses"]:
            yield fault("contract_clauses", clause, _("合同缺少这一条。"))
    for part in (raw["contract_clauses"], *raw["contract_variants"].values()):
        for clause, text in part.items():
            if not set(_PLACES.findall(text.get("text", ""))) <= CONTRACT_PLACES:
                yield fault("contract_clauses", clause, _("有填不上的花括号。"))


def _words(name: str, item: Entry, raw: Entry) -> Iterator[str]:
    for key in ("basis", "matter_served", "size_trigger", "price_reference", "result_type", "includes"):
        if not str(item[key] or "").strip():
            yield fault(name, key, _("不能为空。"))
    if not item["synonyms"]:
        yield fault(name, "synonyms", _("至少写一个同义词，供搜索使用。"))
    allowed = {
        "who_commissions": PARTIES,
        "who_pays": PARTIES,
        "price_control": PRICE_CONTROLS,
        "fee_unit": UNITS,
        "step_pattern": set(raw["step_patterns"]),
        "contract": set(raw["contract_variants"]),
    }
    for key, values in allowed.items():
        if item[key] not in values:
            yield fault(name, key, _("应为 %(values)s 之一。") % {"values": "、".join(sorted(values))})
    for key in ("self_service_allowed", "external_review"):
        if not isinstance(item[key], bool):
            yield fault(name, key, _("应为 true 或 false。"))
    if not item["materials"]:
        yield fault(name, "materials", _("至少写一项业主要提供的资料。"))
    for code in item["materials"]:
        if code not in raw["materials"]:
            yield fault(name, "materials", _("资料 %(code)s 没有登记。") % {"code": code})


def _certificates(name: str, item: Entry, types: dict[str, Entry]) -> Iterator[str]:
    rule = item["certificate_rule"]
    for demand in [*rule.get("any_of", ()), *rule.get("all_of", ())]:
        yield from _demand(name, demand, types)
    for key, kind in (("filings", "filing"), ("people", "person")):
        for code in item.get(key, ()):
            if code not in types or types[code]["kind"] != kind:
                yield fault(name, key, _("%(code)s 不是登记在册的这类资质。") % {"code": code})
    for code in item.get("abolished_qualifications", ()):
        if code not in types or not types[code].get("abolished_on"):
            yield fault(name, "abolished_qualifications", _("%(code)s 不是已取消的资质。") % {"code": code})


def _demand(name: str, demand: Entry, types: dict[str, Entry]) -> Iterator[str]:
    wanted = types.get(demand.get("type", ""))
    if wanted is None:
        yield fault(name, "certificate_rule", _("资质 %(code)s 没有登记。") % {"code": demand.get("type")})
        return
    if wanted.get("abolished_on"):
        yield fault(name, "certificate_rule", _("%(name)s已取消，不得要求。") % {"name": wanted["name_zh"]})
    if wanted["kind"] == "voluntary":
        yield fault(name, "certificate_rule", _("%(name)s是自愿评价，不得要求。") % {"name": wanted["name_zh"]})
    level = demand.get("level")
    if level and level not in wanted.get("levels", ()):
        text = _("%(name)s没有“%(level)s”这个等级，或该等级已取消。") % {"name": wanted["name_zh"], "level": level}
        yield fault(name, "certificate_rule", text)


def _days(name: str, item: Entry, raw: Entry) -> Iterator[str]:
    days = item["days"]
    steps = days.get("steps", [])
    numbers = [days.get("default"), days.get("baseline"), *steps]
    if not all(_whole(n) for n in numbers) or (days.get("statutory") is not None and not _whole(days["statutory"])):
        yield fault(name, "days", _("天数应为整数。"))
        return
    if days["default"] < 1 or any(n < 0 for n in steps):
        yield fault(name, "days", _("天数不能为负，总天数至少 1 天。"))
    if sum(steps) != days["default"]:
        text = _("各步骤合计 %(sum)s 天，与默认时限 %(default)s 天不符。")
        yield fault(name, "days", text % {"sum": sum(steps), "default": days["default"]})
    if len(steps) != len(raw["step_patterns"].get(item["step_pattern"], steps)):
        yield fault(name, "days", _("步骤天数的个数与步骤表不符。"))
    if days.get("statutory") and days["default"] > days["statutory"]:
        yield fault(name, "days", _("默认时限超过了法定时限。"))
    if days["baseline"] < days["default"]:
        yield fault(name, "days", _("入市前基准时长不应短于默认时限。"))


def _fees(name: str, item: Entry) -> Iterator[str]:
    fee = item["fee_fen"]
    if not all(_whole(fee.get(key)) for key in ("low", "high", "min", "baseline")):
        yield fault(name, "fee_fen", _("low、high、min、baseline 都应为以分计的整数。"))
        return
    if not 0 < fee["low"] <= fee["high"]:
        yield fault(name, "fee_fen", _("常见最低价应大于 0 且不超过最高价。"))
    elif fee["high"] > 20 * fee["low"]:
        yield fault(name, "fee_fen", _("最高价超过最低价的 20 倍，请核对单位是不是分。"))
    if fee["min"] < 0 or fee["min"] > 100 * 10**6:
        yield fault(name, "fee_fen", _("起步价不合理，请核对单位是不是分。"))
    if not fee["low"] <= fee["baseline"] <= 2 * fee["high"]:
        yield fault(name, "fee_fen", _("入市前基准价应在最低价与最高价的两倍之间。"))


def _whole(number: Any) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)
