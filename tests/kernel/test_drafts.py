"""Drafts of forms: kept, given back to their writer alone, gone when the form went through or nobody came back."""

import json
import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.contrib.sessions.models import Session

from kernel import clock, unsent
from kernel.errors import DomainError
from kernel.models import FormDraft, Organisation
from kernel.services import drafts
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
SAID = {"name": ["嘉禾新材料有限公司"], "kind": ["enterprise"]}
DATA = json.dumps(SAID)
FORM = "/parties/new/"
HALF = "\\ud83d"  # of an emoji, as JSON may say it


@pytest.fixture
def person(client):
    person = factories.make_person()
    client.force_login(person)
    return person


@pytest.fixture
def key(person):
    return f"{person.pk}:0:party-register"


def kept(client, key):
    answer = client.get("/drafts/", {"key": key})
    return answer.json()["data"] if answer.status_code == 200 else answer.status_code


def answers(**more):
    region = factories.make_region()
    return {
        "kind": "enterprise",
        "name": "嘉禾新材料有限公司",
        "uscc": factories.make_uscc(),
        "region": region.pk,
    } | more


def test_what_is_typed_comes_back(client, key):
    answer = client.post("/drafts/", {"key": key, "data": DATA})
    assert answer.status_code == 200 and answer.json()["saved"]
    assert kept(client, key) == SAID
    assert kept(client, key + ":2") == 204
    assert str(FormDraft.objects.get()) == key


def test_only_ones_own(client, key):
    client.post("/drafts/", {"key": key, "data": DATA})
    client.force_login(factories.make_person())
    assert kept(client, key) == 204
    assert client.post("/drafts/", {"key": key, "data": DATA}).status_code == 409  # drawn for somebody else
    client.logout()
    assert kept(client, key) == 403
    assert client.post("/drafts/", {"key": key, "data": DATA}).status_code == 403
    assert FormDraft.objects.count() == 1


def test_the_key_names_person_organisation_form_and_row(client, person):
    first, second = (factories.make_organisation(owner=person) for _ in range(2))
    keys = []
    for party in (first, second):
        client.post("/parties/switch/", {"party": party.pk})
        keys += re.findall(r'data-draft="([^"]+)"', client.get(FORM).content.decode())
    assert keys == [f"{person.pk}:{party.pk}:party-register" for party in (first, second)]


@pytest.mark.parametrize(
    "data",
    [
        "",
        "no json",
        "[]",
        '{"a": "b"}',
        '{"a": [1]}',
        '{"a": ["\\u0000"]}',
        '{"\\u0000": ["a"]}',
        f'{{"a": ["{HALF}"]}}',
        f'{{"{HALF}": ["a"]}}',
        "[" * 60_000,
        json.dumps({"a": ["长" * 70_000]}),
    ],
    ids=lambda data: data[:20],
)
def test_what_is_no_draft_is_refused_with_a_sentence(client, key, data):
    answer = client.post("/drafts/", {"key": key, "data": data})
    assert 400 <= answer.status_code < 500 and "草稿没有保存" in answer.json()["text"]
    assert not FormDraft.objects.exists()


@pytest.mark.parametrize("more", ["\x00", "长" * 200])
def test_a_key_that_no_page_draws_finds_and_keeps_nothing(client, key, more):
    key += more
    assert client.post("/drafts/", {"key": key, "data": DATA}).status_code == 409
    assert client.post("/drafts/", {"key": key, "discard": "1"}).status_code == 204
    assert kept(client, key) == 204
    sent = answers(draft_key=key, idempotency_token="a")
    assert client.post(FORM, sent).status_code == 302


def test_discarded_on_request(client, key):
    client.post("/drafts/", {"key": key, "data": DATA})
    client.post("/drafts/", {"key": key, "discard": "1"})
    assert not FormDraft.objects.exists()


def test_a_form_as_the_server_filled_it_in_is_no_draft(client, key):
    client.post("/drafts/", {"key": key, "data": DATA})
    assert client.post("/drafts/", {"key": key, "data": "{}"}).status_code == 204
    assert not FormDraft.objects.exists()


def test_a_form_that_goes_through_takes_its_draft_along(client, key):
    client.post("/drafts/", {"key": key, "data": DATA})
    form = answers(draft_key=key)
    client.post(FORM, form | {"name": "", "idempotency_token": "a"})
    assert FormDraft.objects.count() == 1  # it came back with errors: nothing is lost
    assert client.post(FORM, form | {"idempotency_token": "b"}).status_code == 302
    assert not FormDraft.objects.exists() and Organisation.objects.filter(name=form["name"]).exists()


def test_words_that_arrive_after_the_form_was_sent_do_not_raise_its_draft(client, key):
    late = {"key": key, "data": DATA}
    client.post(FORM, answers(draft_key=key, idempotency_token="sent"))
    answer = client.post("/drafts/", late | {"token": "sent"})
    assert answer.status_code == 409 and "已经提交" in answer.json()["text"]
    assert not FormDraft.objects.exists()
    # The next form of the kind, and one that came back with mistakes, are kept.
    client.post("/drafts/", late | {"token": "next"})
    client.post(FORM, answers(draft_key=key, idempotency_token="next", name=""))
    assert client.post("/drafts/", late | {"token": "next"}).status_code == 200
    assert kept(client, key) == SAID


