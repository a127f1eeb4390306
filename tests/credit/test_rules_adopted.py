"""Adopting rules: once, ahead of time, and what follows from another version."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from credit.models import Calibration, Rulebook
from credit.rulebook import CALIBRATION_DEFAULT, RULEBOOK_DEFAULT
from credit.selectors import rules_on, standing
from credit.services.rules import calibration_adopt, rulebook_adopt
from kernel import clock
from kernel.errors import DomainError, Forbidden
from tests.credit import made
from tests.credit.test_rankings import well_known
from tests.factories import make_agency, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
TEXT = RULEBOOK_DEFAULT.read_text(encoding="utf-8")


def version_two(effective_from):
    return TEXT.replace('version: "1"', 'version: "2"').replace('"2026-01-01"', f'"{effective_from}"')


def test_loading_twice_changes_nothing(rules):
    call_command("load_rulebook", stdout=StringIO())
    assert (Rulebook.objects.count(), Calibration.objects.count()) == (1, 1)


def test_a_new_version_is_thirty_days_ahead(rules):
    administrator = make_staff("administrator")
    soon, ahead = date(2026, 12, 19), date(2026, 12, 20)
    with pytest.raises(DomainError) as error:
        rulebook_adopt(source=version_two(soon), actor=administrator)
    assert error.value.code == "rulebook.too_soon"
    row = rulebook_adopt(source=version_two(ahead), actor=administrator)
    assert row == rulebook_adopt(source=version_two(ahead), actor=administrator)
    assert rules_on(ahead - timedelta(days=1)).rulebook == rules.rulebook
    assert rules_on(ahead).rulebook == row
    assert rules_on(date(2020, 1, 1)).rulebook == rules.rulebook
    with pytest.raises(Forbidden):
        rulebook_adopt(source=version_two(ahead), actor=make_staff("credit_officer"))


def test_a_calibration_comes_before_its_period(rules):
    text = CALIBRATION_DEFAULT.read_text(encoding="utf-8")
    with pytest.raises(DomainError) as error:
        calibration_adopt(source=text.replace("2026-01-01", "2026-11-20"), actor=None)
    assert error.value.code == "calibration.too_soon"
    row = calibration_adopt(source=text.replace("2026-01-01", "2026-12-01"), actor=None)
    assert rules_on(date(2026, 12, 1)).calibration == row
    assert rules_on(date(2026, 11, 30)).calibration == rules.calibration


def test_adopted_rules_cannot_be_changed(rules):
    for table in ("credit_rulebook", "credit_calibration"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET content = '{{}}'")


def test_a_bad_file_is_a_sentence(rules, tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(TEXT.replace("points: 300", "points: 299"), encoding="utf-8")
    with pytest.raises(CommandError, match="999"):
        call_command("load_rulebook", rulebook=path)
    with pytest.raises(CommandError):
        call_command("load_rulebook", rulebook=tmp_path / "missing.yaml")


def test_a_bar_on_public_work_is_a_choice_of_the_rulebook(rules, still):
    """Off as shipped; a version that switches it on, with its legal basis, refuses public money only."""
    agency = well_known(make_agency(), orders=40, rating=0, days_x=0)
    made.published()
    start = TEXT.index("code: grade_d_public")
    bar = TEXT[start:].replace("grades: [D]", "grades: [C, D]", 1).replace("enabled: false", "enabled: true", 1)
    bar = bar.replace('{zh: "", en: ""}', "{zh: 某条例第三条, en: A by-law}", 1)
    changed = (TEXT[:start] + bar).replace('"2026-01-01"', '"2026-12-20"')
    rulebook_adopt(source=changed, actor=None)
    assert standing(agency, public_money=True).allowed
    with clock.at(still + timedelta(days=31)):
        assert standing(agency).allowed
        state = standing(agency, public_money=True)
        assert (state.allowed, state.code) == (False, "grade_d_public")
