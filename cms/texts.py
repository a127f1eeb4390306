"""The texts a new site begins with; editors change them as they like."""

from __future__ import annotations

from typing import Any

HOME_BODY: list[tuple[str, Any]] = [
    (
        "search",
        {
            "heading": "找中介服务，先看信用",
            "heading_en": "Choose an agency by its record",
            "lead": "明码标价，限时办结，信用公开。注册、入驻、下单都不收费。",
            "lead_en": "Open prices, time limits that hold, a credit record anyone can check. Joining and ordering are free.",
        },
    ),
    ("figures", None),
    ("categories", None),
    (
        "steps",
        {
            "heading": "三步办完",
            "heading_en": "Three steps",
            "steps": [
                {
                    "title": "找",
                    "title_en": "Find",
                    "text": "按事项搜索，比价格、时限和信用等级。",
                    "text_en": "Search by service; compare price, days and grade.",
                },
                {
                    "title": "订",
                    "title_en": "Order",
                    "text": "在线下单或到窗口代办，合同双方确认，费用不经平台之手。",
                    "text_en": "Order online or at the counter; both sides confirm the contract; the fee never passes through the platform.",
                },
                {
                    "title": "评",
                    "title_en": "Rate",
                    "text": "验收后评价，双方同时公开，直接计入信用分。",
                    "text_en": "Approve the result and rate it; both ratings open together and count in the score.",
                },
            ],
        },
    ),
    ("ranking", None),
    ("news", None),
]


def _text(html: str) -> list[tuple[str, str]]:
    return [("text", html)]


def _graded(html: str) -> list[tuple[str, Any]]:
    """A text, and the grades of the rulebook in force under it."""
    return [("text", html), ("grades", None)]


GUIDES: list[dict[str, Any]] = [
    {
        "title": "企业如何下单",
        "title_en": "How to order",
        "slug": "how-to-order",
        "summary": "从搜索到验收的全过程，每一步要多久、谁来办。",
        "summary_en": "From search to approval: what happens, how long it takes, who acts.",
        "body": _text(
            "<ol><li>用手机号注册，登记单位（名称和统一社会信用代码）。</li><li>搜索服务事项，比较价格、时限、信用等级和价格包含的内容。</li>"
            "<li>在服务页点“下单”，填写项目名称、数量和开票抬头。机构应在 1 个工作日内答复。</li><li>双方确认合同。企业在服务开始前付款，"
            "公共机构在验收后付款。</li><li>资料交齐后开始计时，时限按工作日计算。</li><li>收到成果后验收：可以提出修改；5 个工作日不处理自动验收"
            "（公共机构和需要送审的事项除外）。</li><li>评价五个方面。双方都评完或到期后同时公开。</li></ol>"
        ),
        "body_en": _text(
            "<ol><li>Sign up with a mobile number and register your organisation (name and social credit code).</li><li>Search for the service item; compare price,"
            " days, grade and what the price includes.</li><li>Press “Order” on the listing and give project, quantity and invoice title. The agency"
            " answers within 1 working day.</li><li>Both sides confirm the contract. Enterprises pay before the work starts; public bodies pay after approval.</li>"
            "<li>The clock starts once the papers are complete; limits count working days.</li><li>Approve the result or ask for changes; after 5 working"
            " days without an answer it is approved automatically (not for public bodies, nor items with external review).</li><li>Rate five dimensions."
            " Both ratings open together.</li></ol>"
        ),
    },
    {
        "title": "机构如何入驻",
        "title_en": "How an agency joins",
        "slug": "how-to-join",
        "summary": "准备什么、审什么、公示几天。",
        "summary_en": "What to prepare, what is checked, how long the public notice lasts.",
        "body": _text(
            "<ol><li>登记单位，类型选“中介机构”。已在名录中的机构请走“认领”。</li><li>填写机构资料，申报隶属关系，签署承诺。</li>"
            "<li>上传营业执照和资质证书，登记从业人员。国家已取消的资质不得填报。</li><li>提交后 2 个工作日内完成形式审查；退回的可补正后再提交。</li>"
            "<li>公示 5 个工作日无异议，准予入驻，店铺开放。</li></ol><p>入驻不收费。证书到期前 60、30、7 天提醒，到期次日起相关服务自动隐藏。</p>"
        ),
        "body_en": _text(
            "<ol><li>Register the organisation as an agency. If it is in the directory already, claim it.</li><li>Fill in the profile, declare affiliation,"
            " sign the commitment.</li><li>Upload the licence and certificates, register your people. Abolished qualifications must not be claimed.</li>"
            "<li>The form check takes 2 working days; a returned file can be mended and sent again.</li><li>After 5 working days of public notice without"
            " objection the storefront opens.</li></ol><p>Joining is free. Reminders come 60, 30 and 7 days before a certificate expires; from the day after expiry"
            " the services that need it are hidden.</p>"
        ),
    },
    {
        "title": "信用分怎么算",
        "title_en": "How the score is made",
        "slug": "how-scores-work",
        "summary": "四个分项、区间的含义、样本不足的机构怎么办。",
        "summary_en": "Four pillars, what the interval means, and agencies with few orders.",
        "body": _graded(
            "<p>满分 1000 分：服务评价 300、限时办结 250、履约质量 250、合规诚信 200。每笔订单只算一次，同一业主的权重有上限，时间越久影响越小。</p>"
            "<p>每个分数都写明区间，就是分数可能的范围：订单越多，区间越窄。区间重叠的机构不应看作有高下之分。有效订单不足 3 个的显示“样本不足”，"
            "不影响接单。</p><p>扣分必须先告知、可申辩、由第二人决定。未评价不等于好评。付费不影响分数和排序。</p>"
        ),
        "body_en": _graded(
            "<p>1000 points: ratings 300, timeliness 250, performance 250, compliance 200. Each order counts once, one client’s weight is capped, and old"
            " events fade.</p><p>Every score has an interval, the range it may lie in: more orders, a narrower interval. Agencies whose intervals overlap cannot be told apart."
            " With fewer than 3 effective orders an agency is “not yet rated” and may take orders like any other.</p><p>A deduction needs notice, a chance"
            " to answer and a second person’s decision. “Not rated” is no evidence. Payment influences neither score nor order of results.</p>"
        ),
    },
]
