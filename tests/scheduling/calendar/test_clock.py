import datetime as dt

import pytest

from scheduling.calendar.answers import Now
from scheduling.calendar.calendar import Calendar
from scheduling.calendar.clock import tiles
from tests.scheduling.calendar.builders import (
    ALL_DAYS,
    REGULAR,
    SILENT,
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

HALF = template("half", period(1, "10:00", "10:30"))
TEMPLATES = (REGULAR, SILENT, STAFF_DAY, HALF)


def calendar(*years, **given) -> Calendar:
    """A year in Chicago, five hours behind UTC: bells 13:30-14:30 and 14:36-15:36."""
    return Calendar(school(*(years or (year(**given),)), templates=TEMPLATES))


def ask(instant: str, *tracks: str, **given) -> Now:
    return calendar(**given).now(utc(instant), tracks)


def interval(now: Now) -> tuple:
    found = now.interval
    return found.type, found.name, bound(found.starts_at), bound(found.ends_at)


def bound(instant: dt.datetime | None) -> str | None:
    return instant and f"{instant:%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        pytest.param(
            "2026-09-08T13:30", ("period", "Period 1", "09-08 13:30", "09-08 14:30"), id="start"
        ),
        pytest.param(
            "2026-09-08T14:29:59", ("period", "Period 1", "09-08 13:30", "09-08 14:30"), id="last"
        ),
        pytest.param(
            "2026-09-08T14:30",
            ("passing", "Passing to Period 2", "09-08 14:30", "09-08 14:36"),
            id="the-end-belongs-to-what-follows",
        ),
        pytest.param(
            "2026-09-08T14:36", ("period", "Period 2", "09-08 14:36", "09-08 15:36"), id="next"
        ),
        pytest.param(
            "2026-09-08T15:36",
            ("after_school", "After school", "09-08 15:36", "09-09 13:30"),
            id="the-last-bell",
        ),
        pytest.param(
            "2026-09-09T04:59:59",
            ("after_school", "After school", "09-08 15:36", "09-09 13:30"),
            id="before-local-midnight",
        ),
        pytest.param(
            "2026-09-09T05:00",
            ("before_school", "Before school", "09-08 15:36", "09-09 13:30"),
            id="local-midnight",
        ),
        pytest.param(
            "2026-09-12T12:00", ("break", "Weekend", "09-11 15:36", "09-14 13:30"), id="weekend"
        ),
        pytest.param(
            "2026-09-11T15:36", ("break", "Weekend", "09-11 15:36", "09-14 13:30"), id="friday"
        ),
        pytest.param(
            "2026-09-07T13:29", ("summer", "Summer", None, "09-07 13:30"), id="before-all"
        ),
        pytest.param("2020-01-01T00:00", ("summer", "Summer", None, "09-07 13:30"), id="long-ago"),
        pytest.param("2026-10-30T15:36", ("summer", "Summer", "10-30 15:36", None), id="after-all"),
        pytest.param("2031-01-01T00:00", ("summer", "Summer", "10-30 15:36", None), id="far-off"),
    ],
)
def test_an_instant_lies_in_one_interval(instant: str, expected: tuple) -> None:
    assert interval(ask(instant)) == expected


@pytest.mark.parametrize(
    ("given", "name"),
    [
        pytest.param({"breaks": (days_off("Fair", "2026-09-10"),)}, "Fair", id="one-day"),
        pytest.param(
            {
                "breaks": (
                    days_off("Fair", "2026-09-10"),
                    days_off("Fall", "2026-09-11", "2026-09-20"),
                )
            },
            "Fall",
            id="the-longest",
        ),
        pytest.param(
            {"breaks": (days_off("Art", "2026-09-11"), days_off("Zoo", "2026-09-10"))},
            "Zoo",
            id="the-first-of-equals",
        ),
        pytest.param(
            {
                "breaks": (days_off("Fair", "2026-09-10", "2026-09-12"),),
                "overrides": (override("Flood", "2026-09-13", "2026-09-16"),),
            },
            "Flood",
            id="a-closed-override",
        ),
        pytest.param(
            {
                "breaks": (
                    days_off("Fall", "2026-09-08", "2026-09-10"),
                    days_off("Fair", "2026-09-11", "2026-09-12"),
                ),
                "overrides": (override("Open", "2026-09-08", "2026-09-09", template="half"),),
            },
            "Fair",
            id="only-the-days-inside-count",
        ),
        pytest.param(
            {"overrides": (override("Staff", "2026-09-10", template="staff-day"),)},
            "No school",
            id="a-day-of-the-staff",
        ),
        pytest.param(
            {"overrides": (override("Trip", "2026-09-10", template="silent"),)},
            "No school",
            id="a-school-day-without-bells",
        ),
        pytest.param(
            {"breaks": (days_off("Fair", "2026-09-11"),)}, "After school", id="the-day-before"
        ),
    ],
)
def test_a_break_is_named_by_the_longest_it_holds(given: dict, name: str) -> None:
    assert ask("2026-09-09T16:00", **given).interval.name == name


