import contextvars
import datetime as dt
import itertools
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from core.revision import (
    NoOpenRevisionError,
    current_actor,
    current_revision,
    is_revising,
    log_model,
    open_as_well,
    open_revisions,
    revise,
    school_model,
)
from scheduling.models import Break, Revision, School
from tests.core.racing import race
from tests.factories import (
    AcademicYearFactory,
    BreakFactory,
    DistrictFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


class StopError(Exception):
    """What a test raises to leave a block."""


def state(school: School) -> tuple[int, UUID]:
    return School.objects.values_list("revision", "revision_token").get(pk=school.pk)


def log(school: School) -> list[tuple[int, UUID]]:
    rows = Revision.objects.filter(school=school.pk).order_by("number")
    return list(rows.values_list("number", "token"))


def history_of(row: Any) -> list[tuple[str, int]]:
    rows = type(row).history.filter(id=row.pk).order_by("history_id")
    return list(rows.values_list("history_type", "revision"))


def rename(school: School, name: str) -> None:
    school.name = name
    school.save()


def open_as_well_and_stop(school: School) -> None:
    with revise():
        open_as_well([school.pk])
        raise StopError


def rename_and_stop(school: School) -> None:
    with revise(school):
        rename(school, "Lost")
        raise StopError


def test_the_log_and_the_school_are_found_by_the_setting() -> None:
    assert (log_model(), school_model()) == (Revision, School)


def test_a_number_is_reserved_on_entry_and_stored_on_exit() -> None:
    year = AcademicYearFactory.create()
    school = year.school
    number, token = state(school)

    with revise(school):
        reserved = current_revision(school.pk)
        BreakFactory.create(academic_year=year)
        inside = state(school)

    assert reserved.number == number + 1
    assert inside == (number, token)
    assert state(school) == (number + 1, reserved.token)
    assert log(school)[-1] == (number + 1, reserved.token)


def test_every_row_of_one_block_carries_one_number() -> None:
    year = AcademicYearFactory.create()
    number, _token = state(year.school)

    with revise(year.school):
        first = BreakFactory.create(academic_year=year)
        second = BreakFactory.create(academic_year=year, name="Second")
        year.name = "Renamed"
        year.save()

    assert {first.revision, second.revision, year.revision} == {number + 1}
    assert state(year.school)[0] == number + 1


def test_an_empty_block_bumps_nothing() -> None:
    school = SchoolFactory.create()
    before = state(school), log(school)

    with revise(school):
        pass

    assert (state(school), log(school)) == before


def test_saving_an_unchanged_row_bumps_nothing_and_writes_no_history() -> None:
    holiday = BreakFactory.create()
    before = state(holiday.school), history_of(holiday)
    updated_at = holiday.updated_at

    holiday.save()
    Break.objects.get(pk=holiday.pk).save()

    assert (state(holiday.school), history_of(holiday)) == before
    assert Break.objects.get(pk=holiday.pk).updated_at == updated_at


def test_an_update_to_the_same_values_bumps_nothing_and_writes_no_history() -> None:
    holiday = BreakFactory.create()
    before = state(holiday.school), history_of(holiday)

    count = Break.objects.filter(pk=holiday.pk).update(name=holiday.name)

    assert count == 1
    assert (state(holiday.school), history_of(holiday)) == before


def test_nested_uses_are_one_revision() -> None:
    school = SchoolFactory.create()
    number, _token = state(school)

    with revise(school):
        with revise(school):
            rename(school, "First")
        with revise(school.pk), revise():
            rename(school, "Second")

    assert state(school)[0] == number + 1
    assert [revision for _type, revision in history_of(school)][-2:] == [number + 1] * 2


def test_a_nested_failure_takes_back_its_rows_and_its_mark() -> None:
    school = SchoolFactory.create()
    before = state(school), log(school), history_of(school)

    with revise(school):
        with pytest.raises(StopError):
            rename_and_stop(school)
        assert not current_revision(school.pk).changed

    assert (state(school), log(school), history_of(school)) == before
    assert School.objects.get(pk=school.pk).name == "Maple High"


def test_a_nested_failure_leaves_what_was_marked_before() -> None:
    school = SchoolFactory.create()
    number, _token = state(school)

    with revise(school):
        rename(school, "Kept")
        with pytest.raises(StopError), revise(school):
            raise StopError

    assert state(school)[0] == number + 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_a_school_opened_as_well_is_locked_anew_after_a_failure_has_let_go_of_it() -> None:
    school, other = SchoolFactory.create_batch(2)
    number, _token = state(other)

    with revise(school):
        with pytest.raises(StopError):
            open_as_well_and_stop(other)
        assert race(lambda _thread: rename(other, "Theirs"), threads=1) == [None]
        open_as_well([other.pk])
        rename(School.objects.get(pk=other.pk), "Ours")

    assert [each for each, _token in log(other)][-2:] == [number + 1, number + 2]


def test_another_school_cannot_be_opened_inside() -> None:
    school, other = SchoolFactory.create_batch(2)

    with revise(school), pytest.raises(RuntimeError, match="outermost"), revise(other):
        pass

    assert open_revisions() is None


def test_several_schools_are_opened_at_once_and_only_the_changed_one_is_bumped() -> None:
    school, other = SchoolFactory.create_batch(2)
    before, before_other = state(school), state(other)

    with revise(other, school):
        assert is_revising(school.pk)
        assert is_revising(other.pk)
        rename(school, "Oak High")

    assert state(school)[0] == before[0] + 1
    assert state(other) == before_other


def test_two_saves_in_a_plain_transaction_are_two_revisions() -> None:
    school = SchoolFactory.create()
    number, _token = state(school)

    with transaction.atomic():
        rename(school, "First")
        rename(school, "Second")

    assert [entry[0] for entry in log(school)][-2:] == [number + 1, number + 2]


def test_a_failed_block_changes_nothing() -> None:
    school = SchoolFactory.create()
    before = state(school), log(school), history_of(school)

    with pytest.raises(StopError):
        rename_and_stop(school)

    assert (state(school), log(school), history_of(school)) == before
    assert open_revisions() is None


def test_the_log_is_complete_without_a_gap_and_no_token_comes_twice() -> None:
    school = SchoolFactory.create()
    for number in range(5):
        rename(school, f"Name {number}")
    with pytest.raises(StopError):
        rename_and_stop(school)
    rename(school, "Last")

    numbers, tokens = zip(*log(school), strict=True)

    assert numbers == tuple(range(1, 8))
    assert len(set(tokens)) == 7
    assert state(school) == log(school)[-1]


def test_the_actor_is_in_the_log_the_history_and_the_row() -> None:
    year, user, other = AcademicYearFactory.create(), UserFactory.create(), UserFactory.create()

    with revise(year.school, actor=user):
        assert current_actor() == user
        holiday = BreakFactory.create(academic_year=year)
    with revise(year.school, actor=other):
        holiday.name = "Renamed"
        holiday.save()

    stored = Break.objects.get(pk=holiday.pk)
    assert (stored.created_by, stored.updated_by) == (user, other)
    actors = Revision.objects.filter(school=year.school).order_by("-number")[:2]
    assert [entry.actor for entry in actors] == [other, user]
    assert [row.history_user for row in holiday.history.order_by("history_id")] == [user, other]


def test_the_log_tells_the_time() -> None:
    school = SchoolFactory.create()

    entry = Revision.objects.get(school=school)

    assert entry.time.tzinfo is dt.UTC
    assert str(entry) == "Revision 1"


def test_the_log_outlives_its_school() -> None:
    school = SchoolFactory.create()
    pk = school.pk

    school.delete()

    assert list(Revision.objects.filter(school_id=pk).values_list("number", flat=True)) == [2, 1]


def test_outside_there_is_no_revision_and_no_actor() -> None:
    school = SchoolFactory.create()

    assert not is_revising(school.pk)
    with pytest.raises(NoOpenRevisionError):
        current_revision(school.pk)
    with pytest.raises(NoOpenRevisionError):
        current_actor()


def test_a_revision_of_no_school_admits_districts_and_no_row_of_a_school() -> None:
    school = SchoolFactory.create()

    with revise():
        district = DistrictFactory.create()
        with pytest.raises(RuntimeError, match="outermost"):
            rename(school, "Refused")

    assert district.revision == 1


def test_a_district_counts_its_own_revisions() -> None:
    district = DistrictFactory.create()

    district.name = "Lake District"
    district.save()
    district.save()
    pk = district.pk
    district.delete()

    rows = type(district).history.filter(id=pk).order_by("history_id")
    found = list(rows.values_list("history_type", "revision"))
    assert found == [("+", 1), ("~", 2), ("-", 2)]


def test_a_refused_save_in_an_open_revision_leaves_the_rest() -> None:
    year = AcademicYearFactory.create()
    number, _token = state(year.school)

    with revise(year.school):
        BreakFactory.create(academic_year=year)
        with pytest.raises(ValidationError):
            BreakFactory.create(academic_year=year, start_date=dt.date(2020, 1, 1))

    assert state(year.school)[0] == number + 1
    assert Break.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_copied_context_in_another_thread_does_not_hold_the_lock() -> None:
    school = SchoolFactory.create()
    seen: list[bool] = []

    def look() -> None:
        seen.append(is_revising(school.pk))
        connection.close()

    with revise(school):
        thread = Thread(target=contextvars.copy_context().run, args=(look,))
        thread.start()
        thread.join(10)
        seen.append(is_revising(school.pk))

    assert seen == [False, True]


@pytest.mark.django_db(transaction=True)
def test_three_hundred_and_twenty_revisions_from_sixteen_threads_leave_no_gap() -> None:
    school = SchoolFactory.create()
    year = AcademicYearFactory.create(school=school)
    holiday = BreakFactory.create(academic_year=year)
    first = state(school)[0]

    def write(number: int) -> None:
        for turn in range(20):
            Break.objects.filter(pk=holiday.pk).update(name=f"{number}-{turn}")

    outcomes = race(write)

    numbers, tokens = zip(*log(school), strict=True)
    assert outcomes == [None] * 16
    assert numbers == tuple(range(1, first + 321))
    assert len(set(tokens)) == len(tokens)
    assert state(school) == log(school)[-1]
    written = [revision for _type, revision in history_of(holiday)][1:]
    assert written == list(range(first + 1, first + 321))


@pytest.mark.django_db(transaction=True)
def test_writers_of_several_schools_in_any_order_never_deadlock() -> None:
    schools = SchoolFactory.create_batch(3)
    orders = list(itertools.permutations(schools))

    def write(number: int) -> None:
        with revise(*orders[number % 6]):
            for school in orders[number % 6]:
                School.objects.filter(pk=school.pk).update(name=f"Name {number}")

    outcomes = race(write, threads=12)

    assert outcomes == [None] * 12
    assert [state(school)[0] for school in schools] == [13, 13, 13]
