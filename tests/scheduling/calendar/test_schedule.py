import datetime as dt

import pytest

from scheduling.calendar.answers import DailySchedule
from scheduling.calendar.calendar import Calendar
from tests.scheduling.calendar.builders import (
    ALL_DAYS,
    STAFF_DAY,
    WED,
    date,
    period,
    rule,
    school,
    template,
    utc,
    year,
)

WAVES = template(
    "waves",
    period(5, "15:00", "16:00", track="seventh"),
    period(1, "08:30", "09:30", passing=6),
    period(9, "07:30", "08:15", track="staff", type="staff"),
    period(21, "11:00", "11:30", track="lunch-b", type="lunch"),
    period(20, "10:30", "11:00", track="lunch-a", type="lunch"),
    period(3, "10:30", "11:30", track="lunch-0"),
    period(4, "12:00", "13:00"),
    is_default=True,
)


def ask(*tracks: str, day: str = "2026-09-08") -> DailySchedule:
    its_school = school(year(rules=(rule("staff-day", {WED}),)), templates=(WAVES, STAFF_DAY))
    return Calendar(its_school).day(date(day), tracks)


@pytest.mark.parametrize(
    ("tracks", "numbers", "bounds", "minutes"),
    [
        pytest.param((), [9, 1, 20, 3, 21, 4, 5], ("13:30", "18:00"), 126, id="default"),
        pytest.param(("all",), [9, 1, 20, 3, 21, 4, 5], ("13:30", "18:00"), 126, id="all"),
        pytest.param(("none",), [1, 4], ("13:30", "18:00"), 126, id="none"),
        pytest.param(("unheard-of",), [1, 4], ("13:30", "18:00"), 126, id="unknown"),
        pytest.param(("lunch-a",), [1, 20, 4], ("13:30", "18:00"), 126, id="one"),
        pytest.param(("lunch-a", "seventh"), [1, 20, 4, 5], ("13:30", "21:00"), 186, id="several"),
        pytest.param(("none", "seventh"), [1, 4, 5], ("13:30", "21:00"), 186, id="none-and-one"),
        pytest.param(
            ("all", "seventh"), [9, 1, 20, 3, 21, 4, 5], ("13:30", "21:00"), 186, id="all-and-one"
        ),
        pytest.param(("staff",), [9, 1, 4], ("12:30", "18:00"), 126, id="staff"),
    ],
)
def test_tracks_say_whose_day_it_is(
    tracks: tuple[str, ...], numbers: list[int], bounds: tuple[str, str], minutes: int
) -> None:
    schedule = ask(*tracks)
    assert [bell.period.number for bell in schedule.periods] == numbers
    starts_at, ends_at = (utc(f"2026-09-08T{time}") for time in bounds)
    assert (schedule.starts_at, schedule.ends_at) == (starts_at, ends_at)
    assert schedule.instructional_minutes == minutes


def test_a_day_of_the_staff_shows_its_periods_to_all_but_is_no_day_of_theirs() -> None:
    schedule = ask(day="2026-09-09")
    assert [bell.period.track for bell in schedule.periods] == ["staff"]
    assert (schedule.starts_at, schedule.instructional_minutes) == (None, 0)
    assert ask("staff", day="2026-09-09").starts_at == utc("2026-09-09T14:00")


def test_a_closed_day_has_no_bells() -> None:
    schedule = ask(day="2026-09-12")
    assert (schedule.starts_at, schedule.ends_at, schedule.periods) == (None, None, ())
    assert schedule.instructional_minutes == 0


def test_a_bell_rings_at_the_same_time_on_both_sides_of_a_clock_change() -> None:
    calendar = Calendar(school(year("2026-10-26", "2026-11-06")))
    before, after = (calendar.day(date(day)) for day in ("2026-10-30", "2026-11-02"))
    assert before.starts_at == utc("2026-10-30T13:30")
    assert after.starts_at == utc("2026-11-02T14:30")
    assert before.starts_at.tzinfo is dt.UTC


@pytest.mark.parametrize(
    ("day", "starts_at", "ends_at"),
    [
        pytest.param("2026-03-08", "2026-03-08T08:30", "2026-03-08T08:00", id="skipped"),
        pytest.param("2026-11-01", "2026-11-01T08:30", "2026-11-01T09:00", id="after-repeated"),
        pytest.param("2026-03-09", "2026-03-09T07:30", "2026-03-09T08:00", id="ordinary"),
    ],
)
def test_a_time_that_the_clock_skips_is_read_with_the_offset_before(
    day: str, starts_at: str, ends_at: str
) -> None:
    night = template("night", period(1, "02:30", "03:00"), is_default=True)
    every_day = school(year("2026-03-01", "2026-11-30"), templates=(night,), weekdays=ALL_DAYS)
    bell = Calendar(every_day).day(date(day)).periods[0]
    assert (bell.starts_at, bell.ends_at) == (utc(starts_at), utc(ends_at))


def test_of_a_time_that_the_clock_shows_twice_the_first_is_meant() -> None:
    night = template("night", period(1, "01:30", "02:00"), is_default=True)
    every_day = school(year("2026-10-01", "2026-11-30"), templates=(night,), weekdays=ALL_DAYS)
    assert Calendar(every_day).day(date("2026-11-01")).starts_at == utc("2026-11-01T06:30")


def test_the_days_of_a_range_include_both_ends() -> None:
    calendar = Calendar(school(year()))
    days = calendar.days(date("2026-09-06"), date("2026-09-08"))
    assert [each.day.date.day for each in days] == [6, 7, 8]
    assert calendar.days(date("2026-09-08"), date("2026-09-07")) == ()


def test_an_answer_names_its_school() -> None:
    assert ask().school.slug == "maple-high"
