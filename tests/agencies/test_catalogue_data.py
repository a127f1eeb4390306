"""The shipped catalogue holds, and each rule that says so finds a planted error."""

import copy
import io
import math
import re

import pytest
import yaml
from django.core.management import call_command
from django.utils.translation import override

from agencies import catalogue
from agencies.catalogue import CatalogueError
from agencies.models import ServiceItem
from agencies.phrases import phrase


@pytest.fixture(scope="module")
def raw():
    """Both files as parsed, to be damaged by the tests."""
    files = [catalogue.DATA / name for name in ("catalogue.yaml", "certificate_types.yaml")]
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in files]


@pytest.fixture(scope="module")
def shipped():
    return catalogue.shipped()


def test_size_of_the_catalogue(shipped):
    assert 100 <= len(shipped.items) <= 150
    assert 24 <= len(shipped.categories) <= 26
    assert sorted(c.number for c in shipped.categories.values()) == list(range(1, len(shipped.categories) + 1))
    assert all(any(i.category == code for i in shipped.items.values()) for code in shipped.categories)


def test_steps_add_up_and_statutory_limits_hold(shipped):
    for item in shipped.items.values():
        assert sum(step.days for step in item.steps) == item.default_days, item.code
        assert item.statutory_days is None or item.default_days <= item.statutory_days
    limits = {code: shipped.items[code].statutory_days for code in shipped.items if code.startswith("drawing-review")}
    assert limits == {
        "drawing-review-large": 15,
        "drawing-review-medium": 10,
        "drawing-review-municipal": 10,
        "drawing-review-ground-a": 7,
        "drawing-review-ground-b": 5,
    }


def test_no_abolished_or_voluntary_certificate_is_demanded(shipped):
    for item in shipped.items.values():
        for demand in (*item.certificate_rule.any_of, *item.certificate_rule.all_of):
            kind = shipped.certificate_types[demand.type]
            assert kind.abolished_on is None and kind.kind != "voluntary", item.code
            assert demand.level is None or demand.level in kind.levels, item.code


@pytest.mark.parametrize("category", ["eia", "cost", "tender", "consulting", "fire"])
def test_trades_without_a_licence_name_what_was_abolished(shipped, category):
    for item in (i for i in shipped.items.values() if i.category == category):
        assert not item.certificate_rule.as_json(), item.code
        assert item.certificate_note, item.code
        for code in item.abolished_qualifications:
            assert shipped.certificate_types[code].remedy_zh and shipped.certificate_types[code].remedy_en


def test_the_sentence_for_a_stale_eia_licence(shipped):
    assert shipped.certificate_types["eia-licence"].remedy_zh.startswith("环评资质已取消，请删去资质等级表述")


def test_tests_are_counted_in_groups(shipped):
    tests = [item for item in shipped.items.values() if item.category == "testing"]
    assert len(tests) == 16
    assert sum(item.fee_unit == "test_group" for item in tests) == 12
    concrete = shipped.items["test-concrete"]
    assert (concrete.price_low_fen, concrete.price_high_fen) == (30_00, 50_00)
    assert concrete.who_commissions == concrete.who_pays == "owner"


def test_archaeology_is_listed_but_not_for_order(shipped):
    assert [item.code for item in shipped.items.values() if not item.orderable] == ["archaeology"]


def test_prices_and_baselines_are_sane(shipped):
    for item in shipped.items.values():
        typical = math.isqrt(item.price_low_fen * item.price_high_fen)
        assert item.baseline_fee_fen == pytest.approx(typical / 0.7, rel=0.05), item.code
        assert item.baseline_days == 2 * item.default_days, item.code


def test_english_reads_as_english(shipped):
    for thing in (*shipped.items.values(), *shipped.categories.values(), *shipped.certificate_types.values()):
        assert re.fullmatch(r"[\x20-\x7e’]+", thing.name_en), thing.code
        assert thing.name_en[0].isupper() or thing.name_en[0].isdigit(), thing.code
    names = [item.name_en for item in shipped.items.values()]
    assert len(set(names)) == len(names)


def test_contract_has_seven_clauses_and_leaves_open_what_the_order_knows(shipped):
    for item in shipped.items.values():
        assert len(item.template_contract) == 7
        assert "{includes}" not in item.contract_text and "{days}" in item.contract_text, item.code
        assert item.contract_text.startswith("1. 标的：")


def test_number_examples_match_their_patterns(shipped):
    for kind in shipped.certificate_types.values():
        if kind.number_pattern:
            assert re.fullmatch(kind.number_pattern, kind.number_example), kind.code


def item_of(raw, code="eia-form"):
    return next(i for c in raw["categories"] for i in c["items"] if i["code"] == code)


def category_of(raw, code="eia"):
    return next(c for c in raw["categories"] if c["code"] == code)


def type_of(types, code):
    return next(entry for entry in types["certificate_types"] if entry["code"] == code)


