"""The papers the client owes: filed one by one, before or after acceptance; what is missing is seen before it counts as
complete."""

import html
from importlib import import_module

import pytest
from django.apps import apps

from agencies import catalogue
from agencies.models import Listing
from agencies.phrases import english
from agencies.services.catalogue_rows import item_save
from kernel.errors import Forbidden
from kernel.models import AuditEntry, Notification
from orders.models import Material, Order
from orders.selectors.materials import missing_papers
from orders.services import materials
from tests import factories
from tests.orders.lives import Life, refused
from tests.orders.walk import act, client_of, did, errors, pdf

pytestmark = pytest.mark.django_db
LIST = ["总平面图", "土地使用权证"]


def life_with_list(state="placed"):
    item = factories.make_item()
    item.materials = LIST
    item.save(update_fields=["materials"])
    return Life(listing=factories.make_listing(item=item)).until(state)


def page_of(user, life, tail=""):
    return client_of(user).get(f"/orders/{life.order.number}/{tail}").content.decode()


def completed(life):
    return AuditEntry.objects.get(stream=life.order.stream, action="materials.completed").detail.data


def test_the_buyer_files_papers_before_the_agency_has_accepted(rulebook):
    life = life_with_list()
    buyer = client_of(life.by_buyer)
    form = buyer.get(f"/orders/{life.order.number}/do/upload-materials/").content.decode()
    assert all(name in form for name in LIST) and form.count('type="file"') == 4
    assert "至少选择一份" in errors(act(buyer, life.order.number, "upload-materials"))
    did(act(buyer, life.order.number, "upload-materials", paper0=pdf("总图.pdf"), other=pdf("现场照片.pdf")))
    assert list(Material.objects.values_list("name", flat=True)) == ["总平面图", ""]
    assert missing_papers(life.order) == ["土地使用权证"]
    told = Notification.objects.get(user=life.by_agency, title__contains="上传了 2 份资料")
    assert "2 papers" in told.title_en
    work = page_of(life.by_agency, life, "work/")
    assert "业主应提供 2 项，已归档 1 项" in work and "总图.pdf" in work and "现场照片.pdf" in work
    assert work.count("总图.pdf") == 1


def test_the_agency_sees_what_is_missing_before_it_confirms(rulebook):
    life = life_with_list("paid")
    agency = client_of(life.by_agency)
    page = page_of(life.by_agency, life)
    assert "已归档 0 项" in page and "没有归档的：总平面图、土地使用权证" in page
    assert "勾选确认" in errors(act(agency, life.order.number, "complete-materials"))
    assert life.fresh.materials_complete_at is None
    did(act(agency, life.order.number, "complete-materials", received="on"))
    assert completed(life)["not_filed"] == LIST


def test_nothing_more_is_asked_when_every_paper_is_there(rulebook):
    life = life_with_list("paid")
    papers = [(name, life.paper("material")) for name in LIST]
    materials.materials_file(order=life.order, papers=papers, actor=life.by_buyer)
    assert 'name="received"' not in page_of(life.by_agency, life)
    did(act(client_of(life.by_agency), life.order.number, "complete-materials"))
    assert life.fresh.status == "in_service" and completed(life)["not_filed"] == []


def test_what_was_asked_for_has_its_own_places(rulebook):
    life = life_with_list("paid")
    did(act(client_of(life.by_agency), life.order.number, "ask-materials", missing=[LIST[1]], others="地勘报告"))
    buyer = client_of(life.by_buyer)
    panel = page_of(life.by_buyer, life)
    assert "地勘报告" in panel
    did(act(buyer, life.order.number, "answer-materials", paper0=pdf("证.pdf"), paper1=pdf("地勘.pdf")))
    assert list(Material.objects.values_list("name", flat=True)) == [LIST[1], "地勘报告"]
    assert missing_papers(life.order) == [LIST[0]]
    assert life.fresh.material_request.answered_at is not None


