"""Search and rows stay the same: messages, the nightly rebuild, the invariant that compares them."""

import os
import subprocess
import sys
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from agencies.models import Listing
from agencies.services import directory, shop
from kernel import clock
from kernel.models import OutboxMessage
from kernel.registries import nightly
from market.invariants import search_matches_rows
from market.models import Synonym
from market.search import Removal
from market.selectors.engine import search_engine
from market.services.index import index_rebuild, listings_index
from market.services.synonyms import synonym_save, synonyms_load
from tests import factories

pytestmark = pytest.mark.django_db


def held():
    return search_engine().listing_ids()


def public():
    from market.selectors.documents import public_ids

    return set(public_ids())


def test_messages_keep_search_the_same_as_the_rows(deliver):
    one, two = factories.make_listing(), factories.make_listing()
    deliver()
    assert held() == public() == {one.pk, two.pk}
    shop.listing_withdraw(listing=one, actor=None)
    directory.agency_suspend(agency=two.agency, reason="测试", actor=None)
    deliver()
    assert held() == public() == set()
    directory.agency_resume(agency=two.agency, actor=None)
    deliver()
    assert held() == {two.pk}


def test_the_same_message_twice_changes_nothing(deliver):
    listing = factories.make_listing()
    deliver()
    OutboxMessage.objects.update(done_at=None)
    deliver()
    assert held() == {listing.pk}


def test_the_nightly_rebuild_makes_a_missed_message_harmless():
    listing = factories.make_listing()
    OutboxMessage.objects.all().delete()
    assert held() == set()
    nightly["market.reindex"]()
    assert held() == {listing.pk}


def test_an_index_this_version_cannot_read_is_built_anew_when_an_installation_is_prepared(monkeypatch):
    listing = factories.make_listing()
    assert settings.PREPARE_COMMANDS[-1] == "ensure_index"
    call_command("ensure_index", stdout=StringIO())
    assert held() == {listing.pk}
    monkeypatch.setattr("market.search.embedded.FORMAT", 10**6)
    assert held() == set()
    (search_engine()._folder / "current").unlink()
    out = StringIO()
    call_command("ensure_index", stdout=out)
    assert held() == {listing.pk} and "1 listings" in out.getvalue()
    out.truncate(0)
    call_command("ensure_index", stdout=out)
    assert "listings" not in out.getvalue()


def test_tables_are_brought_up_to_date_one_room_at_a_time(tmp_path):
    """Search reads all of them, so nothing of it may run while some are missing."""
    env = os.environ | {
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "SECRET_KEY": "test",
    }
    env.pop("DJANGO_SETTINGS_MODULE", None)
    call = [sys.executable, "manage.py", "migrate", "contenttypes"]
    done = subprocess.run(call, env=env, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def test_reindex_tells_its_progress(deliver):
    factories.make_listing()
    out = StringIO()
    call_command("reindex", stdout=out)
    assert "1/1" in out.getvalue()


def test_the_invariant_finds_what_is_missing_and_what_is_too_much(deliver):
    listing = factories.make_listing()
    deliver()
    assert list(search_matches_rows()) == []
    search_engine().apply([Removal(listing.pk, 2**62)])
    assert list(search_matches_rows()) == [f"listing {listing.pk} is public but not in search"]
    index_rebuild()
    Listing.objects.filter(pk=listing.pk).update(status="withdrawn")
    assert list(search_matches_rows()) == [f"listing {listing.pk} is in search but not public"]


def test_the_invariant_waits_for_news_on_its_way(deliver):
    factories.make_listing()
    assert held() != public()
    assert list(search_matches_rows()) == []


def test_indexing_costs_the_same_for_one_and_for_many(django_assert_num_queries):
    from tests.market.copies import copy_market

    listing = factories.make_listing()
    copy_market(listing, 60)
    ids = list(Listing.objects.values_list("pk", flat=True))
    with clock.at(clock.now()):  # a demo reads its clock's offset once a second
        listings_index(ids[:1])  # the lexicon is read once
        with django_assert_num_queries(6):
            listings_index(ids[:1])
        with django_assert_num_queries(6):
            listings_index(ids)


def test_a_new_synonym_is_found_at_once(client, deliver, django_capture_on_commit_callbacks):
    from django.urls import reverse

    listing = factories.make_listing(title="地下水环境现状调查")
    deliver()
    address = reverse("market:listing", args=[listing.pk])
    assert address not in client.get("/search/", {"q": "水土摸底"}).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        synonym_save(synonym=None, words=["水土摸底", "地下水环境"], actor=None)
    assert address in client.get("/search/", {"q": "水土摸底"}).content.decode()


def test_the_synonyms_that_ship_load_once():
    assert synonyms_load(actor=None) > 30
    count = Synonym.objects.count()
    assert synonyms_load(actor=None) == 0
    assert Synonym.objects.count() == count


def test_a_group_of_one_word_is_refused_by_service_and_database():
    from django.db import IntegrityError, transaction

    from kernel.errors import DomainError

    with pytest.raises(DomainError) as refused:
        synonym_save(synonym=None, words=["环评", " 环评 ", "", "\x00"], actor=None)
    assert refused.value.code == "synonym.too_few"
    with pytest.raises(IntegrityError), transaction.atomic():
        Synonym.objects.create(words="环评", updated_at=clock.now())
