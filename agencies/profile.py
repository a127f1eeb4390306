"""The fields of an agency's file: what each accepts, which of them pass the review desk, how they are written down.

Values travel in plain form (strings, numbers, codes, ids) through reviews and the audit trail; this module turns them
into rows and back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Category
from kernel import clock
from kernel.accounts import normalise_mobile
from kernel.errors import DomainError
from kernel.models import Organisation, Region
from kernel.ui.format import date_cn

# Kept on the organisation rather than on the agency's row.
ORGANISATION_FIELDS = ("name", "address", "phone")
# Changed at once while active: people must be able to reach the agency.
FREE_FIELDS = ("contact_name", "contact_mobile", "email", "staff_count", "address", "phone")
# Pass the review desk once the agency is active.
REVIEWED_FIELDS = (
    "name", "short_name", "legal_representative", "founded_on", "introduction", "categories", "service_regions",
    "parent", "affiliated_with",
)  # fmt: skip
# Of these, what an office of the state has decided or registered: asked for with its paper.
PROVED_FIELDS = ("name", "legal_representative", "parent", "affiliated_with")
# Of these, what is written in a column under its own name.
TEXTS = ("short_name", "legal_representative", "contact_name", "introduction")


def read(agency: Agency, name: str) -> Any:
    """The present value in plain form."""
    if name in ORGANISATION_FIELDS:
        return getattr(agency.organisation, name)
    if name in ("categories", "service_regions"):
        return sorted(getattr(agency, name).values_list("code", flat=True))
    if name in ("parent", "affiliated_with"):
        return getattr(agency, f"{name}_id")
    value = getattr(agency, name)
    return value.isoformat() if isinstance(value, date) else value


def snapshot(agency: Agency) -> dict[str, Any]:
    """The whole file in plain form, as it goes before the review desk."""
    return {name: read(agency, name) for name in (*REVIEWED_FIELDS, *FREE_FIELDS)}


def clean(agency: Agency, name: str, value: Any) -> Any:
    """``value`` (plain or rows) checked, in plain form. DomainError at the field when it cannot be."""
    if name in TEXTS or name in ORGANISATION_FIELDS:
        return _text(name, str(value or "").strip())
    try:
        check = CHECKS[name]
    except KeyError:
        raise ValueError(f"{name} is no field of an agency's file") from None
    return check(agency, value)


def write(agency: Agency, values: dict[str, Any]) -> None:
    """Set checked plain values on the row and its relations; the caller saves the agency. The organisation's own
    fields are written by the kernel's services."""
    for name, value in values.items():
        if name in ORGANISATION_FIELDS:
            continue
        if name == "categories":
            agency.categories.set(Category.objects.filter(code__in=value))
        elif name == "service_regions":
            agency.service_regions.set(Region.objects.filter(code__in=value))
        elif name in ("parent", "affiliated_with"):
            setattr(agency, f"{name}_id", value)
        elif name == "founded_on":
            agency.founded_on = date.fromisoformat(value) if value else None
        else:
            setattr(agency, name, value)


def words(name: str, value: Any) -> str:
    """A plain value as people read it (for diffs)."""
    if value in (None, "", []):
        return str(_("（空）"))
    if name == "categories":
        return "、".join(row.name for row in Category.objects.filter(code__in=value))
    if name == "service_regions":
        return "、".join(str(row) for row in Region.objects.filter(code__in=value))
    if name == "parent":
        return str(Agency.objects.select_related("organisation").get(pk=value))
    if name == "affiliated_with":
        return str(Organisation.objects.get(pk=value))
    if name == "founded_on":
        return date_cn(date.fromisoformat(value), weekday=False)
    return str(value)


def label(name: str) -> Any:
    model = Organisation if name in ORGANISATION_FIELDS else Agency
    return model._meta.get_field(name).verbose_name


def _text(name: str, value: str) -> str:
    model = Organisation if name in ORGANISATION_FIELDS else Agency
    limit = model._meta.get_field(name).max_length
    if "\x00" in value:
        raise _refused(name, _("文字中有无法保存的字符。"), _("请重新输入这一栏。"))
    if limit and len(value) > limit:
        raise _refused(name, _("这一栏最多 %(n)s 个字。") % {"n": limit}, _("请删减后再保存。"))
    if name == "name" and not value:
        raise _refused(name, _("请填写单位名称。"))
    return value


def _mobile(agency: Agency, value: Any) -> str:
    text = str(value or "").strip()
    try:
        return normalise_mobile(text) if text else ""
    except ValidationError as error:
        raise _refused("contact_mobile", error.messages[0]) from None


def _email(agency: Agency, value: Any) -> str:
    text = str(value or "").strip()
    try:
        if text:
            validate_email(text)
    except ValidationError:
        raise _refused("email", _("电子邮箱格式不对。"), _("请核对，例如 name@example.com。")) from None
    return text


def _staff(agency: Agency, value: Any) -> int:
    try:
        number = int(value or 0)
    except (TypeError, ValueError):
        number = -1
    if not 0 <= number <= 1_000_000:
        raise _refused("staff_count", _("从业人数应为不大于一百万的整数。"))
    return number


def _founded(agency: Agency, value: Any) -> str | None:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and value else (value or None)
    except ValueError:
        raise _refused("founded_on", _("日期格式不对。"), _("请按 2016-05-20 的样子填写。")) from None
    if day and not date(1900, 1, 1) <= day <= clock.today():
        raise _refused("founded_on", _("成立日期不能在将来，也不能早于 1900 年。"))
    return day.isoformat() if day else None


def _categories(agency: Agency, value: Any) -> list[str]:
    codes = {getattr(entry, "code", entry) for entry in value or []}
    known = set(Category.objects.filter(code__in=codes, active=True).values_list("code", flat=True))
    if codes - known:
        raise _refused("categories", _("所选服务类别不存在或已停用。"), _("请重新选择。"))
    return sorted(known)


def _regions(agency: Agency, value: Any) -> list[str]:
    codes = {getattr(entry, "code", entry) for entry in value or []}
    known = set(Region.objects.filter(code__in=codes).values_list("code", flat=True))
    if codes - known:
        raise _refused("service_regions", _("所选地区不存在。"), _("请重新选择。"))
    return sorted(known)


def _parent(agency: Agency, value: Any) -> int | None:
    pk = getattr(value, "pk", value) or None
    if pk is None:
        return None
    parent = Agency.objects.filter(pk=pk).first()
    if parent is None or parent.pk == agency.pk or parent.parent_id or agency.branches.exists():
        raise _refused("parent", _("总公司应是本市场的另一家机构，且自身不是分公司。"), _("请重新选择总公司。"))
    return parent.pk


def _affiliated(agency: Agency, value: Any) -> int | None:
    pk = getattr(value, "pk", value) or None
    kinds = (Organisation.Kind.AUTHORITY, Organisation.Kind.PUBLIC_BODY)
    if pk and not Organisation.objects.filter(pk=pk, kind__in=kinds).exists():
        raise _refused("affiliated_with", _("隶属或挂靠单位应是主管部门或公共机构。"), _("请从列表中选择。"))
    return pk


CHECKS: dict[str, Callable[[Agency, Any], Any]] = {
    "contact_mobile": _mobile,
    "email": _email,
    "staff_count": _staff,
    "founded_on": _founded,
    "categories": _categories,
    "service_regions": _regions,
    "parent": _parent,
    "affiliated_with": _affiliated,
}


def _refused(field: str, sentence: Any, remedy: Any = "") -> DomainError:
    return DomainError("agency.field", sentence, remedy, field=field)