def test_nothing_is_on_in_a_school_without_years() -> None:
    now = Calendar(school()).now(utc("2026-09-08T14:00"))
    assert interval(now) == ("summer", "Summer", None, None)
    assert (now.seconds_left, now.next_period) == (None, None)
    assert (now.next_school_day, now.previous_school_day, now.school_days_left) == (None, None, 0)


@pytest.mark.parametrize(
    "instant", ["2026-06-12T15:36", "2026-07-04T12:00", "2026-08-10T00:00", "2026-09-07T13:29"]
)
def test_between_two_years_it_is_summer(instant: str) -> None:
    empty = year("2026-08-01", "2026-08-31", breaks=(days_off("All", "2026-08-01", "2026-08-31"),))
    now = calendar(year("2025-09-01", "2026-06-12"), empty, year()).now(utc(instant))
    assert interval(now) == ("summer", "Summer", "06-12 15:36", "09-07 13:30")
    assert now.next_school_day.date == date("2026-09-07")
    assert now.previous_school_day.date == date("2026-06-12")


def test_years_that_touch_are_parted_by_a_summer_of_one_night() -> None:
    touching = calendar(year("2026-09-01", "2026-09-08"), year("2026-09-09", "2026-09-30"))
    assert touching.now(utc("2026-09-08T20:00")).interval.type == "summer"


def test_now_tells_all_about_an_instant() -> None:
    now = ask("2026-09-08T14:32:00.4")
    assert now.at == dt.datetime(2026, 9, 8, 14, 32, 0, 400_000, tzinfo=dt.UTC)
    assert now.local_time.isoformat() == "2026-09-08T09:32:00.400000-05:00"
    assert now.seconds_left == 239
    assert now.next_period.period.number == 2
    assert now.next_period.starts_at == utc("2026-09-08T14:36")
    assert now.next_school_day.date == date("2026-09-09")
    assert now.next_school_day.starts_at == utc("2026-09-09T13:30")
    assert now.previous_school_day.date == date("2026-09-07")
    assert now.previous_school_day.ends_at == utc("2026-09-07T15:36")
    assert now.school.revision == 42


def test_an_instant_may_come_in_any_zone_but_not_without_one() -> None:
    eastern = dt.datetime(2026, 9, 8, 10, tzinfo=dt.timezone(dt.timedelta(hours=-4)))
    assert calendar().now(eastern) == ask("2026-09-08T14:00")
    with pytest.raises(ValueError, match="time zone"):
        calendar().now(dt.datetime(2026, 9, 8, 10))  # noqa: DTZ001


def test_a_period_under_way_is_shown_with_its_bell() -> None:
    now = ask("2026-09-08T14:00")
    assert (now.interval.period.period.number, now.interval.period.date.day) == (1, 8)
    assert now.seconds_left == 1800
    assert ask("2026-09-08T14:33").interval.period is None


@pytest.mark.parametrize(
    ("instant", "previous", "following", "period_on"),
    [
        pytest.param("2026-09-08T13:29", "09-07", "09-08", "09-08", id="ahead"),
        pytest.param("2026-09-08T13:30", "09-07", "09-09", "09-08", id="first-bell"),
        pytest.param("2026-09-08T14:36", "09-07", "09-09", "09-09", id="last-period"),
        pytest.param("2026-09-08T15:35:59", "09-07", "09-09", "09-09", id="almost-over"),
        pytest.param("2026-09-08T15:36", "09-08", "09-09", "09-09", id="last-bell"),
        pytest.param("2026-09-07T00:00", None, "09-07", "09-07", id="before-all"),
        pytest.param("2026-10-30T14:00", "10-29", None, "10-30", id="last-day"),
        pytest.param("2026-10-30T15:00", "10-29", None, None, id="last-period-of-all"),
    ],
)
def test_school_days_around_an_instant(
    instant: str, previous: str | None, following: str | None, period_on: str | None
) -> None:
    now = ask(instant)
    around = (now.previous_school_day, now.next_school_day, now.next_period)
    assert [each and f"{each.date:%m-%d}" for each in around] == [previous, following, period_on]


