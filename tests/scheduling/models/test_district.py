"""A district that changes is a new state of each of its schools, whoever joins meanwhile."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from core.models import abstracts
from core.revision import revise
from scheduling.documents import export_document
from scheduling.models import District, School, district
from tests.core.racing import SECONDS, race
from tests.factories import DistrictFactory, SchoolFactory

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'"


def save(row: District) -> None:
    row.name = "Renamed"
    row.save()


def update(row: District) -> None:
    District.objects.filter(pk=row.pk).update(name="Renamed")


@pytest.mark.django_db
@pytest.mark.parametrize("rename", [save, update])
def test_a_school_that_joins_while_a_district_waits_for_the_others_is_revised_too(
    rename: Callable[[District], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    elm, moved = (SchoolFactory.create() for _ in range(2))
    tokens: list[UUID] = []

    @contextmanager
    def revised_after_a_move(*schools: Any, **said: Any) -> Any:
        monkeypatch.undo()  # only the rename is overtaken, not the move
        School.objects.filter(pk=moved.pk).update(district=elm.district)
        tokens.append(token_of(moved))
        with revise(*schools, **said):
            yield

    monkeypatch.setattr(abstracts, "revise", revised_after_a_move)
    monkeypatch.setattr(district, "revise", revised_after_a_move)
    rename(elm.district)

    assert [token_of(moved) != token for token in tokens] == [True]
    for school in (elm, moved):
        assert export_document(school.pk)["district"]["name"] == "Renamed"
        assert School.objects.get(pk=school.pk).revisions.count() >= 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_a_school_joins_before_a_district_has_changed_or_after_it_but_not_meanwhile() -> None:
    to, school = DistrictFactory.create(), SchoolFactory.create()
    changed, joined, backend = Event(), Event(), Future[int]()

    def rename() -> None:
        with revise():
            save(to)
            changed.set()
            wait_until(lambda: joined.is_set() or is_waiting(backend.result(SECONDS)))
            assert not joined.is_set()

    def join() -> None:
        assert changed.wait(SECONDS)
        backend.set_result(backend_pid())
        School.objects.filter(pk=school.pk).update(district=to)
        joined.set()

    assert race(lambda number: (rename, join)[number](), threads=2) == [None, None]
    assert export_document(school.pk)["district"]["name"] == "Renamed"


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_a_district_may_get_another_slug_while_a_school_is_created_there() -> None:
    to = DistrictFactory.create()
    school = SchoolFactory.build(district=to)
    created, backend = Event(), Future[int]()

    def move() -> None:
        assert created.wait(SECONDS)
        backend.set_result(backend_pid())
        to.slug = "elsewhere"
        to.save()

    def create() -> None:
        with revise(school):
            school.save()
            created.set()
            wait_until(lambda: is_waiting(backend.result(SECONDS)))

    assert race(lambda number: (move, create)[number](), threads=2) == [None, None]
    assert export_document(school.pk)["district"]["slug"] == "elsewhere"
    assert School.objects.get(pk=school.pk).revision == 2


def token_of(school: School) -> UUID:
    return School.objects.get(pk=school.pk).revision_token


def backend_pid() -> int:
    """Return the number that PostgreSQL gave to the connection of this thread."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def is_waiting(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [pid])
        return bool(cursor.fetchone()[0])


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)
