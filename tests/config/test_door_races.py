"""Readers at the door beside a writer: what they are given is never older than it may be."""

import re
import time
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest

from config import door
from scheduling.models import School
from tests.api.conftest import plant_maple
from tests.config.test_door import DAY, Service
from tests.core.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

WRITES, READERS = 40, 3


class Race:
    """One writer numbers the school's name; readers compare what they get with what was written."""

    def __init__(self, service: Service, school: School, max_age: float) -> None:
        self.service, self.school, self.max_age = service, school, max_age
        self.written: list[float] = []
        """When each write had been committed, at the latest."""
        self.is_over = Event()

    def run(self) -> list[int]:
        """Return how often each reader got an answer, and how many of them were too old."""
        told = race(self._take_part, 1 + READERS)[1:]
        assert all(answers for answers, _stale in told)
        return [stale for _answers, stale in told]

    def _take_part(self, number: int) -> tuple[int, int]:
        return self._read() if number else self._write()

    def _write(self) -> tuple[int, int]:
        for number in range(WRITES):
            School.objects.filter(pk=self.school.pk).update(name=f"Number {number}")
            self.written.append(time.monotonic())
        self.is_over.set()
        return 0, 0

    def _read(self) -> tuple[int, int]:
        answers = stale = 0
        while not self.is_over.is_set():
            began = time.monotonic() - self.max_age
            due = sum(committed <= began for committed in list(self.written)) - 1
            body = self.service.get(DAY).body.decode()
            shown = re.search(r'"name":"Number (\d+)"', body)
            answers += 1
            stale += (int(shown[1]) if shown else -1) < due
        return answers, stale


@pytest.fixture
def serve(application) -> Callable[[], Service]:
    from config.wsgi import django  # noqa: PLC0415  # it needs the settings

    return lambda: Service(django)


@pytest.fixture
def writes_of_another_process(monkeypatch) -> None:
    """Let this process not know when it has written."""
    monkeypatch.setattr("core.revision.forget_all", lambda: None)


def test_what_this_process_has_written_is_seen_at_once(serve, settings) -> None:
    settings.REVISION_MAX_AGE = 60
    assert Race(serve(), plant_maple().school, 0).run() == [0] * READERS


@pytest.mark.usefixtures("writes_of_another_process")
@pytest.mark.parametrize("max_age", [0, 0.25])
def test_what_another_process_has_written_is_seen_in_time(serve, settings, max_age: float) -> None:
    settings.REVISION_MAX_AGE = max_age
    assert Race(serve(), plant_maple().school, max_age).run() == [0] * READERS


def test_a_door_that_asked_nothing_would_be_caught(serve, monkeypatch) -> None:
    monkeypatch.setattr(door, "_is_true", lambda *_asked: True)
    told: list[Any] = Race(serve(), plant_maple().school, 0).run()
    assert sum(told) > 0
