import datetime as dt

import pytest

from scheduling.calendar.facts import dates
from scheduling.calendar.splits import Halves, balanced, halves
from tests.scheduling.calendar.builders import date


def spelled(cut: Halves) -> list[str]:
    return [f"{start:%m-%d}..{end:%m-%d}" for start, end in cut]


def weekdays(start: str, end: str) -> list[dt.date]:
    return [day for day in dates(date(start), date(end)) if day.weekday() < 5]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param("2026-09-01", "2026-09-05", ["09-01..09-02", "09-03..09-05"], id="five"),
        pytest.param("2026-09-01", "2026-09-06", ["09-01..09-02", "09-03..09-06"], id="six"),
        pytest.param("2026-08-12", "2026-12-18", ["08-12..10-14", "10-15..12-18"], id="semester"),
        pytest.param("2028-02-27", "2028-03-02", ["02-27..02-28", "02-29..03-02"], id="leap-day"),
    ],
)
def test_the_even_split_goes_by_days(start: str, end: str, expected: list[str]) -> None:
    assert spelled(halves(date(start), date(end))) == expected


@pytest.mark.parametrize("end", ["2026-08-01", "2026-09-01", "2026-09-03", "2026-09-04"])
def test_a_half_of_fewer_than_two_days_is_refused(end: str) -> None:
    with pytest.raises(ValueError, match="at least two days"):
        halves(date("2026-09-01"), date(end))


@pytest.mark.parametrize(
    ("start", "end", "school_days", "expected"),
    [
        pytest.param(
            "2026-09-07",
            "2026-10-02",
            weekdays("2026-09-07", "2026-10-02"),
            ["09-07..09-20", "09-21..10-02"],
            id="equal",
        ),
        pytest.param(
            "2026-09-07",
            "2026-09-25",
            weekdays("2026-09-07", "2026-09-25"),
            ["09-07..09-13", "09-14..09-25"],
            id="the-earliest-of-equals",
        ),
        pytest.param(
            "2026-09-07",
            "2026-10-02",
            weekdays("2026-09-21", "2026-10-02"),
            ["09-07..09-27", "09-28..10-02"],
            id="off-at-first",
        ),
        pytest.param(
            "2026-09-07",
            "2026-10-02",
            weekdays("2026-01-01", "2026-12-31"),
            ["09-07..09-20", "09-21..10-02"],
            id="days-outside-do-not-count",
        ),
        pytest.param(
            "2026-09-07", "2026-10-02", [], ["09-07..09-13", "09-14..10-02"], id="no-school-at-all"
        ),
        pytest.param(
            "2026-09-07",
            "2026-09-12",
            weekdays("2026-09-07", "2026-09-12"),
            ["09-07..09-08", "09-09..09-12"],
            id="no-sunday",
        ),
        pytest.param(
            "2026-09-13", "2026-09-18", [], ["09-13..09-14", "09-15..09-18"], id="sunday-too-early"
        ),
        pytest.param(
            "2026-09-09", "2026-09-14", [], ["09-09..09-10", "09-11..09-14"], id="sunday-too-late"
        ),
        pytest.param(
            "2026-09-12", "2026-09-15", [], ["09-12..09-13", "09-14..09-15"], id="two-and-two"
        ),
    ],
)
def test_the_balanced_split_is_at_the_edge_of_a_week(
    start: str, end: str, school_days: list[dt.date], expected: list[str]
) -> None:
    assert spelled(balanced(date(start), date(end), school_days)) == expected


def test_the_balanced_split_refuses_what_cannot_be_halved() -> None:
    with pytest.raises(ValueError, match="at least two days"):
        balanced(date("2026-09-08"), date("2026-09-10"), [])
