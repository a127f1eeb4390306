"""The tables of this room know their rows, and the histories are judged by every one of them."""

import pytest

from kernel.machine import MACHINES
from orders.invariants import history
from orders.models import Extension, LeadChange, PauseConsent
from orders.models.side import Asked

OURS = [machine for machine in MACHINES.values() if machine.states.__module__.startswith("orders.")]


@pytest.mark.parametrize("machine", OURS, ids=lambda machine: machine.name)
def test_a_machine_names_its_rows(machine):
    assert machine.model._meta.get_field(machine.kept_in).choices == machine.states.choices


def test_no_history_is_left_unjudged():
    assert len(OURS) == 10
    assert {machine.name for machine in history.PARTS} == {machine.name for machine in OURS} - {"order"}


@pytest.mark.parametrize("model", [Extension, PauseConsent, LeadChange])
def test_what_is_asked_has_one_shape(model):
    assert issubclass(model, Asked)
    assert not model._meta.get_field("asked_by").null
