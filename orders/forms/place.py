"""Placing an order: the project it serves, what is ordered, the terms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies import pricing
from agencies.models import ListingVersion, Practitioner, ServiceItem
from agencies.selectors.regions import ServiceArea, service_area
from kernel.errors import DomainError
from kernel.forms.fields import area
from kernel.models import Organisation, Region
from kernel.ui import format
from orders.forms.fields import QuantityField, quantity_text
from orders.models import Order, Project

Unit = ServiceItem.Unit
RECENT_PROJECTS = 50


class PlaceChoice(forms.ModelChoiceField):
    """Places of construction; those where the agency does not work say so."""

    area = ServiceArea(())

    def label_from_instance(self, region: Region) -> str:  # type: ignore[override]
        return self.with_area(str(region), region)

    def with_area(self, label: str, place: Region) -> str:
        return label if self.area.covers(place) else gettext("%(what)s（不在服务区域）") % {"what": label}


class ProjectChoice(PlaceChoice):
    """Projects told apart: many have the same name."""

    def label_from_instance(self, project: Project) -> str:  # type: ignore[override]
        told = project.code or _("%(day)s 登记") % {"day": format.date_cn(project.created_at)}
        return self.with_area(f"{project.name} · {told}", project.region)


class ProjectFields(forms.Form):
    """An existing project of the buyer's, or a new one."""

    project = ProjectChoice(
        label=_("所属项目"), queryset=Project.objects.none(), required=False, empty_label=_("新项目（请填写名称）")
    )
    name = forms.CharField(label=_("项目名称"), max_length=120, required=False)
    region = PlaceChoice(label=_("建设地点"), queryset=Region.objects.none(), required=False)
    fund = forms.ChoiceField(label=_("资金来源"), choices=Project.Fund.choices, required=False)
    code = forms.CharField(
        label=_("项目代码"), max_length=40, required=False, help_text=_("在线审批监管平台的代码；没有可不填。")
    )

    def prepare_project(self, buyer: Organisation | None, area: ServiceArea | None = None) -> None:
        """Place and funds of a new project are the buyer's usual ones unless something else is said. ``area``: where the
        agency works, where one agency is asked."""
        self.buyer = buyer
        self.fields["region"].area = self.fields["project"].area = area or ServiceArea(())
        counties = Region.objects.filter(level=Region.Level.COUNTY).select_related("parent__parent")
        self.fields["region"].queryset = counties.order_by("code")
        mine = Project.objects.filter(buyer=buyer).order_by("-id") if buyer else Project.objects.none()
        recent = list(mine.values_list("pk", flat=True)[:RECENT_PROJECTS])
        if recent:
            known = Project.objects.filter(pk__in=recent).select_related("region__parent__parent")
            self.fields["project"].queryset = known.order_by("-id")
        else:
            del self.fields["project"]
            self.fields["name"].required = True

    @property
    def place(self) -> Region | None:
        """The place of construction, as far as the form knows it now: of the project chosen, else the one filled in."""
        for name in ("project", "region"):
            value = self[name].value() if name in self.fields else None
            row = self.fields[name].queryset.filter(pk=value).first() if str(value or "").isdecimal() else None
            if row is not None:
                return row.region if isinstance(row, Project) else row
        return None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("project"):
            return data
        if not data.get("name") and "name" not in self.errors:
            self.add_error("name", _("请填写项目名称，或在上面选择已有项目。"))
        usual = terms_initial(self.buyer)
        data["fund"] = data.get("fund") or usual["fund"]
        if not data.get("region") and "region" not in self.errors:
            data["region"] = self.fields["region"].queryset.filter(pk=usual.get("region")).first()
            # Who has not signed in yet gets the place of its organisation later.
            if data["region"] is None and self.buyer is not None:
                self.add_error("region", _("请选择建设地点。"))
        return data


class LineFields(forms.Form):
    """What is ordered of one listing."""

    # The version the person saw: when the agency has published another since, the service says so.
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    quantity = QuantityField(label=_("数量"))
    matter = forms.CharField(
        label=_("用于办理的审批事项"), max_length=200, required=False, help_text=_("成果要交给哪个事项使用。")
    )
    lead = forms.ModelChoiceField(
        label=_("指定项目负责人"), queryset=Practitioner.objects.none(), required=False, empty_label=_("由机构安排")
    )
    note = forms.CharField(
        label=_("给机构的说明"),
        max_length=1000,
        required=False,
        widget=area(3),
        help_text=_("踏勘时间、现场联系人、特殊要求等。"),
    )

    def prepare_line(self, version: ListingVersion, people: list[Practitioner] | None = None) -> None:
        """``people``: the agency's leads, for callers that have read those of many agencies at once."""
        self.shown = version
        field: Any = self.fields["quantity"]
        field.unit = version.unit
        if version.unit == ServiceItem.Unit.PERMILLE:
            field.label = _("计费额（元）")
            field.help_text = _("投资额、合同额或送审额，以元为单位，例如 5000000。")
        lead: Any = self.fields["lead"]
        lead.queryset = leads(version.listing.agency_id)
        if people is not None:
            lead.choices = [("", lead.empty_label), *((person.pk, person.name) for person in people)]
        self.initial.setdefault("version", version.pk)

    def clean_quantity(self) -> int:
        quantity: int = self.cleaned_data["quantity"]
        try:
            pricing.fee_fen(self.shown, quantity)
        except DomainError as error:
            raise forms.ValidationError(str(error), code=error.code) from None
        return quantity


