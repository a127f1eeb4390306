"""Organisations, members, invitations: who gets in, who gets out, and when it takes effect."""

from datetime import timedelta

import pytest

from kernel import access, clock
from kernel.errors import DomainError, Forbidden
from kernel.invariants import organisation_has_owner
from kernel.models import Membership, Organisation, User
from kernel.services import parties
from kernel.views.party import InviteForm
from tests.factories import make_member, make_organisation, make_person, make_region, make_uscc, owner_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "word"),
    [("9133999", "18 位"), ("91339999MA0000001X", "校验位"), ("I" * 18, "字符"), ("", "填写")],
)
def test_a_bad_code_is_refused_with_what_is_wrong(code, word):
    with pytest.raises(DomainError, match=word):
        parties.organisation_create(kind="enterprise", name="甲", region=make_region(), code=code, actor=None)


def test_a_code_is_mended_and_registered_once():
    code = make_uscc()
    typed = "".join(chr(ord(c) + 0xFEE0) for c in code[:4]) + " " + code[4:].lower()
    made = parties.organisation_create(kind="enterprise", name="甲", region=make_region(), code=typed, actor=None)
    assert made.uscc == code
    with pytest.raises(DomainError) as refused:
        parties.organisation_create(kind="enterprise", name="乙", region=make_region(), code=code, actor=None)
    assert refused.value.code == "uscc.taken"


def test_invited_person_joins_once_under_the_invited_number():
    organisation = make_organisation()
    person, other = make_person(), make_person()
    invitation, token = parties.invitation_send(
        organisation=organisation, mobile=person.mobile, role="member", actor=owner_of(organisation)
    )
    assert token not in invitation.token_sha256
    with pytest.raises(DomainError, match="另一个手机号"):
        parties.invitation_accept(token=token, actor=other)
    parties.invitation_accept(token=token, actor=person)
    assert access.belongs_to(User.objects.get(pk=person.pk), organisation)
    with pytest.raises(DomainError, match="失效"):
        parties.invitation_accept(token=token, actor=person)


def test_an_invitation_ends_after_seven_days():
    organisation, person = make_organisation(), make_person()
    _row, token = parties.invitation_send(
        organisation=organisation, mobile=person.mobile, role="member", actor=owner_of(organisation)
    )
    with clock.at(clock.now() + timedelta(days=7, seconds=1)), pytest.raises(DomainError, match="失效"):
        parties.invitation_accept(token=token, actor=person)


def test_a_member_may_not_invite_and_a_company_has_no_operators():
    organisation = make_organisation()
    with pytest.raises(Forbidden):
        parties.invitation_send(
            organisation=organisation, mobile="+8613900000000", role="member", actor=make_member(organisation)
        )
    with pytest.raises(DomainError) as refused:
        parties.invitation_send(
            organisation=organisation, mobile="+8613900000000", role="operator", actor=owner_of(organisation)
        )
    assert refused.value.code == "invitation.role"


def test_a_withdrawn_role_is_gone_on_the_next_request_and_the_last_owner_stays():
    organisation = make_organisation()
    member = make_member(organisation)
    row = Membership.objects.get(user=member, organisation=organisation)
    parties.membership_end(membership=row, actor=owner_of(organisation))
    assert not access.belongs_to(User.objects.get(pk=member.pk), organisation)
    last = Membership.objects.get(organisation=organisation, ended_at__isnull=True)
    with pytest.raises(DomainError) as refused:
        parties.membership_end(membership=last, actor=owner_of(organisation))
    assert refused.value.code == "membership.last_owner"


def test_roles_of_an_authority_do_not_come_from_a_company():
    company = make_organisation()
    person = make_person()
    Membership.objects.create(user=person, organisation=company, role="operator", started_at=clock.now())
    assert not access.holds(person, "operator")


def test_an_organisation_without_owner_is_found():
    organisation = make_organisation()
    make_member(organisation)
    assert list(organisation_has_owner()) == []
    Membership.objects.filter(organisation=organisation, role="owner").update(ended_at=clock.now())
    assert any(str(organisation.pk) in sentence for sentence in organisation_has_owner())


def test_only_a_person_goes_without_a_code():
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(kind="enterprise", name="甲", region=make_region(), created_at=clock.now())


def test_an_invitation_names_who_whom_and_what(client):
    owner = make_person(name="方晓雨")
    organisation = make_organisation(owner=owner, name="澄湖新材料有限公司")
    _row, token = parties.invitation_send(
        organisation=organisation, mobile="+8613900000001", role="member", actor=owner_of(organisation)
    )
    client.force_login(User.objects.create_user("+8613900000001", name="受邀人"))
    page = client.get(f"/invitations/{token}/").content.decode()
    assert "方晓雨" in page and "澄湖新材料有限公司" in page and "不接受" in page
    page = client.get("/invitations/not-a-token/").content.decode()
    assert "邀请已失效" in page and "澄湖新材料有限公司" not in page


def test_an_invitation_makes_nobody_an_administrator_by_default(client):
    agency, authority = make_organisation(), make_organisation(kind="authority")
    assert InviteForm(agency).fields["role"].choices[0][0] == "member"
    assert InviteForm(authority).fields["role"].choices[0][0] == ""
    client.force_login(owner_of(authority))
    page = client.post(f"/parties/{authority.pk}/invite/", {"mobile": "13800138000", "role": ""})
    assert page.status_code == 200 and not authority.invitations.exists()


def test_who_opens_an_invitation_of_another_number_is_told_which_and_gets_no_button(client):
    organisation, invited, stranger = make_organisation(), make_person(), make_person()
    _row, token = parties.invitation_send(
        organisation=organisation, mobile=invited.mobile, role="member", actor=owner_of(organisation)
    )
    link = f"/invitations/{token}/"
    client.force_login(stranger)
    page = client.get(link).content.decode()
    assert f"{invited.mobile[3:6]}****{invited.mobile[-4:]}" in page and invited.mobile not in page
    assert f'action="{link}"' not in page and organisation.name not in page and "请退出" in page
    assert client.post(link).status_code == 409
    client.force_login(invited)
    page = client.get(link).content.decode()
    assert f'action="{link}"' in page and organisation.name in page
