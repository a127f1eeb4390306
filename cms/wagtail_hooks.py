"""The back office: our menus, and catalogue and calendar whose saving calls the owners' services."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from agencies.models import Category, CertificateType, ServiceItem
from agencies.services import catalogue_rows
from kernel.models import CalendarDay, Region
from kernel.services import administration

SAVING: dict[type[Model], Callable[..., Model]] = {
    Category: catalogue_rows.category_save,
    ServiceItem: catalogue_rows.item_save,
    CertificateType: catalogue_rows.certificate_type_save,
    CalendarDay: administration.calendar_day_save,
    Region: administration.region_save,
}


class ServiceCreateView(generic.CreateView):
    """Creates through the owner's service."""

    def save_instance(self) -> Any:
        return SAVING[self.model](values=self.form.cleaned_data, actor=self.request.user)


class ServiceEditView(generic.EditView):
    """Saves through the owner's service, and only the fields that this person changed."""

    def save_instance(self) -> Any:
        values = {name: self.form.cleaned_data[name] for name in self.form.changed_data}
        return SAVING[self.model](pk=self.object.pk, values=values, actor=self.request.user)


class OwnedViewSet(ModelViewSet):
    """Rows of another room: nothing is deleted here (rows are switched off), and saving is the owner's business."""

    add_view_class = ServiceCreateView
    edit_view_class = ServiceEditView
    copy_view_enabled = False
    inspect_view_enabled = False
    list_per_page = 50


class CategoryViewSet(OwnedViewSet):
    model = Category
    icon = "list-ul"
    form_fields = ["code", "name_zh", "name_en", "position", "icon", "active"]
    list_display = ["name_zh", "code", "position", BooleanColumn("active", label=_("启用"), sort_key="active")]
    search_fields = ["name_zh", "code"]


class ServiceItemViewSet(OwnedViewSet):
    model = ServiceItem
    icon = "doc-full"
    list_display = [
        "name_zh",
        "code",
        "category",
        "default_days",
        BooleanColumn("active", label=_("启用"), sort_key="active"),
    ]
    list_filter = ["category", "active"]
    search_fields = ["name_zh", "code"]
    exclude_form_fields: list[str] = []
    form_fields = [
        "category", "code", "name_zh", "name_en", "synonyms", "basis", "matter_served", "who_commissions", "who_pays",
        "self_service_allowed", "size_trigger", "certificate_rule", "filings", "people", "certificate_note",
        "abolished_qualifications", "usually_includes",
        "statutory_days", "default_days", "steps", "price_control", "price_reference", "fee_unit", "price_low_fen",
        "price_high_fen", "min_fee_fen", "result_type", "external_review", "materials", "template_contract",
        "baseline_fee_fen", "baseline_days", "orderable", "active",
    ]  # fmt: skip


class CertificateTypeViewSet(OwnedViewSet):
    model = CertificateType
    icon = "clipboard-list"
    form_fields = [
        "code",
        "name_zh",
        "name_en",
        "kind",
        "synonyms",
        "levels",
        "abolished_levels",
        "validity_years",
        "number_pattern",
        "authority",
        "abolished_on",
        "remedy_zh",
        "remedy_en",
        "note",
    ]
    list_display = ["name_zh", "code", "abolished_on"]
    search_fields = ["name_zh", "code"]


class CalendarViewSet(OwnedViewSet):
    model = CalendarDay
    icon = "calendar"
    form_fields = ["day", "is_workday", "note"]
    list_display = ["day", BooleanColumn("is_workday", label=_("工作日"), sort_key="is_workday"), "note"]


class RegionViewSet(OwnedViewSet):
    model = Region
    icon = "site"
    form_fields = ["code", "name", "name_en", "level", "parent"]
    list_display = ["code", "name", "level"]
    search_fields = ["name", "code"]


class MarketGroup(ViewSetGroup):
    menu_label = _("市场设置")
    menu_icon = "cogs"
    menu_order = 150
    items = (
        CategoryViewSet("categories"),
        ServiceItemViewSet("items"),
        CertificateTypeViewSet("certificate-types"),
        CalendarViewSet("calendar"),
        RegionViewSet("regions"),
    )


@hooks.register("register_admin_viewset")
def market_group() -> ViewSetGroup:
    return MarketGroup()


class WorkHome(MenuItem):
    """The way back, in the reader's language: Wagtail keeps its menu items between requests."""

    def render_component(self, request: HttpRequest) -> Any:
        here = MenuItem(self.label, reverse("kernel:work"), name=self.name, icon_name=self.icon_name)
        return here.render_component(request)


@hooks.register("register_admin_menu_item")
def work_home() -> MenuItem:
    return WorkHome(_("返回工作台"), "", icon_name="home", order=10)


@hooks.register("insert_global_admin_css")
def back_office_colours() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("cms/back_office.css"))
