"""The catalogue, the calendar and the regions are edited through their rooms' services."""

import ast
from pathlib import Path

import pytest
from django.test import Client

from agencies.services import catalogue_rows
from kernel.errors import DomainError, Forbidden
from kernel.models import AuditEntry, CalendarDay, OutboxMessage
from kernel.services import administration
from tests.factories import make_category, make_item, make_listing, make_person, make_region, make_staff

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


def announced() -> list[int]:
    rows = OutboxMessage.objects.filter(topic="listing_changed").order_by("id")
    return [row.payload["listing"] for row in rows]


@pytest.mark.parametrize(
    ("save", "row"),
    [
        (catalogue_rows.category_save, make_category),
        (catalogue_rows.item_save, make_item),
        (administration.region_save, make_region),
    ],
)
def test_only_operators_and_administrators_may(save, row):
    made = row()
    field = "name" if save is administration.region_save else "name_zh"
    for nobody in (make_person(), make_staff("credit_officer")):
        with pytest.raises(Forbidden):
            save(pk=made.pk, values={field: "改名"}, actor=nobody)
    for role in ("operator", "administrator"):
        assert (
            getattr(save(pk=made.pk, values={field: f"改名 {role}"}, actor=make_staff(role)), field) == f"改名 {role}"
        )


def test_a_changed_item_is_audited_and_its_listings_told():
    listing = make_listing()
    OutboxMessage.objects.all().delete()
    clerk = make_staff()
    catalogue_rows.item_save(pk=listing.item.pk, values={"default_days": 12}, actor=clerk)
    entry = AuditEntry.objects.get(stream=f"serviceitem:{listing.item.pk}")
    assert (entry.actor, entry.detail.data) == (clerk, {"changes": {"default_days": ["18", "12"]}})
    assert announced() == [listing.pk]


def test_a_renamed_category_tells_the_listings_below_it():
    listing = make_listing()
    OutboxMessage.objects.all().delete()
    catalogue_rows.category_save(pk=listing.item.category.pk, values={"name_zh": "环评"}, actor=None)
    assert announced() == [listing.pk]


def test_nothing_changed_nothing_said():
    listing = make_listing()
    OutboxMessage.objects.all().delete()
    catalogue_rows.item_save(pk=listing.item.pk, values={"default_days": 18}, actor=None)
    assert not announced()
    assert not AuditEntry.objects.filter(stream=f"serviceitem:{listing.item.pk}").exists()


def test_what_the_row_cannot_hold_is_refused_with_a_sentence():
    item = make_item()
    with pytest.raises(DomainError) as refusal:
        catalogue_rows.item_save(pk=item.pk, values={"price_low_fen": 10, "price_high_fen": 9}, actor=None)
    assert refusal.value.code == "row.invalid"
    day = {"day": "2027-01-04", "is_workday": False, "note": ""}
    administration.calendar_day_save(values=day, actor=None)
    with pytest.raises(DomainError):
        administration.calendar_day_save(values=day, actor=None)
    assert CalendarDay.objects.count() == 1


def test_the_back_office_leaves_alone_what_the_person_did_not_touch():
    """The page was opened, somebody else saved, the page is sent: only the touched field is written."""
    from django.core.management import call_command

    from cms.wagtail_hooks import ServiceEditView

    call_command("setup_site")
    admin = make_staff("administrator")
    admin.is_staff = admin.is_superuser = True
    admin.save()
    client = Client()
    client.force_login(admin)
    category = make_category()
    address = f"/back-office/categories/edit/{category.pk}/"
    sent = {"code": "eia", "name_zh": "环评", "name_en": category.name_en, "position": 0, "icon": "", "active": "on"}
    get_object = ServiceEditView.get_object

    def beaten(view, *args, **kwargs):
        row = get_object(view, *args, **kwargs)
        catalogue_rows.category_save(pk=category.pk, values={"icon": "leaf"}, actor=None)
        return row

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ServiceEditView, "get_object", beaten)
        assert client.post(address, sent).status_code == 302
    category.refresh_from_db()
    assert (category.name_zh, category.icon) == ("环评", "leaf")


def test_the_back_office_writes_no_row_of_another_room():
    calls = {
        f"{path.name}: {ast.unparse(node)[:60]}"
        for path in (ROOT / "cms").rglob("*.py")
        if "migrations" not in path.parts and "management" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("save", "create", "bulk_create", "save_m2m")
    }
    assert not calls
