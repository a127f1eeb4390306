"""Forms over an agency's file. What a field accepts is decided by ``agencies.profile``; here is only how it is asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies import profile
from agencies.models import Agency, Category
from agencies.selectors.registration import PURPOSES
from kernel.forms.fields import DayField, PaperField, area
from kernel.models import Organisation, Region
from kernel.ui.format import telephone


class FileForm(forms.Form):
    """The whole file, while it is a draft or came back."""

    name = forms.CharField(label=_("单位名称"), max_length=120, help_text=_("与营业执照一致。"))
    short_name = forms.CharField(label=_("简称"), max_length=40, required=False)
    legal_representative = forms.CharField(label=_("法定代表人"), max_length=60, required=False)
    founded_on = DayField(label=_("成立日期"), required=False)
    staff_count = forms.IntegerField(label=_("从业人数"), min_value=0, max_value=1_000_000, required=False)
    contact_name = forms.CharField(label=_("联系人"), max_length=60, required=False)
    contact_mobile = forms.CharField(
        label=_("联系手机"), max_length=30, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.CharField(
        label=_("电子邮箱"), max_length=254, required=False, widget=forms.TextInput(attrs={"type": "email"})
    )
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    phone = forms.CharField(label=_("联系电话"), max_length=30, required=False)
    introduction = forms.CharField(label=_("机构简介"), max_length=2000, required=False, widget=area(5))
    categories = forms.MultipleChoiceField(
        label=_("服务类别"), choices=lambda: categories(), widget=forms.CheckboxSelectMultiple, required=False
    )
    service_regions = forms.MultipleChoiceField(
        label=_("服务区域"),
        choices=lambda: regions(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("愿意到场服务的地方；不选表示全域接单。"),
    )
    parent = forms.ModelChoiceField(
        label=_("总公司（分公司填写）"),
        queryset=Agency.objects.filter(parent__isnull=True).select_related("organisation"),
        required=False,
        empty_label=_("不是分公司"),
    )
    affiliated_with = forms.ModelChoiceField(
        label=_("隶属或挂靠的单位"),
        queryset=Organisation.objects.filter(kind__in=["authority", "public_body"]).order_by("name"),
        required=False,
        empty_label=_("无隶属或挂靠关系"),
        help_text=_("隶属于审批部门的机构不得承接该部门审批事项的中介服务（国办发〔2015〕31号）。"),
    )

    def __init__(self, *args: Any, agency: Agency, owner: bool = True, **kwargs: Any) -> None:
        kwargs.setdefault("initial", initial(agency, list(self.base_fields)))
        super().__init__(*args, **kwargs)
        if "parent" in self.fields:
            self.fields["parent"].queryset = self.fields["parent"].queryset.exclude(pk=agency.pk)
        if not owner:  # the organisation's own data are its administrator's
            for name in profile.ORGANISATION_FIELDS:
                self.fields.pop(name, None)

    def plain(self) -> dict[str, Any]:
        """The answers as ``agencies.profile`` takes them."""
        return {name: _plain(value) for name, value in self.cleaned_data.items()}


class ProfileForm(FileForm):
    """Step 1: who we are, and the declaration of affiliation."""

    affiliation_declared = forms.BooleanField(
        label=_("以上隶属或挂靠关系（包括没有此类关系）已如实申报"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("contact_name", "contact_mobile", "categories", "affiliation_declared"):
            self.fields[name].needed_later = True  # type: ignore[attr-defined]


def _keep(form: forms.Form, *names: str) -> None:
    """What entry asked for may be changed later, not emptied."""
    for name in names:
        form.fields[name].required = True


class ContactForm(FileForm):
    """What changes without review."""

    field_order = list(profile.FREE_FIELDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(profile.FREE_FIELDS):
            del self.fields[name]
        _keep(self, "contact_name", "contact_mobile")


class ChangeForm(FileForm):
    """What passes the desk, and the paper that proves it."""

    proof = PaperField(label=_("证明材料"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - {*profile.REVIEWED_FIELDS, "proof"}:
            del self.fields[name]
        _keep(self, "categories")

    def plain(self) -> dict[str, Any]:
        return {name: value for name, value in super().plain().items() if name != "proof"}


class CommitmentForm(forms.Form):
    agreed = forms.BooleanField(label=_("我代表本单位签署以上承诺"))
    seal = PaperField(label=_("盖章承诺书"), required=False)


class PapersForm(forms.Form):
    """One place for each paper of an application; several may be sent at once, and each again. A phone offers its
    camera in a second place, because a place that asks for the camera takes no PDF."""

    def __init__(self, *args: Any, purposes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.purposes = purposes
        for purpose in purposes:
            self.fields[purpose] = PaperField(label=PURPOSES[purpose], required=False)
            self.fields[photo(purpose)] = PaperField(
                label=_("直接拍照"),
                required=False,
                widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png", "capture": "environment"}),
                help_text="",
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not any(data.values()):
            raise forms.ValidationError(_("还没有选择文件。"), code="papers.none")
        return data

    def sent(self) -> list[tuple[str, str, Any]]:
        """(purpose, field, file) of what was sent."""
        names = [(purpose, name) for purpose in self.purposes for name in (purpose, photo(purpose))]
        return [(purpose, name, self.cleaned_data[name]) for purpose, name in names if self.cleaned_data[name]]


def photo(purpose: str) -> str:
    """The field of ``PapersForm`` that takes a photograph of a paper."""
    return f"{purpose}_photo"


class ExitForm(forms.Form):
    reason = forms.CharField(label=_("退出原因"), max_length=200)


def categories() -> list[tuple[str, str]]:
    return [(row.code, row.name) for row in Category.objects.filter(active=True)]


def regions() -> list[tuple[str, str]]:
    """Counties and districts first: most agencies serve where they are."""
    rows = Region.objects.filter(level__in=[Region.Level.CITY, Region.Level.COUNTY]).order_by("code")
    near_first = sorted(rows, key=lambda row: row.level != Region.Level.COUNTY)
    return [(row.code, str(row)) for row in near_first]


def initial(agency: Agency, names: list[str]) -> dict[str, Any]:
    known = {*profile.FREE_FIELDS, *profile.REVIEWED_FIELDS}
    values = {name: profile.read(agency, name) for name in names if name in known}
    if values.get("contact_mobile"):
        values["contact_mobile"] = telephone(values["contact_mobile"])
    return values | {"affiliation_declared": agency.affiliation_declared}


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value
