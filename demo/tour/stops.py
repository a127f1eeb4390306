"""Every page type of the site, once in each guise worth seeing. ``ALL`` is the tour; ``NO_PICTURE`` says what is left
out, and why. A route that is in neither fails a test."""

from __future__ import annotations

from dataclasses import dataclass

from demo.tour.rows import Finder


@dataclass(frozen=True)
class Stop:
    """``name`` of the picture, ``kind`` of page, ``role`` that looks at it ("" a visitor), ``route`` as in the URLconf
    ("" for pages that Wagtail keeps), ``find`` the row, ``status`` the answer expected."""

    name: str
    kind: str
    role: str
    route: str
    find: Finder
    status: int = 200


def every() -> list[Stop]:
    from demo.tour import stops_agency, stops_credit, stops_desk, stops_order, stops_public

    return [*stops_public.STOPS, *stops_order.STOPS, *stops_agency.STOPS, *stops_desk.STOPS, *stops_credit.STOPS]


NO_PICTURE = {
    # not pages
    "healthz": "one word for machines",
    "stylesheet": "a style sheet",
    "file": "an uploaded file",
    "service_worker": "a script",
    "market:storefront_qr": "a picture",
    "market:storefront_qr_png": "a picture",
    "market:storefront_card": "a picture",
    "agencies:shop_picture": "a picture",
    "market:compare_export": "a table file",
    "agencies:roster_sample": "a table file",
    "orders:deliverable": "an uploaded file",
    "orders:place_fee": "a part of the order form, put in place by htmx",
    "credit:rulebook_file": "the rulebook as JSON",
    "market:waiting": "a part of the home page, put in place by a script",
    "kernel:check_uscc": "JSON for a field of a form",
    "kernel:draft": "JSON for forms that keep drafts",
    "demo:status": "JSON for the strip at the top",
    # leads elsewhere at once
    "kernel:notice": "marks the notice as read and leads to its subject",
    "agencies:review_next": "leads to a case of the review desk",
    "agencies:review_previous": "leads to a case of the review desk",
    "agencies:restart": "leads to the back room",
    "orders:repeat": "leads to the order form, filled in",
    "credit:case_act": "leads to the case; its forms stand there",
    "credit:ranking_comment": "leads to the ranking; its form stands there",
    "credit:month_act": "leads to the months; its forms stand there",
    "credit:ranking_act": "leads to the ranking; its forms stand there",
    "account_logout": "leads to the home page after one question",
    "wagtailcore_login": "Wagtail's own, for pages closed to readers; there are none",
    "wagtailcore_authenticate_with_password": "Wagtail's own, for pages closed to readers; there are none",
    # account pages with the frame and fields of those in the tour
    "account_inactive": "one sentence",
    "account_reauthenticate": "the sign-in form, asked again before a sensitive step",
    "account_email": "one field",
    "account_email_verification_sent": "one sentence",
    "account_confirm_email": "needs the key out of a letter",
    "account_set_password": "only for accounts without a password",
    "account_confirm_login_code": "needs a code on its way",
    "account_verify_phone": "needs a code on its way",
    "account_reset_password_done": "one sentence",
    "account_reset_password_from_key": "needs the key out of a letter",
    "account_reset_password_from_key_done": "one sentence",
}
