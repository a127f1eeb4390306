"""What buyers and agencies write about a finished order: words that fit its service and what became of it."""

from __future__ import annotations

# Whatever the service was; five for each kind of work besides
PRAISE = [
    "沟通顺畅，资料清单一次说清。",
    "专业，回复快。",
    "价格和店铺上写的一样。",
    "要准备什么、什么时候能好，说得清楚。",
    "需要配合的事提前通知，没有多跑。",
]
REPORT = [
    "现场情况了解得细，报告写得清楚。",
    "报告内容扎实，该讲的都讲到了。",
    "数据和依据写得明白。",
    "项目情况吃得透，结论有依据。",
    "报告条理清楚，用起来方便。",
]
FIELD = [
    "现场作业仔细，成果数据齐全。",
    "外业人员守时，作业规范。",
    "图件清楚，标注都对得上。",
    "成果格式符合要求，直接能用。",
    "现场的问题当场就答复。",
]
TEST = [
    "收样登记快，报告编号可查。",
    "检测人员操作规范。",
    "报告数据清楚，结论明确。",
    "送样交接省事，不用多等。",
    "检测结果有疑问，解释得明白。",
]
INSPECTION = [
    "检测人员守时，现场作业规范。",
    "测点都测到了，报告写得清楚。",
    "隐患当场指出，整改办法讲得明白。",
    "检测报告结论明确。",
    "上门时间按约定，没有影响生产。",
]
DESK = [
    "文件做得细，依据列得清楚。",
    "人员专业，问什么都答得上来。",
    "程序交代得明白，节点都有提醒。",
    "底稿齐全，核对起来方便。",
    "工作严谨，没有差错。",
]
WORK = {
    "surveying": FIELD, "house-survey": FIELD, "geotech": FIELD, "testing": TEST, "lightning": INSPECTION,
    "drawing-review": DESK, "cost": DESK, "tender": DESK, "audit": DESK,
}  # fmt: skip

FOUR = [
    "质量可以，进度告知少了些。",
    "总体满意，资料补交多跑了一趟。",
    "问题都解决了，沟通稍慢。",
    "不错，细节上多问了几次。",
]
THREE = ["成果可用，沟通不够及时。", "进度要自己问，过程不够清楚。"]
LATE = ["比合同时限晚交，催了几次。", "晚交也没有事先说明。", "交付晚了，耽误了后面的手续。"]
COMPLAINED = ["投诉以后才来处理。", "出了问题联系不上人。", "问题经中心核实才整改。"]

ABOUT_BUYER = ["资料交接及时。", "联系人明确，沟通顺畅。", "答复问题及时，配合到位。"]

# Of an order whose work has been approved
COMPLAINTS = [
    ("quality", "验收后发现成果有两处错漏，联系更正没有回应。"),
    ("fee", "合同以外另收资料费，事先没有说明。"),
    ("attitude", "验收后咨询成果内容，电话多次不接。"),
    ("quality", "成果缺少签章，要求补正拖了很久。"),
    ("attitude", "负责人态度生硬，问题推给别人答复。"),
    ("other", "验收以后多次索要，仍未开票。"),
]
REPLIES = [
    "已收到投诉，往来记录正在核对，配合中心调查。",
    "已联系业主当面说明，愿按中心意见整改。",
    "已安排专人复核，结果将书面答复业主。",
]


def remarks(category: str, stars: int, *, late: bool) -> list[str]:
    """What may be written of an order of the category that earned so many stars; ``late``: it missed its limit."""
    if stars == 5:
        return [*PRAISE, *WORK.get(category, REPORT)]
    return {4: FOUR, 3: THREE}.get(stars, LATE if late else COMPLAINED)