@pytest.mark.parametrize(
    ("instant", "left"),
    [
        pytest.param("2026-10-26T00:00", 5, id="before-the-last-week"),
        pytest.param("2026-10-26T15:35", 5, id="before-the-last-bell"),
        pytest.param("2026-10-26T15:36", 4, id="last-bell"),
        pytest.param("2026-10-28T20:00", 3, id="a-day-without-bells-lasts"),
        pytest.param("2026-10-29T04:59", 3, id="until-local-midnight"),
        pytest.param("2026-10-29T05:00", 2, id="and-not-longer"),
        pytest.param("2026-10-30T15:36", 0, id="all-over"),
        pytest.param("2026-10-31T05:00", 0, id="after-the-year"),
        pytest.param("2026-09-07T04:59", 0, id="the-night-before-the-year"),
        pytest.param("2026-09-07T05:00", 40, id="the-first-day"),
    ],
)
def test_school_days_left_count_down(instant: str, left: int) -> None:
    trip = override("Trip", "2026-10-28", template="silent")
    assert ask(instant, overrides=(trip,)).school_days_left == left


def test_the_staff_have_days_of_their_own() -> None:
    training = (override("Training", "2026-09-09", template="staff-day"),)
    students, staff = (
        ask("2026-09-08T16:00", *tracks, overrides=training) for tracks in ((), ("staff",))
    )
    assert [each.next_school_day.date.day for each in (students, staff)] == [10, 9]
    assert [each.school_days_left for each in (students, staff)] == [37, 38]
    assert [each.interval.type for each in (students, staff)] == ["break", "after_school"]


def test_a_persons_day_has_the_tracks_that_were_asked_for() -> None:
    waves = template(
        "waves",
        period(1, "08:00", "09:00"),
        period(20, "09:00", "09:30", track="lunch-a", name="Lunch A"),
        period(21, "09:10", "09:40", track="lunch-b", name="Lunch B"),
        period(22, "09:15", "09:25", track="lunch-c", name="Lunch C"),
        period(2, "09:40", "10:00"),
        is_default=True,
    )
    its_calendar = Calendar(school(year(), templates=(waves,)))
    spans = {
        tracks: [
            interval(its_calendar.now(utc(f"2026-09-08T14:{minute}"), tracks))[1:]
            for minute in ("05", "20", "35")
        ]
        for tracks in [(), ("lunch-b",), ("lunch-c", "lunch-b", "lunch-a")]
    }
    passing = ("Passing to Period 2", "09-08 14:00", "09-08 14:40")
    lunch = ("Lunch B", "09-08 14:10", "09-08 14:40")
    first, rest = (
        ("Lunch A", "09-08 14:00", "09-08 14:30"),
        ("Lunch B", "09-08 14:30", "09-08 14:40"),
    )
    assert spans == {
        (): [passing, passing, passing],
        ("lunch-b",): [("Passing to Lunch B", "09-08 14:00", "09-08 14:10"), lunch, lunch],
        ("lunch-c", "lunch-b", "lunch-a"): [first, first, rest],
    }


def test_the_tiles_of_a_session_run_from_its_first_bell_to_its_last() -> None:
    schedule = calendar().day(date("2026-09-08"))
    found = [
        (each.type, bound(each.ends_at)) for each in tiles(schedule.periods, schedule.starts_at)
    ]
    assert found == [
        ("period", "09-08 14:30"),
        ("passing", "09-08 14:36"),
        ("period", "09-08 15:36"),
    ]


def test_a_period_that_the_clock_swallows_is_not_on() -> None:
    night = template(
        "night",
        period(1, "01:30", "02:00"),
        period(2, "02:30", "03:00"),
        period(3, "03:00", "04:00"),
        is_default=True,
    )
    every_day = school(year("2026-03-01", "2026-03-31"), templates=(night,), weekdays=ALL_DAYS)
    now = Calendar(every_day).now(utc("2026-03-08T08:45"))
    assert interval(now) == ("period", "Period 3", "03-08 08:00", "03-08 09:00")


def test_a_day_is_over_before_a_last_period_that_the_clock_swallows() -> None:
    night = template(
        "night", period(1, "00:00", "00:30"), period(2, "02:00", "03:00"), is_default=True
    )
    every_day = school(year("2026-03-01", "2026-03-31"), templates=(night,), weekdays=ALL_DAYS)
    its_calendar = Calendar(every_day)
    now = its_calendar.now(utc("2026-03-08T06:15"))
    assert interval(now) == ("period", "Period 1", "03-08 06:00", "03-08 06:30")
    assert now.next_period.date == date("2026-03-09")
    assert its_calendar.now(utc("2026-03-08T06:30")).interval.type == "after_school"
    assert its_calendar.day(date("2026-03-08")).ends_at == utc("2026-03-08T06:30")


def test_a_date_that_the_clock_skips_shares_its_bells_with_the_next() -> None:
    samoa = school(year("2011-12-26", "2011-12-31"), timezone="Pacific/Apia", weekdays=ALL_DAYS)
    now = Calendar(samoa).now(utc("2011-12-30T18:45"))
    assert interval(now)[1:] == ("Period 1", "12-30 18:30", "12-30 19:30")
    assert now.next_school_day is None
