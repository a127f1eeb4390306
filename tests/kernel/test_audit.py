"""The audit trail: chained, guarded, and able to forget details without breaking."""

import pytest
from django.db import DatabaseError, connection, transaction

from kernel import append_only
from kernel.invariants import audit_chain
from kernel.models import AuditDetail, AuditEntry
from kernel.services import audit

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def _three():
    for n in range(3):
        audit.record(stream="thing:1", action="thing.done", actor=None, data={"n": n})
    audit.record(stream="thing:2", action="thing.done", actor=None)


def test_each_stream_has_its_own_gap_free_chain():
    _three()
    assert list(AuditEntry.objects.filter(stream="thing:1").values_list("seq", flat=True)) == [1, 2, 3]
    assert list(AuditEntry.objects.filter(stream="thing:2").values_list("seq", flat=True)) == [1]
    assert list(audit_chain()) == []


@pytest.mark.parametrize("sql", ["UPDATE kernel_auditentry SET action = 'x'", "DELETE FROM kernel_auditentry"])
def test_the_database_refuses_change(sql):
    _three()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_what_gets_past_the_guard_is_found():
    """Negative control of both: with the triggers away the change is possible, and the checker names it."""
    _three()
    append_only.remove()
    try:
        AuditEntry.objects.filter(stream="thing:1", seq=2).update(action="thing.undone")
        assert any("thing:1#2" in sentence for sentence in audit_chain())
        AuditDetail.objects.filter(entry__seq=2).delete()
        AuditEntry.objects.filter(stream="thing:1", seq=2).delete()
        assert any("entry 2 is missing" in sentence for sentence in audit_chain())
    finally:
        append_only.install()


def test_changed_details_are_found_and_erased_ones_are_not_missed():
    _three()
    AuditDetail.objects.filter(entry__stream="thing:1", entry__seq=1).delete()
    assert list(audit_chain()) == []
    AuditDetail.objects.filter(entry__stream="thing:1", entry__seq=3).update(data={"n": 99})
    assert any("do not match" in sentence for sentence in audit_chain())


def test_two_writers_without_a_lock_cannot_share_a_place(monkeypatch):
    """UNIQUE(stream, seq) stops a caller that forgot its lock."""
    from django.db import IntegrityError

    _three()
    entry = AuditEntry.objects.filter(stream="thing:1").order_by("-seq").first()
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry.objects.create(stream="thing:1", seq=entry.seq, at=entry.at, action="x", digest="d", chain="c")
