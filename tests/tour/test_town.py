"""The small market has something for every stop, and every stop answers as the tour expects."""

import pytest
from django.conf import settings
from django.test import Client

from demo.tour.stops import every
from demo.tour.visits import signed_in
from tests.tour import town

pytestmark = pytest.mark.django_db


def test_every_stop_finds_its_page():
    with signed_in(every(), town.build().people) as (visits, absent):
        assert [stop.name for stop in absent if stop.name not in town.ABSENT] == []
        wrong = []
        for visit in visits:
            client = Client()
            client.cookies[settings.SESSION_COOKIE_NAME] = visit.cookie
            for language in ("zh", "en"):
                answer = client.get(visit.path(language))
                if answer.status_code != visit.stop.status:
                    wrong.append(f"{visit.stop.name} {visit.path(language)}: {answer.status_code}")
        assert wrong == [], "\n".join(wrong)
