"""House rules of models: each says what it is to whoever reads a log or the back office."""

import pytest
from django.apps import apps
from django.db.models import Model

from tests.architecture.walls import ROOT

OURS = [model for config in apps.get_app_configs() if (ROOT / config.name).is_dir() for model in config.get_models()]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_a_row_has_a_name(model):
    assert model.__str__ is not Model.__str__
