"""The five dimensions of a rating with the written meaning of every star, for both directions.

A star without words means something else to everybody; these are shown beside the form and in the process record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

DIMENSIONS = ("quality", "timeliness", "attitude", "charging", "compliance")


@dataclass(frozen=True)
class Dimension:
    """``question`` is what is asked; ``stars[n]`` says what n stars (1…5) mean."""

    code: str
    label: Any
    question: Any
    stars: dict[int, Any]


def _dimension(code: str, label: Any, question: Any, *levels: Any) -> Dimension:
    return Dimension(code, label, question, dict(enumerate(levels, start=1)))


# What the buyer says about the agency
BUYER: tuple[Dimension, ...] = (
    _dimension(
        "quality",
        _("质量"),
        _("成果是否符合要求，能否直接使用？"),
        _("成果不能使用，或被主管部门退回"),
        _("有较大缺陷，多次修改后才可用"),
        _("基本符合要求，修改后可用"),
        _("符合要求，只有文字性修改"),
        _("一次通过，内容完整、依据充分"),
    ),
    _dimension(
        "timeliness",
        _("时效"),
        _("是否按约定时间完成？"),
        _("严重逾期，影响项目审批或开工"),
        _("逾期交付，事先未说明"),
        _("略有逾期，事先说明并得到同意"),
        _("按约定时间完成"),
        _("明显早于约定时间完成"),
    ),
    _dimension(
        "attitude",
        _("态度"),
        _("沟通是否主动、答复是否及时？"),
        _("推诿、失联或态度恶劣"),
        _("答复拖延，需要反复催促"),
        _("有问有答"),
        _("答复及时，说明清楚"),
        _("主动告知进展和风险，帮助解决问题"),
    ),
    _dimension(
        "charging",
        _("收费"),
        _("是否按约定收费？"),
        _("在约定之外强行收费，或拒开发票"),
        _("要求追加费用，理由不充分"),
        _("按约定收费，费用说明不够清楚"),
        _("按约定收费，发票及时"),
        _("按约定收费，费用明细清楚，无任何附加"),
    ),
    _dimension(
        "compliance",
        _("规范"),
        _("人员、资质、程序是否合规？"),
        _("存在挂靠、转包、弄虚作假等情形"),
        _("到场人员与登记不符，或程序有缺项"),
        _("程序基本规范，记录不够完整"),
        _("人员、程序、记录符合规定"),
        _("全程规范留痕，项目负责人亲自到场把关"),
    ),
)

# What the agency says about the buyer
AGENCY: tuple[Dimension, ...] = (
    _dimension(
        "quality",
        _("资料质量"),
        _("提供的资料是否真实、完整？"),
        _("提供虚假资料"),
        _("资料缺漏严重，反复更正"),
        _("一次补正后齐全"),
        _("基本一次提供齐全"),
        _("一次提供齐全，内容准确"),
    ),
    _dimension(
        "timeliness",
        _("配合时效"),
        _("确认、验收是否及时？"),
        _("长期不配合，服务无法进行"),
        _("多次拖延确认或验收"),
        _("偶有拖延"),
        _("在规定时间内确认和验收"),
        _("主动及时，从不需要催促"),
    ),
    _dimension(
        "attitude",
        _("态度"),
        _("沟通是否顺畅？"),
        _("无理要求或言语侮辱"),
        _("沟通困难，要求反复变化"),
        _("沟通正常"),
        _("沟通顺畅"),
        _("沟通顺畅，积极协调各方"),
    ),
    _dimension(
        "charging",
        _("付款"),
        _("是否按约定付款？"),
        _("拒付或无故扣减费用"),
        _("拖延付款，多次催要"),
        _("略有拖延"),
        _("按约定付款"),
        _("提前或当日付款"),
    ),
    _dimension(
        "compliance",
        _("规范"),
        _("是否尊重独立执业？"),
        _("要求出具不实结论"),
        _("干预结论或程序"),
        _("个别要求超出约定"),
        _("尊重独立执业"),
        _("尊重独立执业，现场和安全管理规范"),
    ),
)

SCALES: dict[str, tuple[Dimension, ...]] = {"buyer": BUYER, "agency": AGENCY}


def needs_grounds(stars: dict[str, int]) -> bool:
    """A 1 or a 5 in any dimension needs the fact it rests on."""
    return any(value in (1, 5) for value in stars.values())
