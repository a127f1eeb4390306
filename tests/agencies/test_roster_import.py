"""Importing rosters: previewed, all or nothing, the same again, never over an agency's own data."""

import io
from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command

from agencies import catalogue
from agencies.models import Agency, Qualification
from agencies.roster import sample
from agencies.services import roster_import as importing
from agencies.services.catalogue import catalogue_load
from agencies.services.regions import read_regions, regions_load
from agencies.services.roster_import import roster_import, roster_preview
from kernel import clock
from kernel.errors import DomainError, Forbidden
from kernel.models import AuditEntry, Organisation, Region
from kernel.registries import invariants
from tests import factories
from tests.agencies.roster_files import CERTIFIED, code, csv_bytes, row, xlsx
from tests.agencies.test_roster_reader import CELLS, WARNINGS

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


@pytest.fixture(autouse=True)
def register():
    """The register as a county starts with it, on the day of the sample."""
    regions_load(tree=read_regions(), actor=None)
    catalogue_load(catalogue=catalogue.shipped(), actor=None)
    with clock.at(datetime(2026, 11, 22, 2, tzinfo=UTC)):
        yield


def county():
    return Region.objects.get(code="330499")


def run(file, name="a.xlsx", **options):
    return roster_import(file=file, name=name, region="330499", actor=None, **options)


def preview(file, name="a.xlsx"):
    return roster_preview(file=file, name=name, region="330499", actor=None)


def everything():
    """All that an import writes, as values."""
    return (
        sorted(Organisation.objects.values_list("uscc", "name", "region__code", "address", "phone")),
        sorted(Agency.objects.values_list("organisation__uscc", "status", "contact_name", "email", "founded_on")),
        sorted(Agency.categories.through.objects.values_list("agency__organisation__uscc", "category__code")),
        sorted(Qualification.objects.values_list("agency__organisation__uscc", "type__code", "number", "level")),
        AuditEntry.objects.count(),
    )


def holds():
    return [sentence for name, check in invariants.items() if name.startswith("agencies.") for sentence in check()]


def test_the_sample_goes_in_and_again_changes_nothing():
    first = run(io.BytesIO(sample.as_xlsx()))
    assert (len(first.new), len(first.errors), len(first.warnings)) == (40, 0, 2)
    assert Agency.objects.filter(status=Agency.Status.IMPORTED).count() == 40
    agency = Agency.objects.get(organisation__name="澄湖砥石工程检测有限公司")
    assert {q.type.code for q in agency.qualifications.all()} == {
        "quality-testing-materials",
        "quality-testing-foundation",
        "cma",
    }
    assert all(q.status == Qualification.Status.PENDING for q in agency.qualifications.all())
    assert agency.organisation.region.name == "澄湖市"
    before = everything()
    for file, name in ((sample.as_xlsx(), "a.xlsx"), (sample.as_csv("gb18030"), "a.csv")):
        again = run(io.BytesIO(file), name)
        assert (len(again.new), len(again.changed), len(again.unchanged)) == (0, 0, 40)
    assert everything() == before
    assert not holds()


def test_a_preview_changes_nothing_and_foretells_the_import():
    before = everything()
    foreseen = preview(xlsx([row(1), row(2), row(3, 邮箱="坏")]))
    assert everything() == before
    assert (len(foreseen.new), foreseen.bad_rows, foreseen.rows) == (2, 1, 2)
    done = run(xlsx([row(1), row(2), row(3, 邮箱="坏")]), skip_faulty=True)
    assert [e.uscc for e in done.new] == [e.uscc for e in foreseen.new]


def test_faulty_rows_refuse_the_file_unless_they_are_to_be_skipped():
    before = everything()
    with pytest.raises(DomainError) as refused:
        run(xlsx([row(1), row(2, 邮箱="坏")]))
    assert refused.value.code == "roster.faulty" and everything() == before
    run(xlsx([row(1), row(2, 邮箱="坏")]), skip_faulty=True)
    assert Agency.objects.get().organisation.uscc == code(1)


