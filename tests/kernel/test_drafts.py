"""Drafts of forms: kept, given back to their writer alone, gone when the form went through or nobody came back."""

import json
from datetime import timedelta

import pytest

from kernel import clock
from kernel.models import FormDraft, Organisation
from kernel.services import drafts
from tests import factories

pytestmark = pytest.mark.django_db
DATA = json.dumps([["name", "嘉禾新材料有限公司"], ["kind", "enterprise", True]])


@pytest.fixture
def person(client):
    person = factories.make_person()
    client.force_login(person)
    return person


def test_what_is_typed_comes_back(client, person):
    assert client.post("/drafts/", {"key": "party", "data": DATA}).status_code == 204
    answer = client.get("/drafts/", {"key": "party"})
    assert answer.json()["data"] == json.loads(DATA)
    assert client.get("/drafts/", {"key": "other"}).status_code == 204


def test_only_ones_own(client, person):
    client.post("/drafts/", {"key": "party", "data": DATA})
    client.force_login(factories.make_person())
    assert client.get("/drafts/", {"key": "party"}).status_code == 204
    client.logout()
    assert client.get("/drafts/", {"key": "party"}).status_code == 403
    assert client.post("/drafts/", {"key": "party", "data": DATA}).status_code == 403


@pytest.mark.parametrize(
    "data", ["", "no json", "{}", '[["a"]]', '[["a", 1]]', '[["a", "\\u0000"]]', json.dumps([["a", "长" * 70_000]])]
)
def test_what_is_no_draft_is_refused_with_a_sentence(client, person, data):
    answer = client.post("/drafts/", {"key": "party", "data": data})
    assert 400 <= answer.status_code < 500 and "草稿没有保存" in answer.json()["text"]
    assert not FormDraft.objects.exists()


def test_discarded_on_request(client, person):
    client.post("/drafts/", {"key": "party", "data": DATA})
    client.post("/drafts/", {"key": "party", "discard": "1"})
    assert not FormDraft.objects.exists()


def test_a_form_that_goes_through_takes_its_draft_along(client, person):
    region = factories.make_region()
    client.post("/drafts/", {"key": "party-register", "data": DATA})
    form = {
        "kind": "enterprise",
        "name": "嘉禾新材料有限公司",
        "uscc": factories.make_uscc(),
        "region": region.pk,
        "draft_key": "party-register",
    }
    client.post("/parties/new/", form | {"name": "", "idempotency_token": "a"})
    assert FormDraft.objects.count() == 1  # it came back with errors: nothing is lost
    assert client.post("/parties/new/", form | {"idempotency_token": "b"}).status_code == 302
    assert not FormDraft.objects.exists() and Organisation.objects.filter(name=form["name"]).exists()


def test_the_oldest_go_when_there_are_too_many(person):
    for number in range(drafts.MOST_DRAFTS + 3):
        drafts.draft_keep(key=f"form:{number}", data=DATA, actor=person)
    kept = FormDraft.objects.filter(user=person)
    assert kept.count() == drafts.MOST_DRAFTS and not kept.filter(key="form:0").exists()


def test_nobody_came_back(person):
    drafts.draft_keep(key="old", data=DATA, actor=person)
    FormDraft.objects.update(saved_at=clock.now() - drafts.KEPT - timedelta(seconds=1))
    drafts.draft_keep(key="new", data=DATA, actor=person)
    assert drafts.drafts_expire() == 1
    assert [draft.key for draft in FormDraft.objects.all()] == ["new"]
