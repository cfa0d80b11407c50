"""Writers at the same moment: a condition is looked at under the lock."""

import datetime as dt

import pytest
from rest_framework.test import APIClient

from tests.api.resources.conftest import World, make_world
from tests.core.racing import race
from tests.factories import PeriodDefinitionFactory, bearer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(db) -> World:
    """A world of its own, which is committed."""
    return make_world()


@pytest.mark.parametrize("url", ["/api/v1/districts/{0.district_id}", "/api/v1/schools/{0.id}"])
def test_of_writes_on_one_condition_exactly_one_wins(admin, program, maple, url: str) -> None:
    url = url.format(maple.school)
    body = admin.get(url).json()
    sent = {name: body[name] for name in ("name", "slug", "district", "timezone") if name in body}
    writers = [APIClient(headers=bearer(program)) for _number in range(4)]

    def write(number: int) -> int:
        changed = {**sent, "name": f"Writer {number}"}
        return writers[number].put(url, changed, headers={"if-match": body["etag"]}).status_code

    statuses = race(write, len(writers))
    assert sorted(statuses) == [200, 412, 412, 412]
    after = admin.get(url).json()
    winner = f"Writer {statuses.index(200)}"
    assert (after["name"], after["revision"]) == (winner, body["revision"] + 1)


def test_a_period_cannot_slip_in_under_a_condition_on_its_bell_schedule(admin, maple) -> None:
    url = f"/api/v1/period-templates/{maple.late_start.id}"
    held = {"if-match": admin.get(url).headers["ETag"]}
    day = {"start": dt.time(14), "length": 45, "passing": 0}

    def write(number: int) -> int:
        if number == 0:
            return admin.put(f"{url}/periods", {"periods": []}, headers=held).status_code
        PeriodDefinitionFactory.create(template=maple.late_start, number=40, **day)
        return 201

    statuses = race(write, 2)
    left = maple.late_start.periods.count()
    assert (statuses, left) in (([200, 201], 1), ([412, 201], 4))
