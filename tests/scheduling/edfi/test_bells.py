"""Bell schedules and class periods: as students have them, each under a name of its own."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from scheduling.calendar import facts
from scheduling.calendar.calendar import Calendar
from scheduling.edfi.students import student_bells
from tests.scheduling.calendar.builders import (
    FRI,
    MON,
    REGULAR,
    SILENT,
    STAFF_DAY,
    THU,
    TUE,
    WED,
    override,
    period,
    rule,
    school,
    template,
    year,
)
from tests.scheduling.edfi.builders import export, values
from tests.scheduling.edfi.contract import faults

FIRST, SECOND = period(1, "08:30", "09:30"), period(2, "09:36", "10:36")
EARLY = template("early", FIRST, period(2, "09:36", "10:00"))
WAVES = template(
    "waves",
    period(1, "08:00", "09:00", passing=5),
    period(2, "09:05", "09:35", name="Lunch", type="lunch", track="lunch-1"),
    period(3, "09:40", "10:40", name="Math", track="lunch-1"),
    period(4, "09:05", "09:55", name="Math", track="lunch-2"),
    period(5, "10:00", "10:30", name="Lunch", type="lunch", track="lunch-2"),
    period(6, "07:00", "07:50", name="Zero hour", track="zero"),
    period(7, "07:00", "07:30", name="Meeting", type="staff", track="staff"),
)


def named(number: int, name: str, *periods: facts.Period) -> facts.Template:
    return facts.Template(UUID(int=number), f"code-{number}", name, False, periods or (FIRST,))


def only(template: facts.Template, *weekdays: int) -> facts.Rule:
    return replace(rule(template.code, set(weekdays)), template=template.id)


def every_day(*templates: facts.Template) -> facts.School:
    """Return a school that has a day for each template, in their order."""
    overrides = tuple(
        replace(override("Day", f"2026-09-{day:02}"), closed=False, template=each.id)
        for day, each in enumerate(templates, 7)
    )
    return school(
        year(end=f"2026-09-{6 + len(templates):02}", overrides=overrides), templates=templates
    )


def test_a_template_is_a_bell_schedule_with_its_dates() -> None:
    its_year = year(end="2026-09-18", rules=(rule("early", {WED}),))
    exported = export(school(its_year, templates=(REGULAR, EARLY)))
    early = next(each for each in exported["bellSchedules"] if each["bellScheduleName"] == "Early")
    first, second = values(early["classPeriods"], "classPeriodReference")
    assert early == {
        "bellScheduleName": "Early",
        "schoolReference": {"schoolId": 1042},
        "classPeriods": [{"classPeriodReference": first}, {"classPeriodReference": second}],
        "dates": [{"date": "2026-09-09"}, {"date": "2026-09-16"}],
        "startTime": "08:30:00",
        "endTime": "10:00:00",
        "totalInstructionalTime": 60 + 24,
    }
    assert second == {"classPeriodName": "Period 2 (Early)", "schoolId": 1042}
    assert faults(exported) == []


def test_periods_at_the_same_time_are_one_class_period_of_the_first_template() -> None:
    exported = export(
        every_day(
            named(1, "Regular", FIRST, SECOND),
            named(2, "Early", FIRST, period(2, "09:36", "10:00")),
        )
    )
    assert exported["classPeriods"] == [
        {
            "classPeriodName": name,
            "schoolReference": {"schoolId": 1042},
            "meetingTimes": [{"startTime": start, "endTime": end}],
        }
        for name, start, end in [
            ("Period 1 (Regular)", "08:30:00", "09:30:00"),
            ("Period 2 (Regular)", "09:36:00", "10:36:00"),
            ("Period 2 (Early)", "09:36:00", "10:00:00"),
        ]
    ]


def test_a_template_added_later_takes_no_name_away() -> None:
    templates = [named(1, "Regular", FIRST), named(2, "Regular", period(1, "09:00", "10:00"))]
    before = export(every_day(*templates[:1]))
    after = export(every_day(*reversed(templates)))
    for resource, name in (
        ("classPeriods", "classPeriodName"),
        ("bellSchedules", "bellScheduleName"),
    ):
        (first,), names = values(before[resource], name), values(after[resource], name)
        assert (len(names), names[0]) == (2, first)


def test_a_bell_schedule_has_the_same_name_in_every_year() -> None:
    regular, other, bracketed = (
        replace(named(number, name), is_default=number == 1)
        for number, name in enumerate(["Regular", "regular", "Regular (A)"], 1)
    )
    both, one, rotated = (
        replace(each, id=UUID(int=number))
        for number, each in enumerate(
            [
                year("2026-09-07", "2026-09-11", rules=(only(other, WED), only(bracketed, THU))),
                year("2027-09-06", "2027-09-10", rules=(only(other, MON, TUE, WED, THU, FRI),)),
                year("2028-09-04", "2028-09-08", cycle_days=("A",), rules=(only(other, WED),)),
            ],
            4,
        )
    )
    its_school = school(one, rotated, both, templates=(bracketed, other, regular))
    told = [
        values(export(its_school, each)["bellSchedules"], "bellScheduleName")
        for each in (both, one, rotated)
    ]
    assert told == [
        ["Regular", "regular 2", "Regular (A)"],
        ["regular 2"],
        ["Regular 2 (A)", "regular 3 (A)"],
    ]


def test_what_does_not_ring_in_the_year_is_left_out() -> None:
    its_school = school(year(), templates=(REGULAR, EARLY, SILENT, STAFF_DAY))
    exported = export(its_school)
    assert values(exported["bellSchedules"], "bellScheduleName") == ["Regular"]
    assert len(exported["classPeriods"]) == 2


@pytest.mark.parametrize("code", ["silent", "staff-day", None])
def test_days_without_bells_for_students_have_no_bell_schedule(code: str | None) -> None:
    its_year = year(end="2026-09-07", overrides=(override("Day", "2026-09-07", template=code),))
    exported = export(school(its_year, templates=(SILENT, STAFF_DAY, EARLY)))
    assert (exported["bellSchedules"], exported["classPeriods"]) == ([], [])
    assert len(exported["calendarDates"]) == 1
    assert faults(exported) == []


def test_each_rotation_day_of_a_template_has_a_bell_schedule() -> None:
    held = override("Fair", "2026-09-09", template="regular", holds_cycle=True)
    its_year = year(end="2026-09-11", cycle_days=("A", "x" * 20), overrides=(held,))
    exported = export(school(its_year))
    told = [
        (each["bellScheduleName"], each.get("alternateDayName"), values(each["dates"], "date"))
        for each in exported["bellSchedules"]
    ]
    assert told == [
        ("Regular", None, ["2026-09-09"]),
        ("Regular (A)", "A", ["2026-09-07", "2026-09-10"]),
        (f"Regular ({'x' * 20})", "x" * 20, ["2026-09-08", "2026-09-11"]),
    ]
    assert len(exported["classPeriods"]) == 2


def test_students_have_every_track_but_the_staffs() -> None:
    exported = export(school(year(), templates=(replace(WAVES, is_default=True),)))
    (bells,) = exported["bellSchedules"]
    assert values(exported["classPeriods"], "classPeriodName") == [
        "Zero hour (Waves)",
        "Period 1 (Waves)",
        "Lunch, lunch-1 (Waves)",
        "Math, lunch-2 (Waves)",
        "Math, lunch-1 (Waves)",
        "Lunch, lunch-2 (Waves)",
    ]
    assert (bells["startTime"], bells["endTime"]) == ("07:00:00", "10:40:00")


@pytest.mark.parametrize(
    ("tracks", "minutes"),
    [
        pytest.param({}, 65 + 50, id="the-wave-that-is-taught-less"),
        pytest.param({"lunch-1": "staff"}, 60, id="nobody-takes-turns"),
        pytest.param({"": "am", "lunch-1": "staff", "lunch-2": "staff"}, 50, id="nobodys"),
        pytest.param(
            {"": "staff", "lunch-1": "staff", "lunch-2": "staff", "zero": "staff"}, 0, id="none"
        ),
    ],
)
def test_the_minutes_are_those_that_every_student_has(tracks: dict[str, str], minutes: int) -> None:
    periods = tuple(
        replace(each, track=tracks.get(each.track, each.track)) for each in WAVES.periods
    )
    assert student_bells(replace(WAVES, periods=periods), 10).minutes == minutes


def test_the_minutes_are_those_of_the_calendar_itself() -> None:
    its_school = school(year(), templates=(replace(WAVES, is_default=True),))
    calendar, (bells,) = Calendar(its_school), export(its_school)["bellSchedules"]
    waves = [
        calendar.day(its_school.years[0].start_date, [track]).instructional_minutes
        for track in ("lunch-1", "lunch-2")
    ]
    assert bells["totalInstructionalTime"] == min(waves)
    assert waves[0] != waves[1]


NAMES: list[Any] = [
    pytest.param(["Regular", "regular", "REGULAR"], ["Regular", "regular 2", "REGULAR 3"]),
    pytest.param(["x" * 100, "x" * 70], ["x" * 60, "x" * 58 + " 2"]),
    pytest.param([" a  b ", "a b", "a b 2"], ["a b", "a b 2", "a b 2 2"]),
    pytest.param(["é" * 61], ["é" * 60]),
    pytest.param(["y" * 59 + " z"], ["y" * 59]),
    pytest.param([" "], ["code-1"]),
]


@pytest.mark.parametrize(("given", "told"), NAMES)
def test_names_are_short_and_differ(given: list[str], told: list[str]) -> None:
    exported = export(every_day(*(named(number, name) for number, name in enumerate(given, 1))))
    assert values(exported["bellSchedules"], "bellScheduleName") == told
    assert faults(exported) == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param(["x" * 100], ["x" * 52 + " (Early)"], id="cut"),
        pytest.param(["x" * 100, "x" * 99], ["x" * 52 + " (Early)", "x" * 50 + " 2 (Early)"]),
        pytest.param(["Art", "art"], ["Art (Early)", "art 2 (Early)"], id="case"),
        pytest.param(["  "], ["Period 1 (Early)"], id="blank"),
    ],
)
def test_names_of_class_periods_are_short_and_differ(given: list[str], told: list[str]) -> None:
    periods = [
        period(number, f"{7 + number:02}:00", f"{7 + number:02}:50", name=name)
        for number, name in enumerate(given, 1)
    ]
    exported = export(every_day(named(1, "Early", *periods)))
    assert values(exported["classPeriods"], "classPeriodName") == told
    assert faults(exported) == []


def test_long_names_all_over_stay_apart() -> None:
    def its_periods(n: int) -> list[facts.Period]:
        hours = range(n, n + 8)
        return [period(i, f"{i:02}:00", f"{i:02}:50", name=f"{'P' * 98}{n:02}") for i in hours]

    its_school = every_day(*(named(n, f"{'T' * 90}{n}", *its_periods(n)) for n in range(1, 12)))
    rotated = replace(its_school.years[0], cycle_days=("d" * 20, "d" * 19 + "e"))
    exported = export(replace(its_school, years=(rotated,)))
    assert faults(exported) == []
    names = values(exported["classPeriods"], "classPeriodName")
    assert (len(names), max(map(len, names))) == (88, 60)


def test_the_same_facts_give_the_same_bodies() -> None:
    its_school = school(year(), templates=(REGULAR, WAVES))
    assert export(its_school) == export(its_school)
