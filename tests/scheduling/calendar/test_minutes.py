import pytest

from scheduling.calendar import facts
from scheduling.calendar.calendar import Calendar
from scheduling.calendar.minutes import DayMinutes, instructional_minutes
from tests.scheduling.calendar.builders import (
    REGULAR,
    SILENT,
    STAFF_DAY,
    date,
    days_off,
    override,
    period,
    quarter,
    school,
    template,
    term,
    year,
)


@pytest.mark.parametrize(
    ("periods", "minutes"),
    [
        pytest.param((), 0, id="none"),
        pytest.param((period(1, "08:00", "08:50", passing=5),), 50, id="last-passing-is-free"),
        pytest.param(
            (period(1, "08:00", "08:50", passing=5), period(2, "08:55", "09:45", passing=5)),
            105,
            id="passing-between",
        ),
        pytest.param(
            (period(1, "08:00", "08:50", passing=25), period(2, "09:15", "10:05")),
            110,
            id="passing-up-to-the-cap",
        ),
        pytest.param(
            (period(1, "08:00", "08:50"), period(2, "09:15", "10:05")),
            100,
            id="a-gap-is-no-passing",
        ),
        pytest.param(
            (
                period(1, "08:00", "08:50", passing=5),
                period(2, "08:55", "09:25", type="lunch", passing=5),
                period(3, "09:30", "10:00", type="exam", passing=5),
                period(4, "10:05", "10:15", type="advisory", passing=5),
                period(5, "10:20", "10:50", type="after"),
            ),
            105,
            id="types",
        ),
        pytest.param(
            (
                period(1, "08:00", "09:00", track="a", passing=5),
                period(2, "08:30", "08:40", track="b", passing=5),
            ),
            70,
            id="parallel-is-not-later",
        ),
        pytest.param(
            (
                period(1, "08:00", "09:00", track="a", passing=5),
                period(2, "09:00", "09:30", track="b", type="lunch"),
            ),
            65,
            id="touching-is-later",
        ),
    ],
)
def test_a_day_counts_its_instruction_and_the_passing_within(
    periods: tuple[facts.Period, ...], minutes: int
) -> None:
    assert instructional_minutes(periods, 10) == minutes


CALENDAR = Calendar(
    school(
        year(
            "2026-09-07",
            "2026-09-21",
            terms=(
                term(
                    "SEM1",
                    "2026-09-07",
                    "2026-09-17",
                    quarter("Q1", "2026-09-07", "2026-09-11"),
                    quarter("Q2", "2026-09-14", "2026-09-16"),
                ),
                term("SEM2", "2026-09-18", "2026-09-21"),
            ),
            breaks=(days_off("Fair", "2026-09-08"),),
            overrides=(
                override("Trip", "2026-09-09", template="silent"),
                override("Training", "2026-09-10", template="staff-day"),
                override("Extra", "2026-09-21", template="zero"),
            ),
        ),
        templates=(
            REGULAR,
            SILENT,
            STAFF_DAY,
            template(
                "zero", period(1, "08:00", "09:00"), period(0, "07:00", "07:50", track="zero")
            ),
        ),
    )
)
YEAR = CALENDAR.school.years[0]


def test_the_minutes_of_a_year_add_up_in_every_span() -> None:
    told = CALENDAR.instructional_minutes(YEAR)
    assert told.days[:3] == (
        DayMinutes(date("2026-09-07"), 120),
        DayMinutes(date("2026-09-09"), 0),
        DayMinutes(date("2026-09-11"), 120),
    )
    assert (told.year.span, told.year.minutes, told.year.school_days) == (YEAR, 900, 9)
    assert [
        [(each.minutes, each.school_days) for each in spans]
        for spans in (told.terms, told.quarters, told.weeks)
    ] == [
        [(720, 7), (180, 2)],
        [(240, 3), (360, 3)],
        [(240, 3), (600, 5), (60, 1)],
    ]
    assert [each.span.number for each in told.weeks] == [1, 2, 3]
    assert [each.span.quarter_type for each in told.quarters] == ["Q1", "Q2"]


@pytest.mark.parametrize(
    ("tracks", "minutes", "school_days"),
    [
        pytest.param(("none",), 900, 9, id="none"),
        pytest.param(("all",), 900, 9, id="all"),
        pytest.param(("zero",), 950, 9, id="zero"),
        pytest.param(("staff",), 900, 10, id="staff"),
    ],
)
def test_minutes_are_a_persons(tracks: tuple[str, ...], minutes: int, school_days: int) -> None:
    told = CALENDAR.instructional_minutes(YEAR, tracks).year
    assert (told.minutes, told.school_days) == (minutes, school_days)


def test_the_minutes_of_a_day_are_those_of_its_schedule() -> None:
    told = CALENDAR.instructional_minutes(YEAR, ["zero"]).days
    assert all(
        CALENDAR.day(day.date, ["zero"]).instructional_minutes == day.minutes for day in told
    )
