"""The first people of a real installation, and the limits on inviting others."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from kernel import access, clock
from kernel.errors import DomainError
from kernel.models import Membership, Organisation, User
from kernel.services import parties
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def test_a_fresh_installation_gets_its_authority_and_staff(client):
    region, person, code = factories.make_region(), factories.make_person(), factories.make_uscc()
    call_command("appoint", person.mobile, "owner", uscc=code, name="澄湖县政务服务中心", region=region.code)
    call_command("appoint", person.mobile, "operator", uscc=code)
    authority = Organisation.objects.get(uscc=code)
    person = type(person).objects.get(pk=person.pk)
    assert authority.kind == Organisation.Kind.AUTHORITY
    assert access.owns(person, authority) and access.holds(person, Membership.Role.OPERATOR)
    client.force_login(person)
    assert client.get("/desk/review/").status_code == 200


def test_what_is_missing_is_said():
    person = factories.make_person()
    with pytest.raises(CommandError, match="--name and --region"):
        call_command("appoint", person.mobile, "operator", uscc=factories.make_uscc())
    with pytest.raises(CommandError, match="sign up first"):
        call_command("appoint", "13900009999", "operator", uscc=factories.make_uscc())
    enterprise = factories.make_organisation()
    with pytest.raises(CommandError, match="not as an authority"):
        call_command("appoint", person.mobile, "operator", uscc=enterprise.uscc)
    assert not Membership.objects.filter(user=person, role="operator").exists()


def test_a_number_nobody_has_proved_gets_no_role():
    authority = factories.make_organisation(kind="authority")
    begun = User.objects.create_user("+8613800139001", "somebody's password", name="某人", date_joined=clock.now())
    with pytest.raises(CommandError, match="not proved"):
        call_command("appoint", begun.mobile, "operator", uscc=authority.uscc)
    assert not Membership.objects.filter(user=begun).exists()
    User.objects.filter(pk=begun.pk).update(mobile_verified=True)
    call_command("appoint", begun.mobile, "operator", uscc=authority.uscc)
    assert Membership.objects.filter(user=begun, role="operator").exists()


def test_a_slip_of_the_keyboard_is_named():
    person, code = factories.make_person(), factories.make_uscc()
    with pytest.raises(CommandError, match="11 位手机号"):
        call_command("appoint", "1380013800", "operator", uscc=code)
    with pytest.raises(CommandError, match="应为 18 位"):
        call_command("appoint", person.mobile, "operator", uscc=code[:-1])
    with pytest.raises(CommandError, match="校验位不对"):
        call_command("appoint", person.mobile, "operator", uscc=code[:-1] + ("0" if code[-1] != "0" else "1"))


def test_a_code_in_small_letters_is_the_same_code():
    authority, person = factories.make_organisation(kind="authority"), factories.make_person()
    call_command("appoint", person.mobile, "operator", uscc=authority.uscc.lower())
    assert Membership.objects.filter(user=person, organisation=authority, role="operator").exists()


def test_nobody_is_flooded_with_invitations():
    owner = factories.make_person()
    organisation = factories.make_organisation(owner=owner)
    for _n in range(parties.INVITATIONS_A_MOBILE):
        parties.invitation_send(organisation=organisation, mobile="+8613900000001", role="member", actor=owner)
    with pytest.raises(DomainError, match="邀请太多"):
        parties.invitation_send(organisation=organisation, mobile="+8613900000001", role="member", actor=owner)
    parties.invitation_send(organisation=organisation, mobile="+8613900000002", role="member", actor=owner)
    with clock.at(clock.now() + timedelta(days=1, seconds=1)):
        parties.invitation_send(organisation=organisation, mobile="+8613900000001", role="member", actor=owner)
