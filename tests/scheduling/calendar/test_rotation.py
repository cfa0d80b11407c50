import pytest

from scheduling.calendar.calendar import Calendar
from tests.scheduling.calendar.builders import (
    FRI,
    REGULAR,
    STAFF_DAY,
    THU,
    WED,
    date,
    days_off,
    override,
    rule,
    school,
    year,
)

TEMPLATES = (REGULAR, STAFF_DAY)


def shown(start: str, end: str, *tracks: str, cycle: str = "ABC", **given) -> str:
    """Spell the cycle days of some dates, a dot where there is none."""
    its_year = year(cycle_days=tuple(cycle), **given)
    answers = Calendar(school(its_year, templates=TEMPLATES)).days(date(start), date(end), tracks)
    return "".join(each.day.cycle_day or "." for each in answers)


SNOW = override("Snow", "2026-09-09")
FORCED = override("B day", "2026-09-09", template="regular", cycle_day="B")


@pytest.mark.parametrize(
    ("given", "pause", "by_calendar"),
    [
        pytest.param({}, "ABCAB..CABCA", "ABCAB..CABCA", id="plain"),
        pytest.param({"cycle": ""}, "............", "............", id="no-rotation"),
        pytest.param(
            {"cycle_start": date("2026-09-09")}, "..ABC..ABCAB", "..ABC..ABCAB", id="starts-later"
        ),
        pytest.param({"overrides": (SNOW,)}, "AB.CA..BCABC", "AB.AB..CABCA", id="closure"),
        pytest.param(
            {"breaks": (days_off("Fair", "2026-09-09", "2026-09-12"),)},
            "AB.....CABCA",
            "AB.....CABCA",
            id="break-of-three-turns",
        ),
        pytest.param({"overrides": (FORCED,)}, "ABBCA..BCABC", "ABBCA..BCABC", id="forced"),
        pytest.param(
            {
                "overrides": (
                    override("B", "2026-09-09", "2026-09-10", template="regular", cycle_day="B"),
                )
            },
            "ABBBC..ABCAB",
            "ABBBC..ABCAB",
            id="every-day-of-an-override-is-forced",
        ),
        pytest.param(
            {"overrides": (override("A", "2026-09-09", cycle_day="A"),)},
            "AB.CA..BCABC",
            "AB.BC..ABCAB",
            id="forced-and-closed",
        ),
        pytest.param(
            {"overrides": (override("D", "2026-09-09", template="regular", cycle_day="D"),)},
            "ABCAB..CABCA",
            "ABCAB..CABCA",
            id="forced-to-what-the-year-does-not-know",
        ),
        pytest.param(
            {"overrides": (override("T", "2026-09-09", template="regular", holds_cycle=True),)},
            "AB.CA..BCABC",
            "AB.CA..BCABC",
            id="held",
        ),
        pytest.param(
            {"overrides": (override("T", "2026-09-09", holds_cycle=True),)},
            "AB.CA..BCABC",
            "AB.CA..BCABC",
            id="held-and-closed",
        ),
        pytest.param(
            {"overrides": (override("M", "2026-09-12", template="regular"),)},
            "ABCABC.ABCAB",
            "ABCAB..CABCA",
            id="make-up-saturday",
        ),
        pytest.param(
            {"overrides": (override("M", "2026-09-12", template="regular", cycle_day="A"),)},
            "ABCABA.BCABC",
            "ABCABA.BCABC",
            id="forced-make-up-saturday",
        ),
        pytest.param(
            {"rules": (rule("staff-day", {WED}),)},
            "AB.CA..BC.AB",
            "AB.AB..CA.CA",
            id="staff-only",
        ),
        pytest.param(
            {"overrides": (override("S", "2026-09-09", template="staff-day", cycle_day="A"),)},
            "AB.CA..BCABC",
            "AB.BC..ABCAB",
            id="forced-staff-only",
        ),
    ],
)
def test_the_rotation_goes_by_its_policy(given: dict, pause: str, by_calendar: str) -> None:
    asked = ("2026-09-07", "2026-09-18")
    assert shown(*asked, cycle_policy="pause", **given) == pause
    assert shown(*asked, cycle_policy="calendar", **given) == by_calendar


def test_a_label_may_return_within_the_cycle() -> None:
    assert shown("2026-09-07", "2026-09-18", cycle="AABC") == "AABCA..ABCAA"


def test_the_staff_see_the_rotation_of_the_school() -> None:
    given = {"rules": (rule("staff-day", {THU, FRI}),)}
    asked = ("2026-09-07", "2026-09-15")
    assert shown(*asked, "staff", **given) == shown(*asked, **given) == "ABC....AB"


def test_a_cycle_day_that_only_the_staff_have_is_not_used_up() -> None:
    stuck = shown("2026-09-07", "2026-09-10", rules=(rule("staff-day", cycle_day="B"),))
    assert stuck == "A..."


def test_before_the_rotation_starts_no_rule_of_a_cycle_day_holds() -> None:
    its_year = year(
        cycle_days=("A",), cycle_start=date("2026-09-08"), rules=(rule("regular", cycle_day="A"),)
    )
    days = Calendar(school(its_year)).days(date("2026-09-07"), date("2026-09-08"))
    assert [each.day.reason for each in days] == ["default", "rule"]
