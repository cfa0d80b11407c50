"""What the dates of a year are called, and how many of them are instructional."""

import json
from pathlib import Path
from typing import Any

import pytest

from scheduling.calendar import facts
from tests.scheduling.calendar.builders import (
    REGULAR,
    SILENT,
    STAFF_DAY,
    WED,
    date,
    days_off,
    override,
    period,
    quarter,
    rule,
    school,
    template,
    term,
    year,
)
from tests.scheduling.edfi.builders import events, export, values

FILE = Path(__file__).parents[2] / "data" / "academic_calendars.json"
REAL = {each["id"]: each for each in json.loads(FILE.read_text())["calendars"]}

SHORT = template("short", period(1, "08:30", "09:10"), period(2, "09:15", "10:00"))
LATE = template("late", period(1, "09:00", "09:40"), period(2, "09:46", "10:36"))
SHIFTED = template("shifted", period(1, "09:30", "10:30"), period(2, "10:36", "11:36"))
DENSE = template("dense", period(1, "08:35", "09:05"), period(2, "09:36", "10:31"))
LUNCHES = template("lunches", period(1, "08:30", "08:40", type="lunch"))
TEMPLATES = (REGULAR, SHORT, LATE, SHIFTED, DENSE, LUNCHES, STAFF_DAY, SILENT)
INSTRUCTIONAL, MAKE_UP = "Instructional day", "Make-up day"
SHORTENED = "Student late arrival/early dismissal"


def on(day: str, **given: Any) -> str | None:
    """Return what a date is called in a year that has what is given."""
    templates = given.pop("templates", TEMPLATES)
    return events(export(school(year(**given), templates=templates))).get(day)


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        ("holiday", "Holiday"),
        ("vacation", "Non-instructional day"),
        ("other", "Non-instructional day"),
        ("staff_day", "Teacher only day"),
        ("weather", "Weather day"),
    ],
)
def test_every_day_of_a_break_is_named_by_its_kind(kind: str, event: str) -> None:
    its_break = days_off("Off", "2026-09-17", "2026-09-21")
    off = facts.Break(its_break.id, "Off", kind, its_break.start_date, its_break.end_date, False)
    exported = export(school(year(breaks=(off,))))
    assert {day: name for day, name in events(exported).items() if name == event} == {
        f"2026-09-{day}": event for day in (17, 18, 19, 20, 21)
    }


@pytest.mark.parametrize(
    ("code", "event"),
    [
        pytest.param("short", SHORTENED, id="ends-earlier"),
        pytest.param("late", SHORTENED, id="begins-later"),
        pytest.param("shifted", INSTRUCTIONAL, id="later-but-as-long"),
        pytest.param("dense", INSTRUCTIONAL, id="five-minutes-are-nothing"),
        pytest.param("lunches", SHORTENED, id="without-instruction"),
        pytest.param("silent", INSTRUCTIONAL, id="without-bells"),
        pytest.param("regular", INSTRUCTIONAL, id="the-default"),
        pytest.param("staff-day", "Teacher only day", id="for-the-staff"),
        pytest.param(None, "Non-instructional day", id="closed"),
    ],
)
def test_a_day_is_named_by_what_rings(code: str | None, event: str) -> None:
    its_override = override("Special", "2026-09-16", template=code)
    assert on("2026-09-16", overrides=(its_override,)) == event


def test_what_is_usual_on_a_date_is_no_exception() -> None:
    rules = (rule("short", {WED}),)
    short = (override("Short", "2026-09-17", "2026-09-23", template="short"),)
    named = [on(f"2026-09-{day}", rules=rules, overrides=short) for day in (15, 16, 17, 23)]
    assert named == [INSTRUCTIONAL, INSTRUCTIONAL, SHORTENED, INSTRUCTIONAL]


@pytest.mark.parametrize(("cycle_day", "event"), [("A", INSTRUCTIONAL), ("B", SHORTENED)])
def test_what_is_usual_goes_by_the_rotation_day(cycle_day: str, event: str) -> None:
    given = {"cycle_days": ("A", "B"), "rules": (rule("short", cycle_day="A"),)}
    forced = override("Exams", "2026-09-16", template="short", cycle_day=cycle_day)
    assert on("2026-09-16", overrides=(forced,), **given) == event


def test_nothing_is_short_where_nothing_is_usual() -> None:
    short = (override("Short", "2026-09-16", template="short"),)
    assert on("2026-09-16", overrides=short, templates=(SHORT,)) == INSTRUCTIONAL
    assert on("2026-09-16", templates=()) == INSTRUCTIONAL


@pytest.mark.parametrize("code", ["regular", "short"])
def test_a_school_day_on_a_free_weekday_makes_up(code: str) -> None:
    make_up = override("Make-up", "2026-09-19", template=code)
    assert on("2026-09-19", overrides=(make_up,)) == MAKE_UP


def test_a_school_day_in_a_break_is_no_make_up_day() -> None:
    its_break, back = days_off("Fall", "2026-09-14", "2026-09-18"), ("Back", "2026-09-16")
    opened = override(*back, template="regular")
    assert on("2026-09-16", overrides=(opened,), breaks=(its_break,)) == INSTRUCTIONAL


def test_weekends_and_days_between_terms_are_not_listed() -> None:
    terms = (
        term("SEM1", "2026-09-07", "2026-09-11"),
        term("SEM2", "2026-09-21", "2026-10-30"),
    )
    exported = export(school(year(terms=terms)))
    listed = [day for day in events(exported) if "2026-09-10" <= day <= "2026-09-21"]
    assert listed == ["2026-09-10", "2026-09-11", "2026-09-21"]


def test_a_date_is_told_whole() -> None:
    first = export(school(year()))["calendarDates"][0]
    assert first == {
        "calendarReference": {"calendarCode": "MAIN", "schoolId": 1042, "schoolYear": 2026},
        "date": "2026-09-07",
        "calendarEvents": [
            {
                "calendarEventDescriptor": (
                    "uri://ed-fi.org/CalendarEventDescriptor#Instructional day"
                )
            }
        ],
    }


@pytest.mark.parametrize("calendar", [each for each in REAL.values() if "days" in each])
def test_a_real_year_has_the_instructional_days_that_were_published(calendar) -> None:
    quarters = [quarter(*span) for span in calendar["quarters"]]
    halves = (quarters[:2], quarters[2:])
    terms = tuple(
        term(kind, str(half[0].start_date), str(half[1].end_date), *half)
        for kind, half in zip(("SEM1", "SEM2"), halves, strict=True)
    )
    its_year = year(
        str(terms[0].start_date),
        str(terms[1].end_date),
        terms=terms,
        breaks=tuple(days_off(f"off {start}", start, end) for start, end in calendar["off"]),
    )
    exported = export(school(its_year))
    assert values(exported["gradingPeriods"], "totalInstructionalDays") == calendar["days"]
    assert sum(name == INSTRUCTIONAL for name in events(exported).values()) == sum(calendar["days"])
    assert date(exported["calendarDates"][0]["date"]) >= its_year.start_date
