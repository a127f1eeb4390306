"""The small market has something for every stop; every stop answers as the tour expects, and no answer holds code or
style of its own."""

import pytest
from django.conf import settings
from django.test import Client

from demo.tour.inline import inline
from demo.tour.inspection import NOT_OURS
from demo.tour.stops import every
from demo.tour.visits import signed_in
from tests.tour import town

pytestmark = pytest.mark.django_db


def test_every_stop_answers_in_plain_html():
    with signed_in(every(), town.build().people) as (visits, absent):
        assert [stop.name for stop in absent if stop.name not in town.ABSENT] == []
        wrong = []
        for visit in visits:
            client = Client()
            client.cookies[settings.SESSION_COOKIE_NAME] = visit.cookie
            for language in ("zh", "en"):
                where, answer = f"{visit.stop.name} {visit.path(language)}", client.get(visit.path(language))
                if answer.status_code != visit.stop.status:
                    wrong.append(f"{where}: {answer.status_code}")
                if visit.stop.name not in NOT_OURS:
                    wrong += [f"{where}: {found}" for found in inline(answer.content.decode())]
        assert wrong == [], "\n".join(wrong)
