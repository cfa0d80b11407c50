import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.calendar import facts
from scheduling.calendar.calendar import Calendar
from scheduling.calendar.clock import Interval
from tests.scheduling.calendar.builders import (
    ALL_DAYS,
    days_off,
    period,
    school,
    template,
    year,
)
from tests.scheduling.calendar.strategies import asked_tracks, schools

TICK = dt.timedelta(microseconds=1)
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)

quick = settings(max_examples=40, deadline=None, derandomize=True)


def intervals(calendar: Calendar, tracks: set[str]) -> Iterator[Interval]:
    """Walk from interval to interval, from long ago until no end is known."""
    found = calendar.now(LONG_AGO, tracks).interval
    while found.ends_at is not None:
        yield found
        found = calendar.now(found.ends_at, tracks).interval
    yield found


def bounds(interval: Interval) -> tuple[dt.datetime | None, dt.datetime | None]:
    return interval.starts_at, interval.ends_at


def assert_tiled(calendar: Calendar, tracks: set[str]) -> list[Interval]:
    """Walk all of time, and require that each instant belongs to where it was found."""
    found = list(intervals(calendar, tracks))
    assert (found[0].starts_at, found[-1].ends_at) == (None, None)
    for before, after in pairwise(found):
        assert before.ends_at == after.starts_at
        assert bounds(calendar.now(before.ends_at - TICK, tracks).interval) == bounds(before)
        assert before.starts_at is None or before.starts_at < before.ends_at
    return found


@quick
@given(school_=schools(), tracks=asked_tracks, data=st.data())
def test_every_instant_lies_in_one_interval_and_they_tile(
    school_: facts.School, tracks: set[str], data: st.DataObject
) -> None:
    calendar = Calendar(school_)
    found = assert_tiled(calendar, tracks)
    first = found[0].ends_at or LONG_AGO
    last = found[-1].starts_at or LONG_AGO
    instant = first + (last - first) * data.draw(st.floats(0, 1))
    holding = [
        each
        for each in found
        if (each.starts_at or LONG_AGO) <= instant
        and (each.ends_at is None or instant < each.ends_at)
    ]
    assert [bounds(each) for each in holding] == [bounds(calendar.now(instant, tracks).interval)]


NIGHT = template(
    "night",
    period(0, "00:00", "01:00", track="zero"),
    period(1, "01:30", "02:30"),
    period(2, "02:30", "03:30"),
    period(3, "22:00", "23:59"),
    is_default=True,
)


@pytest.mark.parametrize("zone", ["America/Chicago", "Europe/London", "Australia/Lord_Howe"])
@pytest.mark.parametrize("tracks", [set(), {"zero"}], ids=["everybody", "zero"])
def test_a_year_of_nights_is_tiled(zone: str, tracks: set[str]) -> None:
    whole = year("2026-01-01", "2026-12-31", breaks=(days_off("Rest", "2026-07-01", "2026-07-31"),))
    calendar = Calendar(school(whole, templates=(NIGHT,), timezone=zone, weekdays=ALL_DAYS))
    found = assert_tiled(calendar, tracks)
    nights = [each for each in found if each.type in {"after_school", "before_school"}]
    assert len(nights) == 365 - 31 - 2
    assert [each.name for each in found if each.type == "break"] == ["Rest"]


@quick
@given(school_=schools(), tracks=asked_tracks)
def test_what_is_next_is_after_the_instant_and_what_was_is_not(
    school_: facts.School, tracks: set[str]
) -> None:
    calendar = Calendar(school_)
    for interval in intervals(calendar, tracks):
        now = calendar.now(interval.starts_at or LONG_AGO, tracks)
        if now.next_period:
            assert now.at < now.next_period.starts_at
        if now.next_school_day:
            assert now.at < now.next_school_day.starts_at
        if now.previous_school_day:
            assert now.previous_school_day.ends_at <= now.at


@quick
@given(school_=schools(), tracks=asked_tracks)
def test_a_schedule_begins_and_ends_where_the_clock_says(
    school_: facts.School, tracks: set[str]
) -> None:
    calendar = Calendar(school_)
    last = school_.years[-1].end_date
    for schedule in calendar.days(school_.years[0].start_date, last, tracks):
        if schedule.day.is_school_day and schedule.starts_at:
            first, after = (
                calendar.now(instant, tracks).interval
                for instant in (schedule.starts_at, schedule.ends_at)
            )
            assert (first.type, first.starts_at) == ("period", schedule.starts_at)
            assert after.starts_at == schedule.ends_at


@quick
@given(school_=schools(), tracks=asked_tracks)
def test_the_days_of_a_range_are_each_day_alone(school_: facts.School, tracks: set[str]) -> None:
    first = school_.years[0].start_date - facts.ONE_DAY
    last = school_.years[-1].end_date + facts.ONE_DAY
    together = Calendar(school_).days(first, last, tracks)
    assert together == tuple(Calendar(school_).day(day, tracks) for day in facts.dates(first, last))


@quick
@given(school_=schools(), tracks=asked_tracks)
def test_week_numbers_are_dense_and_never_decrease(school_: facts.School, tracks: set[str]) -> None:
    calendar = Calendar(school_)
    spans = [
        span
        for its_year in school_.years
        for span in [
            (its_year, "year"),
            *((each, "quarter") for term in its_year.terms for each in term.quarters),
        ]
    ]
    for span, kind in spans:
        days = calendar.days(span.start_date, span.end_date, tracks)
        numbers = [number for day in days if (number := getattr(day.week, kind))]
        assert numbers == sorted(numbers)
        assert set(numbers) == set(range(1, len(set(numbers)) + 1))
        assert all(getattr(day.week, kind) for day in days if day.day.is_school_day)


@quick
@given(school_=schools(), tracks=asked_tracks)
def test_weeks_hold_every_school_day_once(school_: facts.School, tracks: set[str]) -> None:
    calendar = Calendar(school_)
    for its_year in school_.years:
        days = calendar.days(its_year.start_date, its_year.end_date, tracks)
        weeks = calendar.weeks(its_year, tracks)
        assert [week.position for week in weeks] == list(range(1, len(weeks) + 1))
        assert sum(week.school_days for week in weeks) == sum(
            each.day.is_school_day for each in days
        )


@quick
@given(school_=schools())
def test_with_pause_the_cycle_day_is_the_school_day_modulo_the_cycle(
    school_: facts.School,
) -> None:
    calendar = Calendar(school_)
    for its_year in school_.years:
        start = its_year.cycle_start or its_year.start_date
        days = [each.day for each in calendar.days(its_year.start_date, its_year.end_date)]
        turning = [day for day in days if day.is_school_day and day.date >= start]
        length = len(its_year.cycle_days)
        expected = [
            its_year.cycle_days[index % length] if length else None for index in range(len(turning))
        ]
        assert [day.cycle_day for day in turning] == expected
        assert {day.cycle_day for day in days if day not in turning} <= {None}


@quick
@given(school_=schools(), tracks=asked_tracks)
def test_the_minutes_of_every_span_are_sums_of_its_days(
    school_: facts.School, tracks: set[str]
) -> None:
    calendar = Calendar(school_)
    for its_year in school_.years:
        told = calendar.instructional_minutes(its_year, tracks)
        assert told.year.minutes == sum(day.minutes for day in told.days)
        assert told.year.minutes == sum(week.minutes for week in told.weeks)
        assert (
            told.year.school_days == len(told.days) == sum(week.school_days for week in told.weeks)
        )
