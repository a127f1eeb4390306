"""What can be wrong with a roster: one entry a kind, with a sentence and what to do about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

FILE, ERROR, WARNING = "file", "error", "warning"
# Control characters, halves of surrogate pairs, and what turns text around.
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")

# code → (severity, sentence, remedy). "file": nothing can be read on; "error": the row is left out; "warning": the row
# goes in all the same.
KINDS: dict[str, tuple[str, Any, Any]] = {
    # --- the file ---------------------------------------------------------------------------------------------------
    "file.empty": (FILE, _("文件是空的。"), _("请检查文件能否打开、是否有内容，然后重新上传。")),
    "file.old_format": (
        FILE,
        _("不能读取 .xls、.et 等旧格式或加密的表格。"),
        _("请用 Excel 或 WPS 打开，选择“另存为”，保存类型选“Excel 工作簿 (*.xlsx)”或 CSV，不设密码，再上传。"),
    ),
    "file.kind": (
        FILE,
        _("这不是 XLSX 或 CSV 表格。"),
        _("请用 Excel 或 WPS 打开名录，另存为 .xlsx 或 .csv 后上传。"),
    ),
    "file.damaged": (
        FILE,
        _("表格文件已损坏，读不出来。"),
        _("请用 Excel 或 WPS 打开，另存为新的 .xlsx 文件后上传。"),
    ),
    "file.too_big": (
        FILE,
        _("表格解压后过大（超过 %(limit)s MB 或内部文件过多）。"),
        _("请删去图片和多余的工作表，只留名录一张表，另存后上传。"),
    ),
    "file.too_many_rows": (
        FILE,
        _("名录超过 %(limit)s 行。"),
        _("请按区域或类别拆成几个文件，分别导入。"),
    ),
    "file.quotes": (
        FILE,
        _("CSV 从这一行起读不下去，可能有一个引号没有配对。"),
        _("请检查这一行和上一行里的英文双引号，补齐或删去后重新上传。"),
    ),
    "heading.not_found": (
        FILE,
        _("没有找到表头行。"),
        _("请保证有一行表头，至少写明“机构名称”“统一社会信用代码”“服务类别”三列。"),
    ),
    "heading.missing": (FILE, _("表头缺少“%(field)s”这一列。"), _("请补上这一列；可用的写法：%(spellings)s。")),
    "heading.twice": (
        FILE,
        _("有两列表头都表示“%(field)s”：“%(first)s”和“%(second)s”。"),
        _("请只保留一列，或把多余的一列改成别的名称。"),
    ),
    "heading.unknown": (
        WARNING,
        _("不认识“%(heading)s”这一列，已忽略。"),
        _("如果这一列有用，请改用名录模板中的表头。"),
    ),
    # --- the row ----------------------------------------------------------------------------------------------------
    "row.ragged": (
        ERROR,
        _("本行有 %(found)s 列，表头有 %(expected)s 列，内容可能错位。"),
        _("请检查本行的逗号和引号；单元格内有逗号时，整格要用英文双引号括起来。"),
    ),
    "row.duplicate": (
        ERROR,
        _("与第 %(first)s 行重复（同一机构、同一类别、同一证书）。"),
        _("请删去其中一行。"),
    ),
    "bytes.undecodable": (
        ERROR,
        _("本行有无法识别的字节，文字已残缺。"),
        _("请把文件另存为 XLSX，或另存为 UTF-8 编码的 CSV 后重新上传。"),
    ),
    # --- the cell ---------------------------------------------------------------------------------------------------
    "cell.missing": (ERROR, _("“%(field)s”没有填写。"), _("请补填这一格；合并单元格请先取消合并并逐行填写。")),
    "cell.control": (ERROR, _("单元格里有看不见的控制字符。"), _("请删去这一格，手工重新输入。")),
    "cell.formula": (
        ERROR,
        _("单元格是公式或以等号开头，只当作文字，不会计算。"),
        _("请复制这一列，用“选择性粘贴 → 数值”贴回，再保存。"),
    ),
    "cell.error_value": (ERROR, _("单元格是公式错误值。"), _("请改正公式，或直接填写内容。")),
    "cell.too_long": (ERROR, _("“%(field)s”超过 %(limit)s 个字。"), _("请精简后重新填写。")),
    # --- identity ---------------------------------------------------------------------------------------------------
    "uscc.length": (
        ERROR,
        _("统一社会信用代码应为 18 位，这里是 %(found)s 位。"),
        _("请对照营业执照补全；分支机构请填分支机构自己的代码。"),
    ),
    "uscc.characters": (
        ERROR,
        _("统一社会信用代码含有不允许的字符。"),
        _("请对照营业执照核对；代码不使用字母 I、O、S、V、Z。"),
    ),
    "uscc.check_digit": (ERROR, _("统一社会信用代码的校验位不对。"), _("请对照营业执照逐位核对，可能有一位写错了。")),
    "uscc.number_cell": (
        ERROR,
        _("统一社会信用代码被表格当作数字，末几位已丢失。"),
        _("请把这一列设为“文本”格式，重新填写全部 18 位。"),
    ),
    "uscc.two_names": (
        ERROR,
        _("这个统一社会信用代码在第 %(first)s 行属于“%(name)s”，这里是另一个名称。"),
        _("请核对哪一行写错了；更名的机构各行都写现名。"),
    ),
    # --- category and certificate -----------------------------------------------------------------------------------
    "category.unknown": (ERROR, _("没有“%(word)s”这个服务类别。"), _("请改用服务目录中的类别名称。")),
    "category.nearest": (
        ERROR,
        _("没有“%(word)s”这个服务类别。"),
        _("是不是“%(nearest)s”？请改用服务目录中的类别名称。"),
    ),
    "certificate.unknown": (
        ERROR,
        _("没有登记“%(word)s”这种资质。"),
        _("请改用资质目录中的名称；不需要资质的，请把资质各栏留空。"),
    ),
    "certificate.nearest": (
        ERROR,
        _("没有登记“%(word)s”这种资质。"),
        _("是不是“%(nearest)s”？请改用资质目录中的名称。"),
    ),
    "certificate.incomplete": (
        ERROR,
        _("填了证书的其他内容，却没有“%(field)s”。"),
        _("请补填；没有证书的，请把资质各栏都留空。"),
    ),
    "certificate.level": (
        ERROR,
        _("“%(certificate)s”没有“%(level)s”这个等级。"),
        _("请对照证书填写；可用的等级：%(levels)s。"),
    ),
    "certificate.abolished": (WARNING, _("“%(word)s”已取消，不会登记。"), _("%(remedy)s")),
    "certificate.taken": (
        ERROR,
        _("证书编号与第 %(first)s 行另一家机构的相同。"),
        _("请对照证书核对编号和机构。"),
    ),
    "certificate.expired": (
        WARNING,
        _("证书已于 %(date)s 过期，导入后相应服务不会展示。"),
        _("请机构换证后更新有效期。"),
    ),
    # --- against the register ---------------------------------------------------------------------------------------
    "register.other_kind": (
        ERROR,
        _("这个代码已登记为“%(name)s”，不是中介机构。"),
        _("请核对代码；确为同一单位的，请先由系统管理员变更单位类型。"),
    ),
    "register.other_name": (
        ERROR,
        _("这个代码在平台上的名称是“%(name)s”。"),
        _("请核对代码；机构更名的，请走信息变更，不在名录里改。"),
    ),
    "register.claimed": (
        WARNING,
        _("机构已认领或自行入驻，资料由机构维护，本行未采用。"),
        _("资料有变的，请通知机构提交信息变更。"),
    ),
    "register.region": (
        WARNING,
        _("没有“%(word)s”这个区域，已按“%(used)s”登记。"),
        _("请在区划设置中补充，或改用已有的名称。"),
    ),
    # --- dates, phone, mail -----------------------------------------------------------------------------------------
    "date.unreadable": (ERROR, _("认不出这个日期。"), _("请写成 2027-03-01 的样子；没有期限的写“长期”。")),
    "date.ambiguous": (
        ERROR,
        _("这个日期可以有不止一种读法。"),
        _("请写全年、月、日，四位年份在前，例如 2027-03-01。"),
    ),
    "date.impossible": (ERROR, _("没有这一天。"), _("请对照证书改正日期。")),
    "date.order": (ERROR, _("有效期至早于发证日期。"), _("请对照证书核对两个日期是否填反。")),
    "date.future": (ERROR, _("日期在今天之后。"), _("请对照证书或营业执照核对。")),
    "phone.bad": (
        ERROR,
        _("联系电话不完整或含有遮掩的星号。"),
        _("请填 11 位手机号，或带区号的固定电话，例如 0573-80000000。"),
    ),
    "email.bad": (ERROR, _("邮箱地址不对。"), _("请写成 name@example.com 的样子；没有邮箱请留空。")),
}


@dataclass(frozen=True)
class RosterFault:
    """One thing wrong: where (``row`` as the spreadsheet program counts, None for the file; ``column`` as headed),
    what stood there (``value`` as typed), and which kind (``code``). Sentence and remedy come in the reader's
    language at the time of reading."""

    code: str
    row: int | None = None
    column: str = ""
    value: str = ""
    words: tuple[tuple[str, Any], ...] = ()

    @property
    def severity(self) -> str:
        """``file``, ``error`` or ``warning``."""
        return KINDS[self.code][0]

    @property
    def blocks(self) -> bool:
        """The row, or the whole file, cannot go in."""
        return self.severity != WARNING

    @property
    def sentence(self) -> str:
        return self._said(1)

    @property
    def remedy(self) -> str:
        return self._said(2)

    def _said(self, part: int) -> str:
        text = str(KINDS[self.code][part])
        return text % {name: str(word) for name, word in self.words} if self.words else text


def fault(code: str, row: int | None = None, column: str = "", value: Any = "", /, **words: Any) -> RosterFault:
    return RosterFault(code, row, column, shown(value), tuple(words.items()))


def shown(value: Any) -> str:
    """A cell as typed, cut to what a table can show; what cannot be seen becomes visible (␀, ⟨U+202E⟩)."""
    if isinstance(value, datetime):
        value = value.date()
    text = "" if value is None else str(value)
    return UNSEEN.sub(_visible, text[:80]) + ("…" if len(text) > 80 else "")


def _visible(found: re.Match[str]) -> str:
    number = ord(found[0])
    return chr(0x2400 + number) if number < 32 else f"⟨U+{number:04X}⟩"


class FileRefused(Exception):
    """Raised by the readers of file formats when nothing more can be read."""

    def __init__(self, found: RosterFault) -> None:
        super().__init__(found.code)
        self.fault = found
