"""The columns of a roster: what each is called in the wild, whether it must be filled, and how long it may be."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Field:
    """One field. ``spellings``: headings that mean it; the first one is the template's."""

    name: str
    label: Any
    spellings: tuple[str, ...]
    required: bool = False
    limit: int = 100


FIELDS = (
    Field(
        "name",
        _("机构名称"),
        ("机构名称", "单位名称", "中介机构", "中介机构名称", "企业名称", "公司名称", "服务机构名称"),
        required=True,
        limit=60,
    ),
    Field(
        "uscc",
        _("统一社会信用代码"),
        ("统一社会信用代码", "信用代码", "社会信用代码", "统一信用代码", "组织机构代码或统一社会信用代码"),
        required=True,
        limit=40,
    ),
    Field(
        "category",
        _("服务类别"),
        ("服务类别", "中介类别", "机构类别", "服务类型", "中介服务类别", "服务事项类别", "业务类别"),
        required=True,
        limit=120,
    ),
    Field(
        "legal_representative",
        _("法定代表人"),
        ("法定代表人", "负责人", "法人代表", "法人", "法定代表人或负责人"),
        limit=40,
    ),
    Field("contact", _("联系人"), ("联系人", "联系人姓名", "业务联系人"), limit=40),
    Field(
        "phone",
        _("联系电话"),
        ("联系电话", "手机", "电话", "手机号", "手机号码", "联系方式", "联系人电话", "联系手机"),
        limit=60,
    ),
    Field(
        "certificate",
        _("资质名称"),
        ("资质名称", "资质", "资质证书", "资质证书名称", "证书名称", "资质类型", "资质类别"),
        limit=80,
    ),
    Field("level", _("资质等级"), ("资质等级", "等级", "资质级别", "证书等级"), limit=20),
    Field(
        "number", _("证书编号"), ("证书编号", "资质证书编号", "证书号", "资质编号", "证书号码", "资质证书号"), limit=60
    ),
    Field("issued_on", _("发证日期"), ("发证日期", "发证时间", "颁发日期", "颁证日期", "有效期起"), limit=60),
    Field(
        "expires_on",
        _("有效期至"),
        ("有效期至", "有效期", "有效期限", "有效期止", "证书有效期", "证书有效期至", "到期日期", "有效截止日期"),
        limit=60,
    ),
    Field("address", _("注册地址"), ("注册地址", "地址", "办公地址", "住所", "通讯地址", "联系地址"), limit=200),
    Field(
        "region", _("所属区域"), ("所属区域", "区域", "所在地", "所属地区", "所在地区", "注册地", "所在区县"), limit=40
    ),
    Field("email", _("邮箱"), ("邮箱", "电子邮箱", "电子邮件", "联系邮箱", "email", "e-mail"), limit=120),
    Field("founded_on", _("成立日期"), ("成立日期", "成立时间", "注册日期", "注册时间"), limit=60),
    Field("note", _("备注"), ("备注", "说明", "备注说明"), limit=300),
)
BY_NAME = {field.name: field for field in FIELDS}

# Columns that every roster has and nobody needs.
IGNORED = frozenset({"序号", "编号", "no", "no.", "#"})

_BRACKETS = re.compile(r"[（(\[【].*?[)）\]】]")
_NOISE = re.compile(r"[\s*＊:：、]+")


def folded(heading: str) -> str:
    """A heading reduced to what identifies it: no spaces, brackets, stars; half-width; lower case."""
    text = _BRACKETS.sub("", heading)
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).lower()


_SPELLINGS = {folded(spelling): field for field in FIELDS for spelling in field.spellings}


def field_of(heading: str) -> Field | None:
    """The field that a heading means, or None."""
    return _SPELLINGS.get(folded(heading))