PLANTED = {
    # name: (what to damage, item or type, key that the sentence must name)
    "missing key": (lambda raw, types: item_of(raw).pop("basis"), "eia-form", "basis"),
    "unknown key": (lambda raw, types: item_of(raw).update(fee=1), "eia-form", "fee"),
    "code twice": (lambda raw, types: item_of(raw).update(code="eia-report"), "items", "code"),
    "bad code": (lambda raw, types: item_of(raw).update(code="EIA 表"), "EIA 表", "code"),
    "no Chinese": (lambda raw, types: item_of(raw).update(name_zh="EIA"), "eia-form", "name_zh"),
    "no English": (lambda raw, types: item_of(raw).update(name_en=""), "eia-form", "name_en"),
    "empty words": (lambda raw, types: item_of(raw).update(matter_served=""), "eia-form", "matter_served"),
    "no synonym": (lambda raw, types: item_of(raw).update(synonyms=[]), "eia-form", "synonyms"),
    "unknown payer": (lambda raw, types: item_of(raw).update(who_pays="state"), "eia-form", "who_pays"),
    "unknown unit": (lambda raw, types: item_of(raw).update(fee_unit="kilo"), "eia-form", "fee_unit"),
    "not a yes or no": (lambda raw, types: item_of(raw).update(external_review="yes"), "eia-form", "external_review"),
    "no material": (lambda raw, types: item_of(raw).update(materials=[]), "eia-form", "materials"),
    "unknown material": (lambda raw, types: item_of(raw).update(materials=["gold"]), "eia-form", "materials"),
    "unknown certificate": (
        lambda raw, types: item_of(raw).update(certificate_rule={"any_of": [{"type": "magic"}]}),
        "eia-form",
        "certificate_rule",
    ),
    "abolished demanded": (
        lambda raw, types: item_of(raw).update(certificate_rule={"any_of": [{"type": "eia-licence"}]}),
        "eia-form",
        "certificate_rule",
    ),
    "abolished level demanded": (
        lambda raw, types: item_of(raw).update(certificate_rule={"all_of": [{"type": "geohazard", "level": "丙级"}]}),
        "eia-form",
        "certificate_rule",
    ),
    "voluntary demanded": (
        lambda raw, types: item_of(raw).update(certificate_rule={"all_of": [{"type": "forestry-grade"}]}),
        "eia-form",
        "certificate_rule",
    ),
    "filing that is none": (lambda raw, types: item_of(raw).update(filings=["cma"]), "eia-form", "filings"),
    "person that is none": (lambda raw, types: item_of(raw).update(people=["cma"]), "eia-form", "people"),
    "not abolished": (
        lambda raw, types: item_of(raw).update(abolished_qualifications=["cma"]),
        "eia-form",
        "abolished_qualifications",
    ),
    "steps off by one": (lambda raw, types: item_of(raw)["days"].update(default=19), "eia-form", "days"),
    "too few steps": (lambda raw, types: item_of(raw)["days"].update(steps=[9, 9]), "eia-form", "days"),
    "half days": (lambda raw, types: item_of(raw)["days"].update(default=17.5), "eia-form", "days"),
    "over the law": (lambda raw, types: item_of(raw)["days"].update(statutory=17), "eia-form", "days"),
    "baseline too short": (lambda raw, types: item_of(raw)["days"].update(baseline=17), "eia-form", "days"),
    "price upside down": (lambda raw, types: item_of(raw)["fee_fen"].update(low=3600000), "eia-form", "fee_fen"),
    "price in yuan": (lambda raw, types: item_of(raw)["fee_fen"].update(low=8000), "eia-form", "fee_fen"),
    "price as a float": (lambda raw, types: item_of(raw)["fee_fen"].update(low=800000.0), "eia-form", "fee_fen"),
    "baseline too high": (lambda raw, types: item_of(raw)["fee_fen"].update(baseline=9900000), "eia-form", "fee_fen"),
    "minimum too high": (lambda raw, types: item_of(raw)["fee_fen"].update(min=10**9), "eia-form", "fee_fen"),
    "no clause": (lambda raw, types: raw["contract_clauses"].pop("secrecy"), "contract_clauses", "secrecy"),
    "place nobody fills": (
        lambda raw, types: raw["contract_clauses"]["days"].update(text="{dayz}"),
        "contract_clauses",
        "days",
    ),
    "step without English": (
        lambda raw, types: raw["step_patterns"]["report"][0].update(name_en=""),
        "step_patterns",
        "report",
    ),
    "step of nobody": (
        lambda raw, types: raw["step_patterns"]["report"][0].update(post="x"),
        "step_patterns",
        "report",
    ),
    "material in one language": (lambda raw, types: raw["materials"]["identity"].pop("en"), "materials", "identity"),
    "text without English": (lambda raw, types: item_of(raw).pop("basis_en"), "eia-form", "basis_en"),
    "Chinese in the English": (
        lambda raw, types: item_of(raw).update(matter_served_en="EIA 审批"),
        "eia-form",
        "matter_served_en",
    ),
    "inherited text without English": (
        lambda raw, types: category_of(raw)["defaults"].pop("includes_en"),
        "eia",
        "includes_en",
    ),
    # Overriding the Chinese alone would leave the English of the category beside it.
    "own text with the English of the category": (
        lambda raw, types: item_of(raw).update(includes="含税"),
        "eia-form",
        "includes_en",
    ),
    "English of nothing": (
        lambda raw, types: item_of(raw).update(certificate_note_en="No licence needed."),
        "eia-form",
        "certificate_note_en",
    ),
    "said in two ways": (
        lambda raw, types: item_of(raw, "eia-report").update(basis=item_of(raw)["basis"]),
        "eia-report",
        "basis_en",
    ),
    "clause without English": (
        lambda raw, types: raw["contract_clauses"]["secrecy"].pop("text_en"),
        "secrecy",
        "text_en",
    ),
    "a place lost in English": (
        lambda raw, types: raw["contract_clauses"]["days"].update(text_en="Delivery in time."),
        "days",
        "text_en",
    ),
    "no categories": (lambda raw, types: raw.pop("categories"), "catalogue.yaml", "categories"),
    "type of no kind": (lambda raw, types: type_of(types, "cma").update(kind="x"), "cma", "kind"),
    "type without remedy": (
        lambda raw, types: type_of(types, "eia-licence").update(remedy_zh=""),
        "eia-licence",
        "abolished_on",
    ),
    "remedy without English": (
        lambda raw, types: type_of(types, "eia-licence").update(remedy_en=""),
        "eia-licence",
        "remedy_en",
    ),
    "type without English": (lambda raw, types: type_of(types, "cma").pop("name_en"), "cma", "name_en"),
    "category without English": (lambda raw, types: category_of(raw).pop("name_en"), "eia", "name_en"),
    "post without English": (lambda raw, types: raw["posts"]["desk"].pop("en"), "posts", "desk"),
    "level gone and there": (
        lambda raw, types: type_of(types, "geohazard").update(levels=["甲级", "乙级", "丙级"]),
        "geohazard",
        "abolished_levels",
    ),
    "pattern off": (lambda raw, types: type_of(types, "cma").update(number_example="1"), "cma", "number_example"),
    "pattern broken": (lambda raw, types: type_of(types, "cma").update(number_pattern="("), "cma", "number_pattern"),
    "validity odd": (lambda raw, types: type_of(types, "cma").update(validity_years=0), "cma", "validity_years"),
    "no types": (lambda raw, types: types.update(certificate_types=[]), "certificate_types.yaml", "certificate_types"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_error_is_found_and_named(raw, name):
    damage, entry, key = PLANTED[name]
    damaged, types = copy.deepcopy(raw)
    damage(damaged, types)
    with pytest.raises(CatalogueError) as refused:
        catalogue.build(damaged, types)
    assert any(f"“{entry}”" in sentence and f" {key}：" in sentence for sentence in refused.value.sentences), (
        refused.value.sentences
    )


def test_without_damage_nothing_is_found(raw):
    assert len(catalogue.build(*copy.deepcopy(raw)).items) == len(catalogue.shipped().items)


def test_a_file_that_is_no_yaml_gets_a_sentence(tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text("a: [1", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"broken\.yaml"):
        catalogue.read(catalogue_path=broken)


def in_chinese_alone(part):
    if isinstance(part, list):
        return [in_chinese_alone(entry) for entry in part]
    if not isinstance(part, dict):
        return part
    return {key: in_chinese_alone(value) for key, value in part.items() if key != "en" and not key.endswith("_en")}


def a_county_file(raw, **item):
    """A catalogue of one item without a word of English."""
    own = in_chinese_alone(copy.deepcopy(raw[0]))
    own["categories"] = [next(entry for entry in own["categories"] if entry["code"] == "eia")]
    own["categories"][0]["items"] = [item_of(own) | item]
    return own


@pytest.mark.django_db
def test_a_county_file_needs_no_english(raw, tmp_path):
    named = {"catalogue": a_county_file(raw, basis="本县办法第三条"), "types": in_chinese_alone(raw[1])}
    options = {}
    for name, content in named.items():
        options[name] = tmp_path / f"{name}.yaml"
        options[name].write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    call_command("load_catalogue", **options, stdout=io.StringIO())
    [item] = ServiceItem.objects.all()
    with override("en"):
        assert item.name == item.name_zh == item_of(raw[0])["name_zh"] and item.category.name == item.category.name_zh
        assert phrase(item.basis) == '<span lang="zh-Hans">本县办法第三条</span>'
        assert phrase(item.result_type) == item_of(raw[0])["result_type_en"]  # our very text, which has its English


def test_in_other_ways_a_county_file_is_held_to_the_same(raw):
    with pytest.raises(CatalogueError) as refused:
        catalogue.build(a_county_file(raw, name_en="环评表", matter_served=""), in_chinese_alone(raw[1]), english=False)
    assert [("name_en" in said, "matter_served" in said) for said in refused.value.sentences] == [
        (True, False),
        (False, True),
    ]
