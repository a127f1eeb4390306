"""Forms of the main line: accept, contract, papers, delivery, approval."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.phrases import spoken
from kernel.forms.fields import DayField, PaperField, YuanField, area
from kernel.ui import format
from orders.forms.base import ActForm
from orders.forms.fields import LinesField
from orders.forms.place import leads
from orders.models import TestBatch
from orders.parties import OPERATOR
from orders.selectors.materials import Wanted
from orders.selectors.reviews import is_first
from orders.services.review_round import FOUND, Result


class AcceptForm(ActForm):
    lead = forms.ModelChoiceField(
        label=_("项目负责人"),
        queryset=None,
        empty_label=_("请选择"),
        help_text=_("从本机构在册、可任负责人的人员中选择；以后更换须经项目业主同意。"),
    )

    def prepare(self) -> None:
        self.fields["lead"].queryset = leads(self.dossier.order.agency_id)
        self.initial.setdefault("lead", self.dossier.order.lead_id)


class ProposeForm(AcceptForm):
    fee = YuanField(label=_("新的服务费（元）"), help_text=_("含税总价。"))
    days = forms.IntegerField(label=_("新的时限（工作日）"), min_value=1, max_value=365)
    note = forms.CharField(
        label=_("理由"), max_length=300, widget=area(3), help_text=_("写明规模、难度等与下单时不同之处。")
    )

    field_order = ["fee", "days", "note", "lead"]

    def prepare(self) -> None:
        super().prepare()
        self.initial.setdefault("days", self.dossier.order.days)


class ScanForm(ActForm):
    file = PaperField(purpose="contract", label=_("双方签章的合同扫描件"))


class MaterialsAskForm(ActForm):
    """The list of what is missing: ticked from the item's list, others written in."""

    conditional = ("missing", "others")

    missing = forms.MultipleChoiceField(
        label=_("缺少的资料"),
        choices=(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("至少勾选一项，清单以外的写在下面。"),
    )
    others = LinesField(label=_("其他资料"), max_length=1000, required=False, help_text=_("每行一项。"))

    def prepare(self) -> None:
        self.fields["missing"].choices = [
            (paper["zh"], spoken(paper["zh"], paper["en"])) for paper in self.dossier.order.papers
        ]

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if not data.get("missing") and not data.get("others"):
            self.add_error("missing", _("请勾选或写出至少一项缺少的资料。"))
        return data


class CompleteMaterialsForm(ActForm):
    """Asks once more when papers of the list are not on the platform."""

    received = forms.BooleanField(
        label=_("没有归档的资料已用其他方式收到，或本次服务用不到"),
        error_messages={"required": _("还有资料没有归档：请勾选确认，或“发补正通知”请业主补齐。")},
    )

    def prepare(self) -> None:
        missing = [spoken(paper.name, paper.english) for paper in self.dossier.wanted_papers if not paper.files]
        if not missing:
            del self.fields["received"]
            return
        self.fields["received"].help_text = _("没有归档的：%(names)s。") % {"names": _("、").join(missing)}


class MaterialsForm(ActForm):
    """A place for a file under every paper of the list, and two for whatever else helps."""

    FREE = ("other", "other2")
    needs_one = True

    other = PaperField(purpose="material", label=_("其他资料"), required=False, help_text=_("多份文件请打包成 ZIP。"))
    other2 = PaperField(purpose="material", label=_("其他资料（再一份）"), required=False)

    def prepare(self) -> None:
        self.papers = dict(enumerate(self.listed()))
        slots = {}
        for n, paper in self.papers.items():
            slots[f"paper{n}"] = PaperField(
                purpose="material", label=spoken(paper.name, paper.english), required=False, help_text=_already(paper)
            )
        self.fields = {**slots, **self.fields}
        self.conditional = tuple(slots)

    def listed(self) -> list[Wanted]:
        return self.dossier.wanted_papers

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if self.needs_one and not self.files and not getattr(self, "kept", None):
            raise forms.ValidationError(_("请至少选择一份资料。"), code="materials.none")
        return data

    def chosen(self, data: dict[str, Any]) -> list[tuple[str, Any]]:
        """What was uploaded, each with the line of the list that it answers."""
        names = {f"paper{n}": paper.name for n, paper in self.papers.items()} | dict.fromkeys(self.FREE, "")
        return [(name, data[field]) for field, name in names.items() if data.get(field)]


class MaterialsAnswerForm(MaterialsForm):
    """The same for what the agency has asked for; papers may also be handed over in another way."""

    needs_one = False

    def listed(self) -> list[Wanted]:
        return [paper for paper in self.dossier.wanted_papers if paper.asked]


def _already(paper: Wanted) -> Any:
    if not paper.files:
        return ""
    last = paper.files[-1]
    return _("已上传：%(file)s（%(day)s）。再选一份可以补充。") % {
        "file": last.file.name,
        "day": format.date_cn(last.filed_at),
    }


class DeliverForm(ActForm):
    file = PaperField(purpose="deliverable", label=_("成果文件"))
    express_number = forms.CharField(
        label=_("纸质成果快递单号"), max_length=40, required=False, help_text=_("纸质成果已寄出时填写。")
    )
    note = forms.CharField(label=_("说明"), max_length=500, required=False, widget=area(2))


class ApproveForm(ActForm):
    """Nothing to fill in for whoever has opened the file; else the word that it came on paper."""

    received = forms.BooleanField(
        label=_("没有在线打开：已收到纸质成果，并已核对"),
        required=False,
        help_text=_("打开过上面的成果文件的，不必勾选。"),
    )

    def prepare(self) -> None:
        result = self.dossier.submitted
        if result is None or result.opened_at is not None:
            del self.fields["received"]


class ChangesForm(ActForm):
    text = forms.CharField(
        label=_("修改要求"), max_length=1000, widget=area(4), help_text=_("逐条写明哪里不符合约定、应改成什么。")
    )


class BatchForm(ActForm):
    """A test batch (委托单) as the laboratory receives it."""

    number = forms.CharField(label=_("委托单号"), max_length=30)
    groups = forms.IntegerField(label=_("组数"), min_value=1, max_value=10_000)
    works_part = forms.CharField(label=_("工程部位"), max_length=120)
    witness = forms.CharField(label=_("见证人"), max_length=40)
    sampled_on = DayField(label=_("取样日期"))
    strength_grade = forms.CharField(label=_("设计等级"), max_length=40, required=False)
    retest_of = forms.ModelChoiceField(
        label=_("复检的原委托单"), queryset=TestBatch.objects.none(), required=False, empty_label=_("不是复检")
    )

    def prepare(self) -> None:
        failed = TestBatch.objects.filter(order=self.dossier.order, failed_groups__gt=0)
        self.fields["retest_of"].queryset = failed


class BatchReportForm(ActForm):
    report_number = forms.CharField(label=_("报告编号"), max_length=40)
    failed_groups = forms.IntegerField(label=_("不合格组数"), min_value=0, max_value=10_000, initial=0)
    report = PaperField(purpose="batch_report", label=_("检测报告"), required=False)


class SubmitReviewForm(ActForm):
    paper = PaperField(
        purpose="review_submission", label=_("送审回执"), help_text=_("评审部门的收件凭证、受理通知或会议通知。")
    )


class ObjectForm(ActForm):
    text = forms.CharField(
        label=_("异议"), max_length=500, widget=area(3), help_text=_("写明为什么认为没有送审，或送审早已结束。")
    )


class ReviewResultForm(ActForm):
    """What the authority's experts decided."""

    conditional = ("approval_number",)

    result = forms.ChoiceField(label=_("评审结果"), choices=(), widget=forms.RadioSelect)
    remarks_count = forms.IntegerField(label=_("专家意见条数"), min_value=0, max_value=999, required=False)
    approval_number = forms.CharField(
        label=_("批复文号"), max_length=60, required=False, help_text=_("通过的必须填写；退回的留空。")
    )

    def prepare(self) -> None:
        closed = set() if OPERATOR in self.dossier.sides else {Result.ANNULLED}
        if not is_first(self.dossier.order):
            closed.add(Result.FIRST_PASS)
        self.fields["result"].choices = [(code, Result(code).label) for code in FOUND if code not in closed]
