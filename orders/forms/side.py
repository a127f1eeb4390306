"""Forms beside the main line: extension, pause, change of lead, ending early, talking, complaining, the invoice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.forms.fields import DayField, PaperField, YuanField, area
from kernel.ui import format
from orders import reasons
from orders.forms.base import ActForm
from orders.forms.place import leads
from orders.selectors.complaints import subjects


def worded(table: dict[str, reasons.Reason], sides: tuple[str, ...]) -> list[tuple[str, object]]:
    """The reasons a side may give, as choices."""
    given = [(row.code, row.label) for row in table.values() if set(row.who) & set(sides)]
    return [("", _("请选择")), *given]


class ReasonForm(ActForm):
    """A reason from the list and, where it needs one, a word more."""

    table: dict[str, reasons.Reason] = {}
    reason = forms.ChoiceField(label=_("原因"), choices=())
    note = forms.CharField(label=_("说明"), max_length=500, required=False, widget=area(3))

    def prepare(self) -> None:
        self.fields["reason"].choices = worded(self.table, self.dossier.sides)


class DeclineForm(ReasonForm):
    table = reasons.DECLINE
    note = forms.CharField(label=_("说明"), max_length=300, required=False, widget=area(3))


class CancelForm(ReasonForm):
    table = reasons.CANCEL


class TerminateForm(ReasonForm):
    """What becomes of the money is always chosen, never the default of an empty field. The choices name their sums and
    carry them as values: a balance that has changed since the page was made is refused, not settled unseen. Where there
    is nothing to give back, nothing is asked."""

    PART = "part"
    conditional = ("part",)

    table = reasons.TERMINATE
    note = forms.CharField(label=_("终止的经过和理由"), max_length=500, widget=area(3))
    settlement = forms.ChoiceField(
        label=_("款项怎样处理"),
        choices=(),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("可退余额已有变化，请核对后重新选择。")},
    )
    part = YuanField(
        label=_("退还项目业主（元），只退一部分时填写"),
        required=False,
        help_text=_("按完成的工作协商或认定，须小于可退余额。"),
    )

    def prepare(self) -> None:
        super().prepare()
        self.most = self.dossier.balance.refundable
        if self.most <= 0:
            del self.fields["settlement"], self.fields["part"]
            return
        self.fields["settlement"].choices = self._settlements(format.money(self.most))  # type: ignore[attr-defined]

    def _settlements(self, most: str) -> list[tuple[str, str]]:
        nothing = format.money(0)
        if self.dossier.balance.captured:
            words = gettext("退还项目业主 %(buyer)s，放给机构 %(agency)s")
            part = gettext("退还项目业主一部分，其余放给机构")
        else:
            words = gettext("机构退还项目业主 %(buyer)s，机构保留 %(agency)s")
            part = gettext("机构退还一部分，其余由机构保留")
        return [
            (str(self.most), words % {"buyer": most, "agency": nothing}),
            ("0", words % {"buyer": nothing, "agency": most}),
            (self.PART, part),
        ]

    def clean(self) -> dict[str, Any]:
        """``refund``: what goes back to the buyer, in fen."""
        data = super().clean() or {}
        if "settlement" not in self.fields:
            # Should money arrive at this very moment, it goes back
            return {**data, "refund": None}
        chosen, part = data.get("settlement"), data.get("part")
        if chosen == self.PART and "part" not in self.errors and (part is None or part >= self.most):
            words = gettext("请填写小于 %(most)s 的金额；全部退还的，请选第一项。") % {"most": format.money(self.most)}
            self.add_error("part", words)
        return {**data, "refund": part if chosen == self.PART else int(chosen or 0)}


class ExtensionForm(ActForm):
    days = forms.IntegerField(label=_("延长（工作日）"), min_value=1, max_value=60)
    reason = forms.CharField(label=_("理由"), max_length=500, widget=area(3))
    document = PaperField(purpose="extension", label=_("证明文件"))


class PauseForm(ActForm):
    conditional = ("note",)

    cause = forms.ChoiceField(label=_("暂停原因"), choices=())
    note = forms.CharField(
        label=_("说明"), max_length=500, required=False, widget=area(3), help_text=_("原因选“其他”的必须写明。")
    )

    def prepare(self) -> None:
        self.fields["cause"].choices = worded(reasons.PAUSE, self.dossier.sides)


class LeadForm(ActForm):
    proposed = forms.ModelChoiceField(label=_("新的项目负责人"), queryset=None, empty_label=_("请选择"))
    reason = forms.CharField(label=_("更换理由"), max_length=300, widget=area(3))

    def prepare(self) -> None:
        order = self.dossier.order
        self.fields["proposed"].queryset = leads(order.agency_id).exclude(pk=order.lead_id)


class MessageForm(ActForm):
    body = forms.CharField(label=_("留言"), max_length=2000, widget=area(3))
    attachment = PaperField(purpose="message", label=_("附件"), required=False)


class ComplaintForm(ActForm):
    subject_code = forms.ChoiceField(label=_("投诉事由"), choices=())
    body = forms.CharField(
        label=_("情况说明"),
        max_length=3000,
        widget=area(5),
        help_text=_("写明时间、事实和您希望的处理结果。"),
    )
    paper = PaperField(purpose="complaint", label=_("证据材料"), required=False)

    def prepare(self) -> None:
        side = self.dossier.trading_side
        field: Any = self.fields["subject_code"]
        field.choices = worded(subjects(self.dossier.order, side), (side,))
        self.initial.setdefault("subject_code", self.dossier.request.GET.get("subject", ""))


class ResponseForm(ActForm):
    text = forms.CharField(
        label=_("答复"), max_length=3000, widget=area(5), help_text=_("写明事实和依据；文件可在留言中上传。")
    )


class InvoiceForm(ActForm):
    number = forms.CharField(label=_("发票号码"), max_length=30)
    amount = YuanField(label=_("金额（元）"))
    issued_on = DayField(label=_("开票日期"))
    file = PaperField(purpose="invoice", label=_("发票文件"))

    def prepare(self) -> None:
        from kernel.money import plain

        self.initial.setdefault("amount", plain(self.dossier.order.fee_fen))


class SlipForm(ActForm):
    slip = PaperField(purpose="payment_slip", label=_("转账凭证"), required=False)

    def prepare(self) -> None:
        if self.dossier.is_agency:
            del self.fields["slip"]


class FindingForm(ActForm):
    finding = forms.CharField(
        label=_("核实依据"), max_length=500, widget=area(3), help_text=_("写明核对了哪些回单、账户记录和双方说明。")
    )


class ReplyForm(ActForm):
    text = forms.CharField(
        label=_("公开回复"), max_length=500, widget=area(3), help_text=_("只能回复一次，回复会和评价一起公开。")
    )


class RefundForm(ActForm):
    amount = YuanField(label=_("退款金额（元）"))
    reason = forms.CharField(label=_("理由"), max_length=200, widget=area(2))

    def prepare(self) -> None:
        self.fields["amount"].help_text = gettext("不超过可退余额 %(most)s。") % {
            "most": format.money(self.dossier.balance.refundable)
        }
