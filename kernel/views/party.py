"""Organisations: registering one, its page with members and invitations, switching between those one acts for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kernel import access
from kernel.accounts import MobileField
from kernel.crypto import mask
from kernel.forms import attempt
from kernel.forms.fields import PhoneField, UsccField
from kernel.models import Membership, Organisation, Region
from kernel.services import outbox, parties
from kernel.ui.format import telephone

Kind = Organisation.Kind


class PartyForm(forms.Form):
    """A new organisation; the person becomes its administrator."""

    kind = forms.ChoiceField(
        label=gettext_lazy("单位类型"),
        choices=[(k.value, k.label) for k in (Kind.ENTERPRISE, Kind.PUBLIC_BODY, Kind.AGENCY)],
        widget=forms.RadioSelect,
        initial=Kind.ENTERPRISE,
    )
    name = forms.CharField(
        label=gettext_lazy("单位名称"), max_length=120, help_text=gettext_lazy("与营业执照或登记证书一致。")
    )
    uscc = UsccField(help_text=gettext_lazy("18 位，见营业执照。"))
    region = forms.ModelChoiceField(
        label=gettext_lazy("所在地区"),
        queryset=Region.objects.filter(level=Region.Level.COUNTY).order_by("code"),
        empty_label=gettext_lazy("请选择"),
    )
    address = forms.CharField(label=gettext_lazy("地址"), max_length=200, required=False)
    phone = PhoneField(required=False)


class PartyContactForm(forms.Form):
    address = forms.CharField(label=gettext_lazy("地址"), max_length=200, required=False)
    phone = PhoneField(required=False)
    invoice_title = forms.CharField(label=gettext_lazy("开票抬头"), max_length=120)


class InviteForm(forms.Form):
    mobile = MobileField(label=gettext_lazy("对方手机号"))
    role = forms.ChoiceField(label=gettext_lazy("角色"))

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        at_authority = organisation.kind == Kind.AUTHORITY
        # The least powerful role first: what nobody chose must not make an administrator.
        roles = Membership.AUTHORITY_ROLES if at_authority else (Membership.Role.MEMBER,)
        choices = [(role.value, role.label) for role in (*roles, Membership.Role.OWNER)]
        self.fields["role"].choices = [("", gettext_lazy("请选择")), *choices] if at_authority else choices
        if not at_authority:
            self.fields["role"].help_text = gettext_lazy("经办人办理业务；管理员还可以邀请成员、修改单位资料。")


@login_required
def register(request: HttpRequest) -> HttpResponse:
    form = PartyForm(request.POST or None, initial={"kind": request.GET.get("kind", Kind.ENTERPRISE)})
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        organisation = attempt(
            form, parties.organisation_create, code=data.pop("uscc"), owner=request.user, actor=request.user, **data
        )
        if form.is_valid():
            request.session["party"] = organisation.pk
            messages.success(request, _("“%(name)s”已登记，您是它的管理员。") % {"name": organisation.name})
            return redirect(_next(request, "kernel:work"))
    return render(request, "kernel/party_register.html", {"form": form, "next": request.GET.get("next", "")})


@login_required
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Act for another organisation from now on."""
    wanted = request.POST.get("party", "")
    if not any(str(party.pk) == wanted for party in request.parties):
        raise Http404
    request.session["party"] = int(wanted)
    return redirect(_next(request, "kernel:work"))


@login_required
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Facts, members and invitations; contact data can be changed by an owner."""
    organisation = _mine(request, pk)
    form = PartyContactForm(
        request.POST or None,
        initial={name: getattr(organisation, name) for name in ("address", "phone", "invoice_title")},
    )
    if request.method == "POST" and form.is_valid():
        attempt(form, parties.organisation_update, organisation=organisation, actor=request.user, **form.cleaned_data)
        if form.is_valid():
            messages.success(request, _("单位资料已保存。"))
            return redirect("kernel:party", pk=pk)
    context = {
        "organisation": organisation,
        "form": form,
        "owner": access.owns(request.user, organisation),
        "members": organisation.memberships.filter(ended_at__isnull=True).select_related("user").order_by("id"),
        "invitations": organisation.invitations.filter(accepted_at__isnull=True, withdrawn_at__isnull=True).order_by(
            "-id"
        )[:20],
    }
    return render(request, "kernel/party.html", context)


@login_required
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = _mine(request, pk)
    access.require(access.owns(request.user, organisation))
    form = InviteForm(organisation, request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form, parties.invitation_send, organisation=organisation, actor=request.user, **form.cleaned_data
        )
        if form.is_valid():
            invitation, token = made
            link = request.build_absolute_uri(reverse("kernel:invitation", args=[token]))
            text = _("%(org)s 邀请您加入诚选，请登录后打开：%(link)s") % {"org": organisation.name, "link": link}
            outbox.announce(topic="sms", payload={"mobile": invitation.mobile, "text": text})
            messages.success(request, _("邀请已发送，7 天内有效。"))
            return redirect("kernel:party", pk=pk)
    return render(request, "kernel/party_invite.html", {"form": form, "organisation": organisation})


@login_required
@require_POST
def end_membership(request: HttpRequest, pk: int) -> HttpResponse:
    membership = get_object_or_404(
        Membership.objects.filter(organisation__in=[party.pk for party in request.parties], ended_at__isnull=True),
        pk=pk,
    )
    parties.membership_end(membership=membership, actor=request.user)
    messages.success(request, _("已取消该成员的角色，立即生效。"))
    return redirect(
        "kernel:work"
        if membership.user_id == request.user.pk
        else reverse("kernel:party", args=[membership.organisation_id])
    )


@login_required
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation is accepted by pressing a button, never by opening a link."""
    if request.method == "POST":
        membership = parties.invitation_accept(token=token, actor=request.user)
        request.session["party"] = membership.organisation_id
        messages.success(request, _("您已加入“%(name)s”。") % {"name": membership.organisation.name})
        return redirect("kernel:work")
    invitation = parties.invitation_of(token)
    context = {"token": token, "invitation": invitation}
    if invitation and not invitation.is_for(request.user):
        context = {"invited": mask(telephone(invitation.mobile))}
    return render(request, "kernel/invitation.html", context)


def _mine(request: HttpRequest, pk: int) -> Organisation:
    found = next((party for party in request.parties if party.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _next(request: HttpRequest, otherwise: str) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return reverse(otherwise)
