"""The text of an order's contract, written from its frozen terms and the item's template. Chinese is the only legal
text; it never changes once drafted, except that a new draft replaces one nobody has confirmed. For whoever does not
read Chinese its terms can be read in English too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from django.utils import translation

from agencies.phrases import english, spoken
from kernel.clock import civil
from kernel.money import capital, plain
from kernel.ui import format
from orders.contract_process import process_terms
from orders.models import Order
from orders.services.begin import pays_first

# The platform's own clauses decide where the item's are more general (书面确认, 验收期限).
PROCESS = "平台办理约定（与上列条款不一致的，以本约定为准）"
_PLACE = re.compile(r"\{(\w+)\}")


def contract_text(order: Order) -> str:
    """The whole contract as plain text with line breaks."""
    head = [
        "中介服务合同",
        f"合同编号：{order.number}",
        "",
        f"甲方（项目业主）：{_party(order.buyer.name, order.buyer.uscc)}",
        f"乙方（中介机构）：{_party(order.agency.organisation.name, order.agency.organisation.uscc)}",
        f"项目名称：{order.project.name}" + (f"（项目代码 {order.project.code}）" if order.project.code else ""),
        f"服务事项：{_service(order)}",
        f"服务的审批事项：{order.matter or '无'}",
        f"数量：{_quantity(order)}",
        f"服务费：人民币 {plain(order.fee_fen)} 元（大写：{capital(order.fee_fen)}）",
        f"时限：{order.days} 个工作日，按“期限”条款起算，起算当日不计"
        + ("；服务费到账前不起算" if pays_first(order) else ""),
        f"项目负责人：{order.lead.name if order.lead else ''}",
        f"开票抬头：{order.invoice_title}" + (f"，税号 {order.invoice_tax_number}" if order.invoice_tax_number else ""),
        f"订立日期：{_day(civil(order.accepted_at or order.placed_at))}",
        *_agreed_on_charges(order),
        "",
        "合同条款",
    ]
    body = _fill(order.item.template_contract, _values(order)).strip() or "双方按订单载明的内容和国家有关规定履行。"
    tail = ["", "双方在平台确认后生效。纸质合同与本文本不一致的，以双方确认的本文本为准。"]
    return "\n".join([*head, body, "", PROCESS, *_process_lines(order), *tail])


def english_terms(order: Order, text: str) -> list[tuple[str, str]]:
    """(heading, clause) of the contract's terms in English. Empty where the catalogue does not say them in English, or has
    since changed them, so that they are no longer those of ``text``. To be called with English active."""
    template = order.item.template_contract
    said = english(template)
    with translation.override("zh-hans"):
        agreed = _fill(template, _values(order)).strip() in text
    if not said or not agreed:
        return []
    item = order.item
    values = {
        "item": item.name,
        "matter": spoken(order.matter) or "no approval matter",
        "days": str(order.days),
        "unit": str(item.Unit(order.unit).label),
        "result": spoken(item.result_type),
        "materials": ", ".join(spoken(paper["zh"], paper["en"]) for paper in order.papers),
        "fee": format.money(order.fee_fen),
    }
    lines = (line.partition(". ")[2].partition(": ") for line in said.splitlines())
    terms = [(heading, _fill(clause, values)) for heading, _colon, clause in lines]
    # Contracts from before these clauses have none; what has changed since is not said of an older text.
    kept = all(line in text for line in _process_lines(order))
    return [*terms, *process_terms(order)] if kept else terms


def _process_lines(order: Order) -> list[str]:
    with translation.override("zh-hans"):
        return [f"{heading}：{clause}" for heading, clause in process_terms(order)]


def _service(order: Order) -> str:
    name = order.item.name_zh
    return name if order.title == name else f"{name}（{order.title}）"


def _agreed_on_charges(order: Order) -> list[str]:
    """What the agency's offer said about charges goes before the general clause (订单另有载明的，以订单为准)."""
    said = order.version.not_included.strip().rstrip("。")
    return [f"另行收费约定：{said}。本项与费用条款不一致的，以本项为准。"] if said else []


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _values(order: Order) -> dict[str, str]:
    return {
        "item": order.item.name_zh,
        "matter": order.matter,
        "days": str(order.days),
        "unit": str(order.item.Unit(order.unit).label),
        "result": order.item.result_type,
        "materials": "、".join(paper["zh"] for paper in order.papers),
        "fee": plain(order.fee_fen),
    }


def _fill(text: str, values: Mapping[str, str]) -> str:
    """Only known places are filled; anything else in braces stays as the catalogue wrote it."""
    return _PLACE.sub(lambda found: values.get(found.group(1), found.group(0)), text)


def _party(name: str, uscc: str | None) -> str:
    return f"{name}（统一社会信用代码 {uscc}）" if uscc else name


def _quantity(order: Order) -> str:
    whole, rest = divmod(order.quantity_milli, 1000)
    number = f"{whole:,}" + (f".{rest:03d}".rstrip("0") if rest else "")
    return f"{number} {order.item.Unit(order.unit).label}"
