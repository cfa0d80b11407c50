"""The door in front of answers about the past: they hold until the next write, and no longer."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from scheduling.models import School
from scheduling.services.pruning import prune_history
from tests.api.conftest import plant_maple
from tests.config.test_door import DAY, Service

pytestmark = pytest.mark.django_db

START = dt.datetime(2026, 9, 1, 12, tzinfo=dt.UTC)
DAY_SECONDS = 86_400


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as clock:
        plant_maple()
        yield clock


def rename(name: str) -> None:
    School.objects.update(name=name)


@pytest.fixture
def service(application, clock) -> Service:
    from config.wsgi import django  # noqa: PLC0415  # it needs the settings

    return Service(django)


def test_the_door_gives_again_what_was_said_until_the_next_write(service, clock) -> None:
    clock.shift(3600)
    url = f"{DAY}?as_of=2026-09-01T12:00:00Z"
    told = [service.get(url) for _time in range(3)]
    assert (service.asked, told[0].status) == (1, 200)
    rename("Maple Senior High")
    again = [service.get(url, **{"If-None-Match": told[0].headers["ETag"]}) for _time in range(2)]
    assert (service.asked, [each.status for each in again]) == (2, [304, 304])
    assert service.get(url).body == told[0].body
    School.objects.update(is_public=False)
    assert service.get(url).status == 404


def test_the_door_does_not_know_longer_than_history_does(service, clock) -> None:
    clock.shift(10 * DAY_SECONDS)
    rename("Second")
    url = f"{DAY}?as_of=2026-09-01T12:00:00Z"
    assert [service.get(url).status for _time in range(2)] == [200, 200]
    clock.shift(402 * DAY_SECONDS)
    list(prune_history(dt.datetime.now(dt.UTC) - dt.timedelta(days=400)))
    assert service.get(url).status == 410
