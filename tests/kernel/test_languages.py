"""A notice leads each reader to the page in the reader's own language, whoever sent it in which."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core import mail
from django.utils import translation
from django.utils.translation import gettext_lazy, ngettext_lazy

from kernel import clock, languages, work
from kernel.models import Notification, User
from kernel.services import notify, outbox
from kernel.wording import filled, joined
from tests.factories import make_order, make_person, owner_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("written", "stored", "english"),
    [
        ("/orders/DD1/", "/orders/DD1/", "/en/orders/DD1/"),
        ("/en/orders/DD1/?a=1#x", "/orders/DD1/?a=1#x", "/en/orders/DD1/?a=1#x"),
        ("/en/", "/", "/en/"),
        ("/enquiry/", "/enquiry/", "/en/enquiry/"),
        ("/back-office/", "/back-office/", "/back-office/"),
        ("", "", ""),
    ],
)
def test_a_path_is_stored_without_a_language(written, stored, english):
    assert languages.neutral(written) == stored
    if stored:
        assert languages.localised(stored, "en") == english
        assert languages.localised(stored, "zh-hans") == stored


@pytest.mark.parametrize("sender", ["zh-hans", "en"])
def test_the_reader_is_led_in_the_language_of_the_page_they_read(client, sender):
    reader = make_person()
    with translation.override(sender):
        notify.users(to=[reader], kind="test", title="x", url=languages.localised("/work/", sender))
    pk = Notification.objects.get().pk
    client.force_login(reader)
    assert client.get(f"/notices/{pk}/").url == "/work/"
    assert client.get(f"/en/notices/{pk}/").url == "/en/work/"


def test_a_notice_is_read_in_the_language_of_the_page_whatever_language_its_reader_chose(client, capsys):
    reader = make_person(email="a@example.com", language="en")
    notify.users(to=[reader], kind="test", title=gettext_lazy("订单已受理"), body=filled("%(n)s", n=3), sms=True)
    row = Notification.objects.get()
    english = "Order accepted"
    assert (row.title, row.title_en, row.body, row.body_en) == ("订单已受理", english, "3", "")
    client.force_login(reader)
    for page in ("/notices/", "/work/"):
        assert ">订单已受理<" in client.get(page).content.decode()
        assert f">{english}<" in client.get(f"/en{page}").content.decode()
    outbox.drain()
    assert mail.outbox[0].subject == english
    assert english in capsys.readouterr().err


def test_a_notice_from_before_keeps_its_chinese_and_says_so(client):
    reader = make_person()
    Notification.objects.create(user=reader, kind="test", title="材料已补齐", created_at=clock.now())
    client.force_login(reader)
    assert '<span lang="zh-Hans">材料已补齐</span>' in client.get("/en/notices/").content.decode()


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("title", "is_english"),
    [
        ("Papers are complete", True),
        ("The order of 澄湖测绘 was accepted", True),
        ("Done", True),
        ("材料已补齐", False),
        ("订单 CX-2026-1 已由 ABC Ltd 接受", False),
    ],
)
def test_a_notice_from_before_in_english_is_read_as_english(client, title, is_english):
    reader = make_person()
    Notification.objects.create(user=reader, kind="test", title=title, body=title, created_at=clock.now())
    import_module("kernel.migrations.0005_english_notices_of_before").copy(apps, None)
    client.force_login(reader)
    assert (f'<span lang="zh-Hans">{title}</span>' in client.get("/en/notices/").content.decode()) is not is_english
    row = Notification.objects.get()
    assert (row.title_en, row.body_en) == ((title, title) if is_english else ("", ""))


@pytest.mark.parametrize(("language", "address"), [("zh-hans", "testserver/work/"), ("en", "testserver/en/work/")])
def test_a_letter_leads_in_the_language_of_its_reader(language, address):
    reader = make_person(email="a@example.com", language=language)
    notify.users(to=[reader], kind="test", title="x", url="/work/")
    outbox.drain()
    assert address in mail.outbox[0].body


def test_sentences_with_values_are_put_together_for_each_reader():
    months = [gettext_lazy("January"), gettext_lazy("May")]
    count = ngettext_lazy("%(n)s day", "%(n)s days", "n")
    with translation.override("en"):
        said = filled("%(what)s: %(list)s", what=filled(count, n=2), list=joined(months))
        assert str(said) == "2 days: January, May"
    with translation.override("zh-hans"):
        assert str(said).endswith("一月、五月")


def test_people_choose_the_language_of_their_notices(client):
    reader = make_person()
    client.force_login(reader)
    assert client.post("/notices/settings/", {"language": "en", "email": "on"}).status_code == 302
    assert User.objects.get(pk=reader.pk).language == "en"
    assert client.post("/notices/settings/", {"language": "xx"}).status_code == 200


def test_who_signs_up_in_english_is_written_to_in_english(client):
    signup = {"name": "A", "phone": "13800138000", "password1": "correct-horse-7", "password2": "correct-horse-7"}
    assert client.post("/en/accounts/signup/", signup).status_code == 302
    assert User.objects.get().language == "en"


def test_what_waits_leads_in_the_language_of_the_page():
    agency = make_order("placed").agency.organisation
    for language, prefix in (("zh-hans", "/"), ("en", "/en/")):
        with translation.override(language):
            lines = work.summary(owner_of(agency), agency).own
        assert lines
        assert all(line.url.startswith(f"{prefix}agency/") for line in lines)