# --- the list as it stood when the order was placed -------------------------------------------------------------------
def changed(life):
    """An administrator adds one paper to the item and takes one away."""
    item = life.listing.item
    item_save(pk=item.pk, values={"materials": ["节能报告", LIST[0]]}, actor=factories.make_staff("administrator"))
    life.order = Order.objects.get(pk=life.order.pk)


def test_an_order_keeps_the_list_it_was_placed_on(rulebook):
    life = life_with_list("paid")
    papers = [(LIST[1], life.paper("material"))]
    materials.materials_file(order=life.order, papers=papers, actor=life.by_buyer)
    form = client_of(life.by_buyer).get(f"/orders/{life.order.number}/do/upload-materials/").content.decode()
    changed(life)
    assert missing_papers(life.order) == [LIST[0]]
    page = page_of(life.by_agency, life)
    assert "已归档 1 项" in page and "没有归档的：总平面图。" in page and "节能报告" not in page
    ask = client_of(life.by_agency).get(f"/orders/{life.order.number}/do/ask-materials/").content.decode()
    assert LIST[1] in ask and "节能报告" not in ask
    # A page made before the change: its first place is still the first paper
    assert form.index(LIST[0]) < form.index(LIST[1])
    did(act(client_of(life.by_buyer), life.order.number, "upload-materials", paper0=pdf("总图.pdf")))
    assert Material.objects.latest("id").name == LIST[0]
    did(act(client_of(life.by_agency), life.order.number, "complete-materials"))
    assert completed(life)["not_filed"] == []
    again = Life(listing=Listing.objects.get(pk=life.listing.pk))
    assert [paper["zh"] for paper in again.order.papers] == ["节能报告", LIST[0]]


def test_the_english_of_the_list_is_kept_with_it(rulebook, monkeypatch):
    known = next(iter(catalogue.shipped().items.values())).materials[0].zh
    item = factories.make_item()
    item.materials = [known, "自拟的一份材料"]
    item.save(update_fields=["materials"])
    life = Life(listing=factories.make_listing(item=item)).until("paid")
    said = english(known)
    assert life.order.papers == [{"zh": known, "en": said}, {"zh": "自拟的一份材料", "en": ""}]
    monkeypatch.setattr("agencies.phrases.english", lambda text: "")
    for tail in ("", "work/", "contract/", "do/complete-materials/", "do/upload-materials/"):
        user = life.by_buyer if "upload" in tail else life.by_agency
        page = client_of(user).get(f"/en/orders/{life.order.number}/{tail}").content.decode()
        assert said in html.unescape(page), tail


def test_orders_placed_before_get_the_list_of_their_item(rulebook):
    life = life_with_list()
    Order.objects.update(papers=[])
    import_module("orders.migrations.0012_order_papers").keep_the_list(apps, None)
    assert missing_papers(Order.objects.get(pk=life.order.pk)) == LIST
    assert page_of(life.by_buyer, life).count("总平面图")


def test_they_read_its_english_in_the_catalogue(rulebook):
    """Nothing was written down with them when they were placed."""
    known = next(iter(catalogue.shipped().items.values())).materials[0].zh
    item = factories.make_item(materials=[known])
    life = Life(listing=factories.make_listing(item=item)).until("paid")
    Order.objects.update(papers=[])
    import_module("orders.migrations.0012_order_papers").keep_the_list(apps, None)
    page = client_of(life.by_buyer).get(f"/en/orders/{life.order.number}/work/").content.decode()
    assert english(known) in html.unescape(page)


def test_who_may_file_and_when(rulebook):
    life = life_with_list()
    papers = [("", life.paper("material"))]
    with pytest.raises(Forbidden):
        materials.materials_file(order=life.order, papers=papers, actor=life.by_agency)
    with refused("materials.none"):
        materials.materials_file(order=life.order, papers=[], actor=life.by_buyer)
    other = Life()
    with pytest.raises(Forbidden):
        materials.materials_file(order=life.order, papers=[("", other.paper("material"))], actor=life.by_buyer)
    assert act(client_of(life.by_agency), life.order.number, "upload-materials").status_code == 403
    life.until("delivered")
    with refused("materials.closed"):
        materials.materials_file(order=life.order, papers=papers, actor=life.by_buyer)
