"""Certificates and time: warn before one expires, hide what needs it the day after, show it again on renewal."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from agencies.machines import CERTIFICATE_REMINDERS
from agencies.models import Agency, Listing, Qualification
from agencies.selectors import certificates as rules
from agencies.services.steps import listing_step, lock_listing
from kernel import clock
from kernel.models import Counter
from kernel.registries import nightly
from kernel.services import notify
from kernel.wording import filled, joined

S = Listing.Status


@nightly.register("certificates")
def certificates_sweep() -> int:
    """Nightly: reminders 60, 30 and 7 days before the end, then hide and show listings; returns how many moved."""
    today = clock.today()
    _remind(today)
    rows = Listing.objects.filter(status__in=[S.PUBLISHED, S.PAUSED, S.HIDDEN]).select_related("item", "agency")
    by_agency: dict[int, list[Listing]] = defaultdict(list)
    for row in rows.order_by("agency_id", "id"):
        by_agency[row.agency_id].append(row)
    return _check(by_agency, today)


@transaction.atomic
def agency_certificates_check(*, agency: Agency) -> int:
    """The same for one agency, at once: after a certificate was confirmed, or a listing approved."""
    rows = Listing.objects.filter(agency=agency, status__in=[S.PUBLISHED, S.PAUSED, S.HIDDEN]).select_related("item")
    return _check({agency.pk: list(rows)}, clock.today())


def _check(by_agency: dict[int, list[Listing]], today: date) -> int:
    held, known, moved = rules.held_by(by_agency), rules.types(), 0
    for pk, listings in by_agency.items():
        for listing in listings:
            lacking = rules.unmet(listing.item, held[pk], today, known)
            if bool(lacking) != (listing.status == S.HIDDEN):
                moved += _move(listing, lacking)
    return moved


@transaction.atomic
def _move(listing: Listing, lacking: list[rules.Requirement]) -> int:
    row = lock_listing(listing)
    if lacking and row.status in (S.PUBLISHED, S.PAUSED):
        listing_step(row, "hide", actor=None, lacking="、".join(map(str, lacking)))
        title = filled(_("所需证书已过期，服务已隐藏：%(listing)s"), listing=row.item)
        body = filled(_("缺少：%(lacking)s。换证并经核验后，服务会自动恢复显示。"), lacking=joined(lacking))
    elif not lacking and row.status == S.HIDDEN:
        title, body = filled(_("证书已核验，服务已恢复显示：%(listing)s"), listing=row.item), ""
        if row.hidden_paused:
            body = _("隐藏前您已暂停接单，现仍为暂停；可随时恢复接单。")
        listing_step(row, "show_paused" if row.hidden_paused else "show", actor=None)
    else:
        return 0
    notify.organisation(
        to=row.agency.organisation,
        kind="agency.certificates",
        title=title,
        body=body,
        subject=row.stream,
        url="/agency/certificates/",
    )
    return 1


def _remind(today: date) -> None:
    """Each certificate whose renewal is not handed in, at most once at 60, 30 and 7 days, also when a night was missed:
    what was sent is counted."""
    marks = sorted(CERTIFICATE_REMINDERS, reverse=True)
    rows = Qualification.objects.filter(
        rules.RENEWABLE,
        expires_on__range=(today, today + timedelta(days=marks[0])),
        agency__status__in=[Agency.Status.ACTIVE, Agency.Status.SUSPENDED],
    ).select_related("agency__organisation", "type")
    sent = dict(Counter.objects.filter(name__startswith="certificate:").values_list("name", "value"))
    for row in rows:
        days = (row.expires_on - today).days  # type: ignore[operator]
        stage = sum(days <= mark for mark in marks)
        if stage > sent.get(f"certificate:{row.pk}", 0):
            _send(row, days, stage)


@transaction.atomic
def _send(row: Qualification, days: int, stage: int) -> None:
    Counter.objects.update_or_create(name=f"certificate:{row.pk}", defaults={"value": stage})
    notify.organisation(
        to=row.agency.organisation,
        kind="agency.certificates",
        title=filled(
            ngettext_lazy("证书还有 %(n)s 天到期：%(paper)s", "证书还有 %(n)s 天到期：%(paper)s", "n"),
            n=days,
            paper=row,
        ),
        body=_("请尽快换证并在“资质证书”中登记新证；有效期至当日仍有效，次日起需要它的服务自动隐藏。"),
        subject=row.agency.stream,
        url="/agency/certificates/",
        sms=days <= min(CERTIFICATE_REMINDERS),
    )
