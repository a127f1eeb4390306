"""Every stop of the tour in a real browser, once, each in another guise: axe finds nothing to complain of, and the page
itself says no error and fits its window. `./run tour --check` looks at every stop in every guise."""

from collections import Counter
from itertools import product

import pytest

from demo.tour import axe
from demo.tour.browser import Window
from demo.tour.guises import LANGUAGES, Guise
from demo.tour.inspection import NOT_OURS
from demo.tour.stops import every
from demo.tour.visits import signed_in
from tests.tour import town

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.django_db(transaction=True)]
GUISES = [Guise(*worn) for worn in product(("light", "dark", "elder"), LANGUAGES, (1280, 390))]


def rotation(stops):
    """(stop, guise): the guises go round within a kind, and each kind begins where the one before it did not."""
    begun, worn = {}, Counter()
    for stop in stops:
        begun.setdefault(stop.kind, len(begun))
        yield stop, GUISES[(begun[stop.kind] + 5 * worn[stop.kind]) % len(GUISES)]
        worn[stop.kind] += 1


def test_guises_go_round():
    pairs = list(rotation(every()))
    kinds = Counter(stop.kind for stop, _guise in pairs)
    assert set(Counter(guise for _stop, guise in pairs)) == set(GUISES)
    for kind, count in kinds.items():
        worn = {guise for stop, guise in pairs if stop.kind == kind}
        assert len(worn) == min(count, len(GUISES)), kind


@pytest.mark.slow
def test_no_page_of_the_tour_has_a_fault(chromium, live_server):
    stops = [stop for stop in every() if stop.name not in NOT_OURS]
    guises, found = dict(rotation(stops)), []
    people = town.build().people
    with signed_in(stops, people) as (visits, _absent), Window(chromium, visits[0], live_server.url) as window:
        for visit in visits:
            found += faults(window, visit, guises[visit.stop])
    assert found == [], "\n".join(found)


def faults(window, visit, guise):
    window.receive(visit)
    window.load(guise)
    words = [*window.dress(guise), *map(str, axe.violations(window.page))]
    return [f"{visit.stop.name} {guise.label}: {one}" for one in dict.fromkeys(words)]
