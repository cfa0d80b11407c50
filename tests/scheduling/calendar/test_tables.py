"""What a calendar has computed is kept, shared and bounded, and never more than was asked for."""

import datetime as dt
import random
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.calendar import facts
from scheduling.calendar.answers import DailySchedule, Now
from scheduling.calendar.calendar import Calendar
from scheduling.calendar.tables import DATES_KEPT
from tests.scheduling.calendar.builders import (
    ALL_DAYS,
    REGULAR,
    STAFF_DAY,
    date,
    days_off,
    override,
    period,
    school,
    template,
    utc,
    year,
)
from tests.scheduling.calendar.strategies import ranges, schools

NIGHT = template("night", period(1, "00:00", "01:00"), period(2, "22:00", "23:59"), is_default=True)
FIRST_OF_ALL = dt.datetime.min.replace(tzinfo=dt.UTC)
LAST_OF_ALL = dt.datetime.max.replace(tzinfo=dt.UTC)
FIRST, LAST = date("2026-01-01"), date("2026-03-31")

quick = settings(max_examples=40, deadline=None, derandomize=True)


def test_an_answer_is_computed_once() -> None:
    calendar = Calendar(school(year()))
    first, second = (calendar.day(date("2026-09-08")) for _ in range(2))
    assert first is second
    assert first in calendar.days(date("2026-09-07"), date("2026-09-09"))
    early, late = (calendar.now(utc(f"2026-09-08T14:{minute}")) for minute in ("00", "01"))
    assert early.stretch is late.stretch


def test_one_date_rings_no_other_bells() -> None:
    calendar = Calendar(school(year()))
    calendar.day(date("2026-10-30"))
    assert calendar._tables.bells.cache_info().currsize == 1


def test_an_instant_amid_a_year_looks_at_no_other_year() -> None:
    around = year("2025-09-01", "2026-06-12"), year("2026-09-07"), year("2027-09-06", "2028-06-09")
    calendar = Calendar(school(*around))
    calendar.now(utc("2026-09-15T14:00"))
    assert calendar._tables.for_staff.cache_info().currsize == 1


def test_people_share_the_bells_and_the_days_that_are_the_same_for_them() -> None:
    waves = template("waves", period(1, "08:00", "09:00"), period(2, "09:00", "10:00", track="a"))
    calendar = Calendar(
        school(year(overrides=(override("Day", "2026-09-08", template="waves"),)),
               templates=(REGULAR, waves))
    )  # fmt: skip
    everybody, one = (calendar.day(date("2026-09-08"), tracks) for tracks in ((), ("none",)))
    assert everybody.day is one.day
    assert everybody.periods[0] is one.periods[0]


def test_only_days_of_the_staff_alone_differ_for_the_staff() -> None:
    training = (override("Training", "2026-09-09", template="staff-day"),)
    calendar = Calendar(school(year(overrides=training), templates=(REGULAR, STAFF_DAY)))
    told = {
        day: [calendar.day(date(day), tracks).day for tracks in ((), ("staff",))]
        for day in ("2026-09-08", "2026-09-09")
    }
    students, staff = told["2026-09-08"]
    assert students is staff
    students, staff = told["2026-09-09"]
    assert (students.reason, staff.reason) == ("staff_only", "override")


def test_however_much_is_asked_for_so_many_dates_are_kept() -> None:
    calendar = Calendar(school(year()))
    view = calendar.seen_by()
    for start in range(DATES_KEPT + 10):
        day = date("2026-09-01") + dt.timedelta(days=start)
        view.day(day)
        view.now(dt.datetime.combine(day, dt.time(12), dt.UTC))
    assert view._on.cache_info().currsize == DATES_KEPT
    assert view._timeline.course.cache_info().currsize == DATES_KEPT


