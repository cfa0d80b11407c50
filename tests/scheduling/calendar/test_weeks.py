import itertools
import json
from pathlib import Path

import pytest

from scheduling.calendar import facts
from scheduling.calendar.calendar import Calendar
from scheduling.calendar.weeks import Week, WeekNumbers
from tests.scheduling.calendar.builders import (
    REGULAR,
    STAFF_DAY,
    date,
    days_off,
    override,
    quarter,
    school,
    term,
    year,
)

FILE = Path(__file__).parents[2] / "data" / "academic_calendars.json"
REAL = {each["id"]: each for each in json.loads(FILE.read_text())["calendars"]}


def calendar(*terms: facts.Term, **given) -> Calendar:
    return Calendar(school(year(terms=terms, **given), templates=(REGULAR, STAFF_DAY)))


def year_numbers(its_calendar: Calendar, *tracks: str) -> list[int | None]:
    return [week.number for week in its_calendar.weeks(its_calendar.school.years[0], tracks)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, [1, 2, 3, 4, 5, 6, 7, 8], id="plain"),
        pytest.param(
            {"breaks": (days_off("Fall", "2026-09-21", "2026-09-25"),)},
            [1, 2, None, 3, 4, 5, 6, 7],
            id="a-week-of-break-has-no-number",
        ),
        pytest.param(
            {"breaks": (days_off("Fall", "2026-09-21", "2026-09-24"),)},
            [1, 2, 3, 4, 5, 6, 7, 8],
            id="a-partly-broken-week-counts",
        ),
        pytest.param(
            {"breaks": (days_off("Fall", "2026-09-21", "2026-09-25", counts_weeks=True),)},
            [1, 2, 3, 4, 5, 6, 7, 8],
            id="a-break-that-counts-weeks",
        ),
        pytest.param(
            {
                "breaks": (
                    days_off("Fall", "2026-09-21", "2026-09-25"),
                    days_off("Fair", "2026-09-26", "2026-09-27", counts_weeks=True),
                )
            },
            [1, 2, None, 3, 4, 5, 6, 7],
            id="a-free-weekend-counts-for-nothing",
        ),
        pytest.param(
            {
                "breaks": (days_off("Fall", "2026-09-21", "2026-09-25"),),
                "overrides": (override("Make-up", "2026-09-26", template="regular"),),
            },
            [1, 2, 3, 4, 5, 6, 7, 8],
            id="a-make-up-saturday-makes-a-week",
        ),
        pytest.param(
            {"overrides": (override("Flood", "2026-09-05", "2026-09-14"),)},
            [None, 1, 2, 3, 4, 5, 6, 7],
            id="the-first-week-is-the-first-with-school",
        ),
        pytest.param(
            {
                "overrides": (
                    override("Training", "2026-09-21", "2026-09-25", template="staff-day"),
                )
            },
            [1, 2, None, 3, 4, 5, 6, 7],
            id="a-week-of-the-staff",
        ),
    ],
)
def test_weeks_with_school_are_numbered_densely(given: dict, expected: list[int | None]) -> None:
    assert year_numbers(calendar(**given)) == expected


def test_the_staff_count_their_own_weeks() -> None:
    training = override("Training", "2026-09-21", "2026-09-25", template="staff-day")
    its_calendar = calendar(overrides=(training,))
    assert year_numbers(its_calendar, "staff") == [1, 2, 3, 4, 5, 6, 7, 8]
    assert its_calendar.week_numbers(date("2026-09-22"), ["staff"]).year == 3
    assert its_calendar.week_numbers(date("2026-09-22")).year is None


