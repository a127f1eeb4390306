"""Pictures of a shop: what is kept of an uploaded file, who sees it, and that the address changes with the picture."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from agencies import pictures
from agencies.models import Agency, Storefront
from agencies.selectors import storefronts
from agencies.services import directory, shop, shop_pictures
from kernel.errors import DomainError, Forbidden
from tests import factories as make

pytestmark = [pytest.mark.django_db]
GPS, MAKE = 0x8825, 0x010F


def picture(size=(2000, 1000), form="JPEG", colour=(40, 90, 80), **extra):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form, **extra)
    return SimpleUploadedFile(f"p.{form.lower()}", out.getvalue(), f"image/{form.lower()}")


def with_place():
    exif = Image.Exif()
    exif[MAKE] = "Camera of somebody"
    exif.get_ifd(GPS)[1] = "N"
    return picture(exif=exif.tobytes())


def opened(data):
    return Image.open(io.BytesIO(data))


def test_only_pixels_survive():
    file = with_place()
    assert b"Camera of somebody" in file.read()  # it was there
    file.seek(0)
    kept = pictures.redrawn(file, "banner")
    assert b"Camera" not in kept and not dict(opened(kept).getexif())
    assert opened(kept).format == "WEBP" and opened(kept).size == (1600, 400)


@pytest.mark.parametrize(
    ("size", "kind", "wanted"),
    [
        ((4000, 1000), "banner", (1600, 400)),
        ((800, 900), "banner", (800, 200)),
        ((600, 600), "mark", (256, 256)),
        ((400, 100), "mark", (256, 256)),
        ((120, 100), "mark", (120, 120)),
    ],
)
def test_shapes(size, kind, wanted):
    assert opened(pictures.redrawn(picture(size), kind)).size == wanted


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n" + b"x" * 50, b"GIF89a"],
)
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(DomainError) as refusal:
        pictures.redrawn(io.BytesIO(data), "mark")
    assert refusal.value.code == "picture.kind" and refusal.value.field == "mark"


def test_too_small_and_too_large_are_refused(monkeypatch):
    with pytest.raises(DomainError) as refusal:
        pictures.redrawn(picture((700, 300)), "banner")
    assert refusal.value.code == "picture.small" and "800×200" in str(refusal.value)
    monkeypatch.setattr(pictures, "MAX_PIXELS", 1000)
    with pytest.raises(DomainError) as refusal:
        pictures.redrawn(picture((900, 300)), "banner")
    assert refusal.value.code == "picture.pixels"


@pytest.fixture
def front():
    return Storefront.objects.select_related("agency__organisation").get(agency=make.make_agency())


def read(front):
    return Storefront.objects.select_related("banner", "mark").get(pk=front.pk)


def test_hung_up_replaced_and_taken_down(front):
    owner = make.owner_of(front.agency.organisation)
    client = Client()
    client.force_login(owner)
    words = {"tagline": "按期交付", "case-TOTAL_FORMS": 0, "case-INITIAL_FORMS": 0}
    page = reverse("agencies:storefront")
    assert client.post(page, words | {"banner": picture(), "mark": picture((300, 300), "PNG")}).status_code == 302
    first = storefronts.banner_url(read(front))
    seen = Client().get(first)
    assert seen.status_code == 200 and seen["Content-Type"] == "image/webp" and "immutable" in seen["Cache-Control"]
    assert opened(b"".join(seen.streaming_content)).size == (1600, 400)
    assert storefronts.mark_urls([front.agency_id]) == {front.agency_id: storefronts.mark_url(read(front))}

    client.post(page, words | {"banner": picture(colour=(200, 10, 10))})
    second = storefronts.banner_url(read(front))
    assert second != first and Client().get(first).status_code == 404  # the earlier one is no longer shown
    assert Client().get(second).status_code == 200

    refused = client.post(page, words | {"banner": picture((10, 10))})
    assert refused.status_code == 200 and "800×200" in refused.content.decode()
    assert storefronts.banner_url(read(front)) == second

    client.post(reverse("agencies:picture_remove", args=["banner"]))
    assert storefronts.banner_url(read(front)) is None and Client().get(second).status_code == 404
    assert storefronts.mark_url(read(front)) is not None


def test_a_shop_that_left_shows_nothing(front):
    shop_pictures.storefront_picture_set(storefront=front, kind="mark", file=picture(), actor=None)
    address = storefronts.mark_url(read(front))
    assert Client().get(address).status_code == 200
    directory.agency_exit(agency=Agency.objects.get(pk=front.agency_id), reason="停业", actor=None)
    assert Client().get(address).status_code == 404


def test_only_its_people_hang_and_the_desk_may_take_down(front):
    stranger = make.owner_of(make.make_agency().organisation)
    operator = make.make_staff()
    for actor in (stranger, operator):
        with pytest.raises(Forbidden):
            shop_pictures.storefront_picture_set(storefront=front, kind="mark", file=picture(), actor=actor)
    shop_pictures.storefront_picture_set(storefront=front, kind="mark", file=picture(), actor=None)
    with pytest.raises(Forbidden):
        shop_pictures.storefront_picture_remove(storefront=front, kind="mark", actor=stranger)
    shop_pictures.storefront_picture_remove(storefront=front, kind="mark", actor=operator)
    assert read(front).mark is None


# --- cases -----------------------------------------------------------------------------------------------------------
DRAWER = "添加案例</summary>"


def test_a_case_just_typed_is_not_put_into_the_drawer(front):
    client = Client()
    client.force_login(make.owner_of(front.agency.organisation))
    shop.storefront_update(storefront=front, cases=[{"title": "旧案例"}], actor=None)
    page = reverse("agencies:storefront")
    assert client.get(page).content.decode().index('value="旧案例"') < client.get(page).content.decode().index(DRAWER)
    sent = {"case-TOTAL_FORMS": 3, "case-INITIAL_FORMS": 1, "case-0-title": "旧案例", "case-1-title": "新案例"}
    refused = client.post(page, sent | {"banner": picture((10, 10))}).content.decode()
    assert "800×200" in refused and refused.index('value="新案例"') < refused.index(DRAWER)


def test_there_is_no_drawer_where_no_case_can_be_added(front):
    client = Client()
    client.force_login(make.owner_of(front.agency.organisation))
    for count, drawer in ((19, True), (20, False)):
        shop.storefront_update(storefront=front, cases=[{"title": f"案例{n}"} for n in range(count)], actor=None)
        assert (DRAWER in client.get(reverse("agencies:storefront")).content.decode()) == drawer