@pytest.mark.parametrize("instant", [FIRST_OF_ALL, LAST_OF_ALL], ids=["first", "last"])
@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "Pacific/Kiritimati"])
def test_the_first_and_the_last_instant_of_all_have_an_answer(
    instant: dt.datetime, zone: str
) -> None:
    calendar = Calendar(school(year(), timezone=zone))
    now = calendar.now(instant)
    assert (now.interval.type, now.school_days_left) == ("summer", 0)
    assert calendar.day(instant.date()).day.reason == "outside_year"


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        pytest.param("Pacific/Honolulu", "2026-09-08", id="west"),
        pytest.param("Pacific/Kiritimati", "2026-09-08", id="east"),
        pytest.param("America/St_Johns", "2010-11-07", id="the-clock-goes-back-past-midnight"),
    ],
)
def test_a_session_across_midnight_is_whole(zone: str, day: str) -> None:
    around = [str(date(day) + dt.timedelta(days=days)) for days in (-3, 3)]
    calendar = Calendar(school(year(*around), templates=(NIGHT,), timezone=zone, weekdays=ALL_DAYS))
    for schedule in calendar.days(*map(date, around)):
        for bell in schedule.periods:
            for instant in (bell.starts_at, bell.ends_at - dt.timedelta(microseconds=1)):
                interval = calendar.now(instant).interval
                assert (interval.starts_at, interval.ends_at) == (bell.starts_at, bell.ends_at)


def answers(calendar: Calendar, seed: int) -> dict[object, DailySchedule | Now]:
    """Ask about everything, in an order of its own."""
    asked: list[tuple[object, ...]] = [
        (kind, tracks, day)
        for kind in ("day", "now")
        for tracks in ((), ("staff",), ("none",))
        for day in facts.dates(FIRST, LAST)
    ]
    random.Random(seed).shuffle(asked)
    found: dict[object, DailySchedule | Now] = {}
    for kind, tracks, day in asked:
        instant = dt.datetime.combine(day, dt.time(14), dt.UTC)
        ask = calendar.day(day, tracks) if kind == "day" else calendar.now(instant, tracks)
        found[kind, tracks, day] = ask
    return found


def test_threads_that_share_a_calendar_get_what_each_would_get_alone() -> None:
    training = override("Training", "2026-02-11", template="staff-day")
    its_school = school(
        year("2026-01-05", "2026-02-13", overrides=(training,)),
        year("2026-02-23", "2026-03-27", cycle_days=("A", "B")),
        templates=(REGULAR, STAFF_DAY),
    )
    expected = answers(Calendar(its_school), seed=0)
    shared, start = Calendar(its_school), Barrier(6)

    def ask(seed: int) -> dict[object, DailySchedule | Now]:
        start.wait(timeout=10)
        return answers(shared, seed)

    with ThreadPoolExecutor(6) as pool:
        assert all(found == expected for found in pool.map(ask, range(6)))


@quick
@given(found=st.lists(ranges(date("2025-12-20"), date("2026-02-20")), max_size=6))
def test_by_date_names_the_first_range_that_covers_a_date_or_all_of_them(
    found: list[tuple[str, str]],
) -> None:
    within = year("2026-01-01", "2026-01-31")
    off = [days_off(f"Off {index}", *dates) for index, dates in enumerate(found)]
    covering = [[each for each in off if each.covers(day)] for day in facts.dates(
        within.start_date, within.end_date)]  # fmt: skip
    assert facts.by_date(off, within) == [next(iter(each), None) for each in covering]
    assert facts.all_by_date(off, within) == [tuple(each) for each in covering]


@quick
@given(school_=schools())
def test_the_order_of_questions_changes_no_answer(school_: facts.School) -> None:
    first, last = school_.years[0].start_date, school_.years[-1].end_date
    noons = [dt.datetime.combine(day, dt.time(12), dt.UTC) for day in facts.dates(first, last)]
    forward, backward = Calendar(school_), Calendar(school_)
    told = [forward.now(noon) for noon in noons]
    assert [backward.now(noon) for noon in reversed(noons)] == told[::-1]
