import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import Q

from scheduling import rules

YEAR = SimpleNamespace(start_date=dt.date(2026, 8, 12), end_date=dt.date(2027, 6, 3))


def at(clock: str) -> dt.time:
    return dt.time.fromisoformat(clock)


def rule(*weekdays: str, cycle_day: str = "", since: str = "", until: str = "") -> Any:
    return SimpleNamespace(
        weekdays=list(weekdays),
        cycle_day=cycle_day,
        valid_from=dt.date.fromisoformat(since) if since else None,
        valid_to=dt.date.fromisoformat(until) if until else None,
    )


@pytest.mark.parametrize(
    ("start", "minutes", "expected"),
    [
        ("08:30", 0, "08:30"),
        ("08:30", 50, "09:20"),
        ("23:00", 59, "23:59"),
        ("23:00", 60, "00:00"),
        ("23:30", 45, "00:15"),
        ("00:00", 1440, "00:00"),
        ("08:30:59", 1, "08:31"),
    ],
)
def test_the_clock_wraps_at_midnight_and_drops_seconds(
    start: str, minutes: int, expected: str
) -> None:
    assert rules.clock_after(at(start), minutes) == at(expected)


@pytest.mark.parametrize(("clock", "minute"), [("00:00", 0), ("08:30", 510), ("23:59", 1439)])
def test_minutes_are_counted_from_midnight(clock: str, minute: int) -> None:
    assert rules.minute_of_day(at(clock)) == minute


@pytest.mark.parametrize(
    ("track", "other", "expected"),
    [
        ("", "", True),
        ("", "a", True),
        ("a", "", True),
        ("a", "a", True),
        ("a", "b", False),
    ],
)
def test_everybodys_periods_meet_every_track(track: str, other: str, expected: bool) -> None:
    assert rules.share_a_person(track, other) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(rule("monday"), rule("monday"), "2026-08-17", id="the-first-monday"),
        pytest.param(rule("tuesday"), rule("monday"), None, id="no-weekday"),
        pytest.param(
            rule("wednesday", "monday"), rule("monday", "wednesday"), "2026-08-12", id="first-day"
        ),
        pytest.param(
            rule("monday", since="2026-10-06"), rule("monday"), "2026-10-12", id="from-a-date"
        ),
        pytest.param(
            rule("monday", until="2026-08-16"), rule("monday"), None, id="until-the-day-before"
        ),
        pytest.param(
            rule("monday", until="2026-08-17"), rule("monday"), "2026-08-17", id="until-that-day"
        ),
        pytest.param(rule(cycle_day="A"), rule(cycle_day="A"), "2026-08-12", id="rotation-day"),
        pytest.param(rule(cycle_day="A"), rule(cycle_day="B"), None, id="other-rotation-day"),
        pytest.param(rule("monday"), rule(cycle_day="A"), None, id="other-specificity"),
        pytest.param(
            rule(cycle_day="A", since="2026-09-02"),
            rule(cycle_day="A", until="2026-09-01"),
            None,
            id="disjoint",
        ),
        pytest.param(
            rule(cycle_day="A", since="2027-06-04"),
            rule(cycle_day="A"),
            None,
            id="after-the-year",
        ),
    ],
)
def test_the_first_date_on_which_two_rules_meet(one: Any, other: Any, expected: str | None) -> None:
    expected_day = dt.date.fromisoformat(expected) if expected else None

    assert rules.first_common_day(one, other, YEAR) == expected_day
    assert rules.first_common_day(other, one, YEAR) == expected_day


def test_combinations_are_joined_by_or() -> None:
    assert rules.any_of([{"a": 1, "b": 2}, {"a": 3}]) == Q(a=1, b=2) | Q(a=3)
    assert rules.any_of([]) == Q()