def test_a_file_that_cannot_be_read_is_refused_even_with_skipping():
    with pytest.raises(DomainError) as refused:
        run(io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)), "a.xls", skip_faulty=True)
    assert refused.value.code == "roster.unreadable" and "另存为" in str(refused.value)


def test_nothing_is_half_imported(monkeypatch):
    """A failure in the last batch takes the first one with it."""
    before, written = everything(), []
    create = importing._create

    def failing(batch, *rest):
        if written:
            raise RuntimeError("power cut")
        written.append(batch)
        create(batch, *rest)
        assert Agency.objects.count() == len(batch), "the first batch stands inside the transaction"

    monkeypatch.setattr(importing, "_BATCH", 10)
    monkeypatch.setattr(importing, "_create", failing)
    with pytest.raises(RuntimeError):
        run(xlsx([row(n) for n in range(1, 21)]))
    assert written and everything() == before


def test_a_later_roster_brings_unclaimed_agencies_up_to_date():
    run(xlsx([row(1), row(2)]))
    changed = row(1, 联系人="范思齐", 注册地址="望澄路9号")
    found = run(xlsx([changed, row(1, **{**CERTIFIED, "联系人": "范思齐", "注册地址": "望澄路9号"}), row(2)]))
    assert [c.entry.uscc for c in found.changed] == [code(1)] and len(found.unchanged) == 1
    assert set(found.changed[0].fields) == {"contact_name", "address"}
    agency = Agency.objects.get(organisation__uscc=code(1))
    assert (agency.contact_name, agency.organisation.address) == ("范思齐", "望澄路9号")
    assert {c.code for c in agency.categories.all()} == {"eia", "surveying"}
    assert agency.qualifications.get().expires_on == date(2029, 3, 1)
    entry = AuditEntry.objects.filter(stream=agency.stream).order_by("-seq").first()
    assert entry.action == "agency.import_updated"
    assert entry.detail.data["fields"]["contact_name"] == ["陆晓岚", "范思齐"]


def test_blank_cells_erase_nothing():
    run(xlsx([row(1)]))
    found = run(xlsx([row(1, 联系人="", 邮箱="", 注册地址="")]))
    assert len(found.unchanged) == 1
    assert Agency.objects.get().contact_name == "陆晓岚"


def test_a_claimed_agency_keeps_its_own_data():
    agency = factories.make_agency("draft")
    organisation = agency.organisation
    cells = row(1, 机构名称=organisation.name, 统一社会信用代码=organisation.uscc, 联系人="范思齐")
    found = run(xlsx([cells]))
    assert [f.code for f in found.warnings] == ["register.claimed"]
    agency.refresh_from_db()
    assert agency.contact_name != "范思齐" and agency.status == Agency.Status.DRAFT


def test_a_code_of_a_buyer_or_of_another_name_is_a_fault():
    buyer = factories.make_organisation("enterprise")
    other = factories.make_agency("draft").organisation
    found = preview(
        xlsx([row(1, 机构名称=buyer.name, 统一社会信用代码=buyer.uscc), row(2, 统一社会信用代码=other.uscc), row(3)])
    )
    assert [(f.row, f.code) for f in found.errors] == [(2, "register.other_kind"), (3, "register.other_name")]
    assert len(found.new) == 1


@pytest.mark.parametrize(
    ("written", "expected"),
    [("澄湖市", "澄湖市"), ("浙江省嘉宁市澄湖市", "澄湖市"), ("嘉宁", "嘉宁市"), ("", "澄湖市"), ("杭州", "杭州市")],
)
def test_regions_by_name(written, expected):
    run(xlsx([row(1, 所属区域=written)]))
    assert Organisation.objects.get(uscc=code(1)).region.name == expected


def test_an_unknown_region_is_a_warning():
    found = run(xlsx([row(1, 所属区域="火星")]))
    assert [f.code for f in found.warnings] == ["register.region"]
    assert Organisation.objects.get(uscc=code(1)).region == county()