SEMESTER = term(
    "SEM1",
    "2026-09-07",
    "2026-10-23",
    quarter("Q1", "2026-09-07", "2026-09-23"),
    quarter("Q2", "2026-09-24", "2026-10-23"),
)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param("2026-09-06", WeekNumbers(), id="outside-the-year"),
        pytest.param("2026-09-07", WeekNumbers(1, 1, 1), id="first-day"),
        pytest.param("2026-09-13", WeekNumbers(1, 1, 1), id="sunday"),
        pytest.param("2026-09-23", WeekNumbers(3, 3, 3), id="the-quarter-ends-midweek"),
        pytest.param("2026-09-24", WeekNumbers(1, 3, 3), id="the-next-begins-midweek"),
        pytest.param("2026-10-24", WeekNumbers(None, None, 7), id="after-the-term"),
    ],
)
def test_a_date_has_a_week_number_in_each_of_its_spans(day: str, expected: WeekNumbers) -> None:
    its_calendar = calendar(SEMESTER)
    assert its_calendar.week_numbers(date(day)) == expected
    assert its_calendar.day(date(day)).week == expected


def test_the_number_in_a_term_is_the_semesters() -> None:
    trimester = term("TRI1", "2026-09-14", "2026-10-30")
    its_calendar = calendar(trimester, SEMESTER)
    numbers = [its_calendar.week_numbers(date(day)).term for day in ("2026-09-21", "2026-10-26")]
    assert numbers == [3, 7]


def test_a_week_tells_its_positions_and_its_school_days() -> None:
    fair = days_off("Fair", "2026-09-14", "2026-09-15")
    its_calendar = calendar(SEMESTER, breaks=(fair, days_off("Fall", "2026-09-21", "2026-09-25")))
    weeks = its_calendar.weeks(its_calendar.school.years[0])
    assert weeks[1:4] == (
        Week(2, date("2026-09-14"), 2, 2, 2, date("2026-09-16"), date("2026-09-18"), 3),
        Week(3, date("2026-09-21"), None, None, None, None, None, 0),
        Week(4, date("2026-09-28"), 3, 1, 3, date("2026-09-28"), date("2026-10-02"), 5),
    )


def test_a_year_that_begins_midweek_has_that_week() -> None:
    midweek = Calendar(school(year("2026-09-09", "2026-09-15")))
    weeks = midweek.weeks(midweek.school.years[0])
    assert [(week.position, week.monday, week.school_days) for week in weeks] == [
        (1, date("2026-09-07"), 3),
        (2, date("2026-09-14"), 2),
    ]


def real_calendar(name: str) -> Calendar:
    """A published calendar: two semesters of two quarters each, all days off as breaks."""
    quarters = [quarter(*row) for row in REAL[name]["quarters"]]
    terms = [
        term(kind, str(first.start_date), str(second.end_date), first, second)
        for kind, first, second in [("SEM1", *quarters[:2]), ("SEM2", *quarters[2:])]
    ]
    breaks = tuple(days_off("Off", start, end) for start, end in REAL[name]["off"])
    first, last = REAL[name]["quarters"][0][1], REAL[name]["quarters"][-1][2]
    return Calendar(school(year(first, last, terms=tuple(terms), breaks=breaks)))


def quarters_of(its_calendar: Calendar) -> list[facts.Quarter]:
    return [each for term_ in its_calendar.school.years[0].terms for each in term_.quarters]


def test_piggott_has_the_school_days_it_published() -> None:
    its_calendar = real_calendar("piggott-2017-18")
    held = [
        sum(
            each.day.is_school_day
            for each in its_calendar.days(quarter_.start_date, quarter_.end_date)
        )
        for quarter_ in quarters_of(its_calendar)
    ]
    assert held == REAL["piggott-2017-18"]["days"] == [42, 41, 45, 50]


@pytest.mark.parametrize("name", sorted(REAL))
def test_a_real_calendar_has_no_quarter_in_its_gaps(name: str) -> None:
    its_calendar = real_calendar(name)
    quarters = quarters_of(its_calendar)
    for before, after in itertools.pairwise(quarters):
        first, *gap, last = its_calendar.days(before.end_date, after.start_date)
        assert (first.day.quarter, last.day.quarter) == (before, after)
        assert {each.day.quarter for each in gap} <= {None}
        assert {each.week.quarter for each in gap} <= {None}


def test_a_quarter_that_begins_on_thursday_counts_the_shared_week_again() -> None:
    its_calendar = real_calendar("piggott-2017-18")
    days = its_calendar.days(date("2017-10-11"), date("2017-10-16"))
    assert [each.week.quarter for each in days] == [9, 1, 1, 1, 1, 2]
