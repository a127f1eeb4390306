"""The catalogue's texts reach a reader in English where the shipped file has it, and marked Chinese where not."""

import pytest
from django.template import engines
from django.utils.translation import override

from agencies import catalogue
from agencies.models import ServiceItem
from agencies.phrases import english, phrase, spoken
from agencies.services.catalogue import catalogue_load


def texts_of(item: ServiceItem) -> list[str]:
    return [
        item.basis, item.matter_served, item.size_trigger, item.certificate_note, item.price_reference,
        item.usually_includes, item.result_type, item.template_contract,
        *item.materials, *(step["post"] for step in item.steps),
    ]  # fmt: skip


@pytest.mark.django_db
def test_every_text_of_every_loaded_item_has_its_english():
    catalogue_load(catalogue=catalogue.shipped(), actor=None)
    rows = list(ServiceItem.objects.all())
    assert len(rows) == len(catalogue.shipped().items)
    for row in rows:
        for text in filter(None, texts_of(row)):
            assert english(text), (row.code, text)


def test_the_reader_decides_the_language():
    with override("en"):
        assert phrase("总平面布置图") == spoken("总平面布置图") == "Site layout plan"
    with override("zh-hans"):
        assert phrase("总平面布置图") == spoken("总平面布置图") == "总平面布置图"


def test_an_edited_text_loses_its_english_and_is_marked():
    with override("en"):
        assert phrase("总平面布置图<2份>") == '<span lang="zh-Hans">总平面布置图&lt;2份&gt;</span>'
        assert spoken("总平面布置图<2份>") == "总平面布置图<2份>"
        assert phrase("") == phrase(None) == ""


def test_one_compiled_template_serves_both_languages():
    template = engines["jinja2"].from_string('{{ "总平面布置图"|phrase }}')
    with override("en"):
        assert template.render() == "Site layout plan"
    with override("zh-hans"):
        assert template.render() == "总平面布置图"