def test_only_the_desk_may_import():
    with pytest.raises(Forbidden):
        roster_import(file=xlsx([row(1)]), name="a.xlsx", region="330499", actor=factories.make_person())
    for role in ("inspector", "credit_officer"):
        with pytest.raises(Forbidden):
            roster_preview(file=xlsx([row(1)]), name="a.xlsx", region="330499", actor=factories.make_staff(role))
    roster_import(file=xlsx([row(1)]), name="a.xlsx", region="330499", actor=factories.make_staff("operator"))
    assert AuditEntry.objects.get(action="roster.imported").actor is not None


def test_2000_rows_with_faults_of_every_kind_good_rows_in_twice_the_same(django_assert_max_num_queries):
    rows = [row(n) for n in range(1, 2001)]
    for index, (damage, _) in enumerate([*CELLS.values(), *WARNINGS.values()]):
        number = 40 + 80 * index
        own = {"证书编号": f"乙测资字33{number:06d}"} if damage.get("证书编号") else {}
        rows[number - 1] = row(number, **{**damage, **own})
    steps = []
    with django_assert_max_num_queries(250):
        done = run(csv_bytes(rows), "a.csv", skip_faulty=True, progress=lambda *step: steps.append(step))
    assert {f.code for f in done.faults} == {*CELLS, *WARNINGS}
    assert Agency.objects.count() == 2000 - len(CELLS) == len(done.new)
    assert steps[-1] == ("write", len(done.new)) and ("read", 100) in steps
    before = everything()
    again = run(csv_bytes(rows), "a.csv", skip_faulty=True)
    assert not again.new and not again.changed and everything() == before
    assert not holds()


def test_the_chain_of_a_new_stream_is_whole():
    """Entries written many at once are linked like entries written one by one."""
    from kernel.services.audit import link

    run(xlsx([row(1)]))
    agency = Agency.objects.get()
    entry = AuditEntry.objects.get(stream=agency.stream)
    expected = link("", entry.stream, 1, entry.at.isoformat(), "", entry.action, entry.digest)
    assert (entry.seq, entry.action, entry.chain) == (1, "agency.imported", expected)


def test_the_command_previews_imports_and_repeats(tmp_path, capsys):
    file = tmp_path / "名录.csv"
    file.write_bytes(csv_bytes([row(1), row(2, 邮箱="坏")]).getvalue())
    call_command("import_agencies", str(file), "--preview", "--region", "330499")
    assert not Agency.objects.exists()
    with pytest.raises(CommandError, match="--skip-faulty"):
        call_command("import_agencies", str(file), "--region", "330499")
    assert not Agency.objects.exists()
    for _ in range(2):
        call_command("import_agencies", str(file), "--skip-faulty", "--region", "330499")
        assert Agency.objects.count() == 1
    with pytest.raises(CommandError, match="--region"):
        call_command("import_agencies", str(file), "--region", "999999")
    with pytest.raises(CommandError):
        call_command("import_agencies", str(tmp_path / "none.csv"), "--region", "330499")


def test_catalogue_and_regions_load_twice_the_same():
    done = catalogue_load(catalogue=catalogue.shipped(), actor=None)
    assert not done.created and not done.updated
    assert regions_load(tree=read_regions(), actor=None) == 0
    refreshed = catalogue_load(catalogue=catalogue.shipped(), refresh=True, actor=None)
    assert not refreshed.updated, "what was loaded reads back as it was written"


def test_what_the_county_edited_stays_unless_refreshed():
    from agencies.models import ServiceItem

    ServiceItem.objects.filter(code="eia-form").update(default_days=12)
    catalogue_load(catalogue=catalogue.shipped(), actor=None)
    assert ServiceItem.objects.get(code="eia-form").default_days == 12
    done = catalogue_load(catalogue=catalogue.shipped(), refresh=True, actor=None)
    assert done.updated == ["serviceitem:eia-form"]
    assert ServiceItem.objects.get(code="eia-form").default_days == 18