def test_a_form_sent_to_an_ended_session_waits_for_its_writer(client, person, key):
    Session.objects.all().delete()
    assert "/accounts/login/" in client.post(FORM, answers(draft_key=key, phone="0512"))["Location"]
    client.force_login(person)
    assert kept(client, key)["phone"] == ["0512"]
    assert "csrfmiddlewaretoken" not in kept(client, key)


def test_and_is_for_nobody_else(client, person, key):
    Session.objects.all().delete()
    client.post(FORM, answers(draft_key=key))
    client.force_login(factories.make_person())
    client.logout()
    client.force_login(person)
    assert kept(client, key) == 204 and not FormDraft.objects.exists()


def test_what_an_older_version_put_aside_bars_nobody(client, person, key):
    session = client.session
    session[unsent.PLACE] = {"key": key, "data": DATA}
    session.save()
    client.force_login(person)
    assert unsent.PLACE not in client.session and client.get(FORM).status_code == 200


def test_without_a_script_the_page_is_drawn_with_the_words_until_they_are_sent(client, person, key):
    Session.objects.all().delete()
    words = answers(draft_key=key, name="甲", address="滨河路 1 号", kind="agency", uscc="")
    client.post(FORM, words)
    client.force_login(person)
    for _visit in range(2):
        tree = BeautifulSoup(client.get(FORM).content, "html.parser")
        assert tree.select_one("[name=address]")["value"] == "滨河路 1 号"
        assert tree.select_one("[name=kind][checked]")["value"] == "agency"
        assert tree.select_one("[name=region] option[selected]")["value"] == str(words["region"])
        assert "已恢复您没有提交的内容" in tree.text and tree.select_one("form[data-own]")
    client.post(FORM, words | {"uscc": factories.make_uscc(), "idempotency_token": "a"})
    tree = BeautifulSoup(client.get(FORM).content, "html.parser")
    assert not tree.select_one("[name=address]").get("value") and not tree.select_one("form[data-own]")
    assert unsent.PLACE not in client.session


def test_a_draft_of_another_day_is_left_to_the_script(client, person, key):
    """Negative control: only what was handed over at the sign-in is drawn into the page."""
    client.post("/drafts/", {"key": key, "data": DATA})
    assert SAID["name"][0] not in client.get(FORM).content.decode()


@pytest.mark.parametrize("language", ["", "/en"])
def test_only_the_sign_in_page_means_that_the_session_had_ended(client, person, key, language):
    client.logout()
    client.post("/elder/", {"draft_key": key, "words": "长" * 1000})
    assert unsent.PLACE not in client.session
    client.post(language + FORM, answers(draft_key="x"))
    assert unsent.PLACE not in client.session
    client.post(language + FORM, answers(draft_key=key))
    assert client.session[unsent.PLACE]["key"] == key


def test_a_tick_that_declares_something_and_what_is_secret_are_never_put_back(person, rf):
    class Form(forms.Form):
        name = forms.CharField()
        several = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")])
        agreed = forms.BooleanField()
        secret = forms.CharField(widget=forms.PasswordInput)

    key = f"{person.pk}:0:declared"
    said = {"p-name": ["甲"], "p-several": ["a", "b"], "p-agreed": ["on"], "p-secret": ["x"]}
    drafts.draft_keep(key=key, data=json.dumps(said), actor=person)
    request = rf.get("/")
    request.user, request.session = person, {unsent.PLACE: {"key": key, "writer": person.pk}}
    form = Form(prefix="p")
    assert unsent.put_back(request, key, form)
    assert {bound.name: bound.value() for bound in form} == {
        "name": "甲",
        "several": ["a", "b"],
        "agreed": None,
        "secret": None,
    }
    assert unsent.put_back(request, f"{person.pk}:0:other", Form()) is None
    assert unsent.put_back(request, key, Form({})) is None


@pytest.mark.parametrize("key", ["", "party", ":0:party", "x:0:party", "9" * 40 + ":0:party", "²:0:party"])
def test_a_form_of_nobody_is_kept_for_nobody(client, person, key):
    with pytest.raises(DomainError):
        drafts.draft_keep(key=key, data=DATA, actor=person)
    client.logout()
    client.post(FORM, answers(draft_key=key))
    client.force_login(person)
    assert not FormDraft.objects.exists()


def test_the_oldest_go_when_there_are_too_many(person):
    for number in range(drafts.MOST_DRAFTS + 3):
        drafts.draft_keep(key=f"{person.pk}:0:form:{number}", data=DATA, actor=person)
    mine = FormDraft.objects.filter(user=person)
    assert mine.count() == drafts.MOST_DRAFTS and not mine.filter(key__endswith="form:0").exists()


def test_nobody_came_back(person):
    drafts.draft_keep(key=f"{person.pk}:0:old", data=DATA, actor=person)
    FormDraft.objects.update(saved_at=clock.now() - drafts.KEPT - timedelta(seconds=1))
    drafts.draft_keep(key=f"{person.pk}:0:new", data=DATA, actor=person)
    assert drafts.drafts_expire() == 1
    assert [draft.key for draft in FormDraft.objects.all()] == [f"{person.pk}:0:new"]
