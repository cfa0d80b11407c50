"""The checker of exports finds whatever is wrong: a control of all that it lets pass."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.scheduling.calendar.builders import (
    REGULAR,
    WED,
    period,
    quarter,
    rule,
    school,
    template,
    term,
    year,
)
from tests.scheduling.edfi.builders import export
from tests.scheduling.edfi.contract import faults

EARLY = template("early", period(1, "08:30", "09:30"), period(2, "09:36", "10:00"))
SEM1 = term(
    "SEM1",
    "2026-09-07",
    "2026-09-18",
    quarter("Q1", "2026-09-07", "2026-09-11"),
    quarter("Q2", "2026-09-14", "2026-09-18"),
)
SCHOOL = school(
    year(
        end="2026-09-25",
        cycle_days=("A", "B"),
        rules=(rule("early", {WED}),),
        terms=(SEM1, term("SEM2", "2026-09-21", "2026-09-25")),
    ),
    templates=(REGULAR, EARLY),
)

Spoil = Callable[[Any], Any]


def put(resource: str, **values: Any) -> Spoil:
    """Set values of a resource's first body; `__` leads into what it holds."""

    def spoil(exported: Any) -> None:
        for path, value in values.items():
            *steps, last = path.split("__")
            target = exported[resource][0]
            for step in steps:
                target = target[int(step) if step.isdigit() else step]
            target[last] = value

    return spoil


def without(resource: str, name: str) -> Spoil:
    return lambda exported: exported[resource][0].pop(name)


def test_a_sound_export_has_no_faults() -> None:
    assert faults(export(SCHOOL)) == []
    assert faults(export(SCHOOL, end_dates="exclusive"), end_dates="exclusive") == []
    assert faults(export(SCHOOL, namespace="uri://x.org"), namespace="uri://x.org") == []


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(put("sessions", id="5"), id="unknown-key"),
        pytest.param(put("sessions", schoolReference__name="x"), id="unknown-inner-key"),
        pytest.param(without("sessions", "termDescriptor"), id="missing"),
        pytest.param(put("sessions", beginDate=None), id="null"),
        pytest.param(put("sessions", beginDate="2026-9-7"), id="date"),
        pytest.param(put("sessions", beginDate="2026-02-30"), id="no-such-date"),
        pytest.param(put("sessions", sessionName="x" * 61), id="long"),
        pytest.param(put("sessions", sessionName=""), id="empty"),
        pytest.param(put("sessions", sessionName=" x"), id="space"),
        pytest.param(put("sessions", gradingPeriods=[]), id="empty-list"),
        pytest.param(put("sessions", totalInstructionalDays="9"), id="text-for-number"),
        pytest.param(put("sessions", totalInstructionalDays=9), id="miscounted"),
        pytest.param(put("sessions", schoolReference__schoolId=1043), id="other-school"),
        pytest.param(put("sessions", beginDate="2026-09-19"), id="backwards"),
        pytest.param(put("sessions", termDescriptor="Fall Semester"), id="descriptor"),
        pytest.param(
            put("sessions", termDescriptor="uri://ed-fi.org/TermDescriptor#Autumn"), id="value"
        ),
        pytest.param(put("gradingPeriods", gradingPeriodName="Q9"), id="reference"),
        pytest.param(put("gradingPeriods", totalInstructionalDays=4), id="miscounted-quarter"),
        pytest.param(put("gradingPeriods", periodSequence=0), id="sequence"),
        pytest.param(put("calendars", calendarCode="other"), id="no-calendar"),
        pytest.param(put("calendars", schoolYearTypeReference__schoolYear="2026"), id="year"),
        pytest.param(put("calendarDates", date="2026-09-08"), id="date-twice"),
        pytest.param(put("calendarDates", calendarEvents=[]), id="no-event"),
        pytest.param(
            put(
                "calendarDates",
                calendarEvents=[
                    {"calendarEventDescriptor": "uri://ed-fi.org/CalendarEventDescriptor#Holiday"}
                ],
            ),
            id="bells-on-a-holiday",
        ),
        pytest.param(put("classPeriods", meetingTimes__0__startTime="08:30"), id="time"),
        pytest.param(put("classPeriods", meetingTimes__0__endTime="08:00:00"), id="no-time"),
        pytest.param(put("classPeriods", classPeriodName="x"), id="no-class-period"),
        pytest.param(put("bellSchedules", alternateDayName="x" * 21), id="long-day-name"),
        pytest.param(put("bellSchedules", startTime="08:00:00"), id="bounds"),
        pytest.param(put("bellSchedules", dates=[{"date": "2026-09-19"}]), id="free-weekday"),
        pytest.param(put("bellSchedules", totalInstructionalTime=1.5), id="fraction"),
        pytest.param(
            lambda exported: exported["bellSchedules"].append(
                {**exported["bellSchedules"][0], "bellScheduleName": "again"}
            ),
            id="two-bell-schedules-a-day",
        ),
        pytest.param(
            lambda exported: exported["bellSchedules"][1].update(
                bellScheduleName=exported["bellSchedules"][0]["bellScheduleName"].upper()
            ),
            id="name-twice",
        ),
        pytest.param(lambda exported: exported.pop("calendars"), id="no-resource"),
        pytest.param(
            lambda exported: exported.update(gradingPeriods=exported.pop("gradingPeriods")),
            id="order",
        ),
        pytest.param(
            lambda exported: exported["classPeriods"].append(
                {"classPeriodName": "New", "schoolReference": {"schoolId": 1042},
                 "meetingTimes": [{"startTime": "08:30:00", "endTime": "09:00:00"}]}
            ),
            id="unused",
        ),
    ],
)  # fmt: skip
def test_whatever_is_wrong_is_found(spoil: Spoil) -> None:
    exported = copy.deepcopy(export(SCHOOL))
    spoil(exported)
    assert faults(exported)