class TermsFields(forms.Form):
    """Who pays, for whom the invoice is (the buyer, unless something else is said), and the declaration."""

    buyer: Organisation | None

    payer = forms.ChoiceField(label=_("由谁付费"), choices=Order.Payer.choices, required=False)
    invoice_title = forms.CharField(
        label=_("开票抬头"), max_length=120, required=False, help_text=_("不填按登记的单位名称开票。")
    )
    invoice_tax_number = forms.CharField(
        label=_("税号"), max_length=20, required=False, help_text=_("单位填统一社会信用代码；已按登记信息预填。")
    )
    not_secret = forms.BooleanField(
        label=_("我声明本项目和提交的资料不涉及国家秘密"), help_text=_("涉密项目请通过专门渠道委托，不能在本平台下单。")
    )

    def prepare_terms(self, items: list[ServiceItem]) -> None:
        """The payer is asked only where every item leaves it to the parties."""
        if any(item.who_pays != ServiceItem.Party.EITHER for item in items):
            del self.fields["payer"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("invoice_title"):
            usual = terms_initial(self.buyer)
            data["invoice_title"] = usual.get("invoice_title", "")
            data["invoice_tax_number"] = data.get("invoice_tax_number") or usual.get("invoice_tax_number", "")
        return data


def payer_of(form: forms.Form, item: ServiceItem) -> str:
    """Who pays: by the item's rule, or as the form says where the rule leaves it open."""
    if item.who_pays == ServiceItem.Party.AUTHORITY:
        return Order.Payer.AUTHORITY
    if item.who_pays == ServiceItem.Party.OWNER:
        return Order.Payer.BUYER
    return form.cleaned_data.get("payer") or Order.Payer.BUYER


# One is what is usually ordered of these; of areas, lengths and numbers nobody but the buyer knows how many.
USUALLY_ONE = (Unit.REPORT, Unit.ITEM, Unit.BUILDING, Unit.PARCEL, Unit.YEAR)
PROJECT_ORDER = ["project", "name", "region", "fund", "code"]
TERMS_ORDER = ["payer", "invoice_title", "invoice_tax_number", "not_secret"]


class PlaceForm(ProjectFields, LineFields, TermsFields):
    """One order from one listing; what is wrong is listed in the order of the page."""

    field_order = [*PROJECT_ORDER, "quantity", "matter", "lead", "note", *TERMS_ORDER]

    def __init__(self, *args: Any, version: ListingVersion, buyer: Organisation | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.area = service_area(version.listing.agency)
        self.prepare_project(buyer, self.area)
        self.prepare_line(version)
        self.prepare_terms([version.listing.item])


class LineForm(LineFields):
    """One line of a project of several orders."""

    def __init__(
        self, *args: Any, version: ListingVersion, people: list[Practitioner] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.prepare_line(version, people)


class ProjectPlaceForm(ProjectFields, TermsFields):
    """What the orders of one project share."""

    field_order = [*PROJECT_ORDER, *TERMS_ORDER]

    def __init__(self, *args: Any, buyer: Organisation | None, items: list[ServiceItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepare_project(buyer)
        self.prepare_terms(items)


def leads(agency_id: int) -> Any:
    """The people an agency may name as project lead."""
    return Practitioner.objects.filter(agency=agency_id, can_lead=True, ended_on__isnull=True).order_by("name")


def leads_by_agency(agency_ids: set[int]) -> dict[int, list[Practitioner]]:
    """The same for many agencies, in one query; every agency has its list."""
    found: dict[int, list[Practitioner]] = {pk: [] for pk in agency_ids}
    for person in Practitioner.objects.filter(agency__in=agency_ids, can_lead=True, ended_on__isnull=True).order_by(
        "name"
    ):
        found[person.agency_id].append(person)
    return found


def line_initial(version: ListingVersion, order: Order | None = None) -> dict[str, Any]:
    """What a new line starts with; ``order`` is repeated."""
    if order:
        return {
            "quantity": quantity_text(order.quantity_milli, order.unit),
            "matter": order.matter,
            "lead": order.lead_id,
            "note": order.note,
        }
    quantity = "1" if version.unit in USUALLY_ONE else ""
    return {"quantity": quantity, "matter": version.listing.item.matter_served}


def terms_initial(buyer: Organisation | None) -> dict[str, Any]:
    if buyer is None:
        return {"fund": Project.Fund.PRIVATE}
    public = buyer.kind == Organisation.Kind.PUBLIC_BODY
    return {
        "region": buyer.region_id,
        "fund": Project.Fund.PUBLIC if public else Project.Fund.PRIVATE,
        "invoice_title": buyer.invoice_title or buyer.name,
        "invoice_tax_number": buyer.uscc or "",
    }
