"""Fields all rooms share: what people type becomes what services take, and there is one of each."""

import ast
from collections import Counter
from pathlib import Path

import pytest
from django import forms

from kernel.forms.choices import asking
from kernel.forms.fields import DayField, PaperField, YuanField
from kernel.models import Region

ROOT = Path(__file__).parents[2]
ROOMS = ("kernel", "agencies", "credit", "orders", "market", "cms", "demo")


def test_a_field_has_one_home():
    defined = Counter(
        node.name
        for room in ROOMS
        for path in [*(ROOT / room).glob("forms/*.py"), *(ROOT / room).glob("forms.py")]
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef) and any("Field" in ast.unparse(base) for base in node.bases)
    )
    assert defined["YuanField"] == 1
    assert [name for name, times in defined.items() if times > 1] == []


@pytest.mark.parametrize(("typed", "fen"), [("12", 1200), ("1,200.50", 120050), ("１２", 1200)])
def test_yuan_become_fen(typed, fen):
    assert YuanField().clean(typed) == fen


@pytest.mark.parametrize("typed", ["0", "-1", "abc", "1.005", "1e400"])
def test_no_money_is_refused(typed):
    with pytest.raises(forms.ValidationError):
        YuanField().clean(typed)


def test_nothing_to_pay_only_where_that_makes_sense():
    assert YuanField(zero=True).clean("0") == 0
    assert YuanField(required=False).clean("") is None


@pytest.mark.parametrize("typed", ["0001-01-01", "9999-12-31", "2026-02-30"])
def test_a_slip_of_the_keyboard_is_no_day(typed):
    with pytest.raises(forms.ValidationError):
        DayField().clean(typed)


@pytest.mark.parametrize(("module", "form", "field"), [("side", "InvoiceForm", "issued_on")])
def test_orders_ask_for_days_with_the_same_field(module, form, field):
    from importlib import import_module

    declared = getattr(import_module(f"orders.forms.{module}"), form).base_fields[field]
    with pytest.raises(forms.ValidationError):
        declared.clean("9999-12-31")


def test_a_paper_knows_what_it_is_filed_as():
    assert PaperField(purpose="invoice").purpose == "invoice"
    assert ".pdf" in PaperField().widget.attrs["accept"]


@pytest.mark.django_db
def test_an_empty_choice_asks_to_choose():
    class Where(forms.Form):
        region = forms.ModelChoiceField(queryset=Region.objects.none())
        named = forms.ModelChoiceField(queryset=Region.objects.none(), empty_label="全部")

    form = Where()
    pages = {name: str(asking(form[name])) for name in form.fields}
    assert "请选择" in pages["region"] and "---" not in pages["region"]
    assert "全部" in pages["named"] and "请选择" not in pages["named"]
    assert "---" in str(Where()["region"])  # what it looks like unasked
