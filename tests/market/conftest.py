"""A search folder of its own for each test, and rows that reach search the way real ones do: through the outbox."""

import pytest

from kernel.services import outbox
from market.selectors.lexicon import forget_lexicon
from tests.market.engines import ENGINES


@pytest.fixture(autouse=True)
def search_folder(settings, tmp_path):
    settings.SEARCH_INDEX_DIR = tmp_path / "search"
    forget_lexicon()
    yield
    forget_lexicon()


@pytest.fixture
def deliver():
    """Deliver all news of the outbox, as the worker does."""

    def run():
        while outbox.drain():
            pass

    return run


@pytest.fixture(params=ENGINES)
def engine(request, tmp_path):
    """An empty index of each engine in turn; what holds of one must hold of all."""
    return ENGINES[request.param](tmp_path / "search")
