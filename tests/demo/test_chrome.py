"""What a demo adds to the pages."""

import pytest
from stdnum.cn import uscc

from demo import chrome
from demo.logins import logins
from demo.world import LOGINS
from kernel.models import Organisation
from kernel.services import parties
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_code_offered_is_right_and_free(rf):
    first = chrome.code_hint(rf.get("/")).split("<code>")[1].split("</code>")[0]
    assert uscc.is_valid(first)
    factories.make_organisation()
    parties.organisation_create(
        kind=Organisation.Kind.ENTERPRISE, name="新来的", region=factories.make_region(), code=first, actor=None
    )
    second = chrome.code_hint(rf.get("/")).split("<code>")[1].split("</code>")[0]
    assert uscc.is_valid(second) and second != first


def test_each_account_says_for_whom_it_acts():
    mobile = LOGINS["buyer"][1]
    person = factories.make_person()
    type(person).objects.filter(pk=person.pk).update(mobile=mobile)
    organisation = factories.make_organisation(owner=person)
    (row,) = logins()
    assert (row.role, row.organisation) == ("buyer", organisation.name)


def test_the_form_comes_before_the_accounts_of_the_demo_and_a_line_leads_to_them(client):
    mobile = LOGINS["buyer"][1]
    person = factories.make_person()
    type(person).objects.filter(pk=person.pk).update(mobile=mobile)
    page = client.get("/accounts/login/").content.decode()
    assert page.index('href="#demo-logins"') < page.index('name="login"') < page.index('id="demo-logins"')
