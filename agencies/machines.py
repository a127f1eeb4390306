"""The lives of an agency, a listing and a review, as data (design: process, "Agency entry"). Limits are working days."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Listing, Review
from kernel.machine import Machine, Transition

FORM_CHECK, PUBLICITY, CONFIRM = "review.form_check", "review.publicity", "agency.confirm"
FORM_CHECK_DAYS, PUBLICITY_DAYS = 2, 5
# Half a year of working days (E4); then a shorter one until the agency answers.
CONFIRM_DAYS, CONFIRM_AGAIN_DAYS = 125, 10
# Calendar days before a certificate expires on which its agency is told.
CERTIFICATE_REMINDERS = (60, 30, 7)

A, L, R = Agency.Status, Listing.Status, Review.Status

AGENCY = Machine(
    name="agency",
    label=_("机构入驻"),
    states=A,
    initial=A.DRAFT,
    finals=(A.REMOVED,),
    transitions=(
        Transition("claim", _("认领"), (A.IMPORTED,), A.DRAFT, ("operator",)),
        Transition("submit", _("提交入驻申请"), (A.DRAFT, A.RETURNED), A.SUBMITTED, ("agency",), FORM_CHECK, 2, (1,)),
        Transition("return", _("退回补正"), (A.SUBMITTED, A.PUBLICITY), A.RETURNED, ("operator",)),
        Transition("publicise", _("开始公示"), (A.SUBMITTED,), A.PUBLICITY, ("operator",), PUBLICITY, 5),
        Transition(
            "approve", _("准予入驻"), (A.PUBLICITY,), A.ACTIVE, ("operator",), CONFIRM, CONFIRM_DAYS, (20, 5),
            note=_("公示期满且异议均已答复"),
        ),
        Transition("suspend", _("暂停服务"), (A.ACTIVE,), A.SUSPENDED, ("operator", "credit_officer")),
        Transition("resume", _("恢复服务"), (A.SUSPENDED,), A.ACTIVE, ("operator", "credit_officer")),
        Transition(
            "exit", _("退出市场"), (A.DRAFT, A.RETURNED, A.ACTIVE, A.SUSPENDED), A.EXITED, ("agency",),
            note=_("没有在办订单"),
        ),
        Transition("remove", _("移出市场"), (A.ACTIVE, A.SUSPENDED), A.REMOVED, ("operator", "credit_officer")),
        Transition("restart", _("重新申请"), (A.EXITED,), A.DRAFT, ("agency",)),
    ),
)  # fmt: skip

LISTING = Machine(
    name="listing",
    label=_("服务上架"),
    states=L,
    initial=L.DRAFT,
    finals=(),
    transitions=(
        Transition(
            "submit", _("提交审核"), (L.DRAFT, L.RETURNED, L.WITHDRAWN), L.IN_REVIEW, ("agency",), FORM_CHECK, 2, (1,)
        ),
        Transition("return", _("退回修改"), (L.IN_REVIEW,), L.RETURNED, ("operator",)),
        Transition("publish", _("上架"), (L.IN_REVIEW,), L.PUBLISHED, ("operator",)),
        Transition("pause", _("暂停接单"), (L.PUBLISHED,), L.PAUSED, ("agency",)),
        Transition("resume", _("恢复接单"), (L.PAUSED,), L.PUBLISHED, ("agency",)),
        Transition("hide", _("隐藏"), (L.PUBLISHED, L.PAUSED), L.HIDDEN, ("system",), note=_("所需证书已过期")),
        Transition("show", _("重新显示"), (L.HIDDEN,), L.PUBLISHED, ("system",), note=_("证书已换证并核验")),
        Transition("show_paused", _("重新显示，仍暂停接单"), (L.HIDDEN,), L.PAUSED, ("system",), note=_("隐藏前机构已暂停接单")),
        Transition(
            "withdraw", _("下架"), (L.DRAFT, L.IN_REVIEW, L.RETURNED, L.PUBLISHED, L.PAUSED, L.HIDDEN), L.WITHDRAWN,
            ("agency", "operator"),
        ),
    ),
)  # fmt: skip

REVIEW = Machine(
    name="review",
    label=_("审查"),
    states=R,
    initial=R.PENDING,
    finals=(R.RETURNED, R.APPROVED, R.WITHDRAWN),
    transitions=(
        Transition("publicise", _("开始公示"), (R.PENDING,), R.PUBLICITY, ("operator",), PUBLICITY, PUBLICITY_DAYS),
        Transition("return", _("退回"), (R.PENDING, R.PUBLICITY), R.RETURNED, ("operator",)),
        Transition("approve", _("通过"), (R.PENDING, R.PUBLICITY), R.APPROVED, ("operator",)),
        Transition("withdraw", _("撤回"), (R.PENDING, R.PUBLICITY), R.WITHDRAWN, ("agency",)),
    ),
)
