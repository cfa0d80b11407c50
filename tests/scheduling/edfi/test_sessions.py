"""Terms and quarters as sessions and grading periods, and the names of what shares a year."""

from dataclasses import replace
from uuid import UUID

import pytest

from tests.scheduling.calendar.builders import date, days_off, quarter, school, term, year
from tests.scheduling.edfi.builders import export, values
from tests.scheduling.edfi.contract import faults, key

SEM1 = term(
    "SEM1",
    "2026-09-07",
    "2026-10-02",
    quarter("Q1", "2026-09-07", "2026-09-18"),
    quarter("Q2", "2026-09-21", "2026-10-02"),
)
SEM2 = term("SEM2", "2026-10-05", "2026-10-30")
REFERENCES = {
    "schoolReference": {"schoolId": 1042},
    "schoolYearTypeReference": {"schoolYear": 2027},
}


def test_a_term_is_a_session_and_its_quarters_are_graded() -> None:
    its_year = year(
        "2026-09-07", "2027-06-04", name="2026-2027", terms=(SEM1,), breaks=(
            days_off("Fair", "2026-09-17", "2026-09-21"),
        )
    )  # fmt: skip
    exported = export(school(its_year))
    q1, q2 = (
        {
            "gradingPeriodDescriptor": f"uri://ed-fi.org/GradingPeriodDescriptor#{name} Nine Weeks",
            "gradingPeriodName": short,
        }
        for short, name in (("Q1", "First"), ("Q2", "Second"))
    )
    assert exported["gradingPeriods"] == [
        {
            **q1,
            **REFERENCES,
            "beginDate": "2026-09-07",
            "endDate": "2026-09-18",
            "totalInstructionalDays": 8,
            "periodSequence": 1,
        },
        {
            **q2,
            **REFERENCES,
            "beginDate": "2026-09-21",
            "endDate": "2026-10-02",
            "totalInstructionalDays": 9,
            "periodSequence": 2,
        },
    ]
    assert exported["sessions"] == [
        {
            "sessionName": "2026-2027 SEM1",
            **REFERENCES,
            "termDescriptor": "uri://ed-fi.org/TermDescriptor#Fall Semester",
            "beginDate": "2026-09-07",
            "endDate": "2026-10-02",
            "totalInstructionalDays": 17,
            "gradingPeriods": [
                {"gradingPeriodReference": {**each, "schoolId": 1042, "schoolYear": 2027}}
                for each in (q1, q2)
            ],
        }
    ]
    assert exported["calendars"] == [
        {
            "calendarCode": "MAIN",
            **REFERENCES,
            "calendarTypeDescriptor": "uri://ed-fi.org/CalendarTypeDescriptor#School",
        }
    ]


def test_terms_without_quarters_are_graded_themselves() -> None:
    trimesters = (
        term("TRI1", "2026-09-07", "2026-09-25"),
        term("TRI2", "2026-09-28", "2026-10-16"),
        term("TRI3", "2026-10-19", "2026-10-30"),
    )
    first = term("SEM1", "2026-09-07", "2026-10-02")
    exported = export(school(year(terms=(first, *trimesters, SEM2))))
    told = [
        (each["gradingPeriodName"], each["gradingPeriodDescriptor"].partition("#")[2])
        for each in exported["gradingPeriods"]
    ]
    assert told == [
        ("SEM1", "First Semester"),
        ("TRI1", "First Trimester"),
        ("TRI2", "Second Trimester"),
        ("TRI3", "Third Trimester"),
        ("SEM2", "Second Semester"),
    ]
    assert values(exported["gradingPeriods"], "periodSequence") == [1, 1, 2, 3, 2]
    assert [each.partition("#")[2] for each in values(exported["sessions"], "termDescriptor")] == [
        "Fall Semester",
        "First Trimester",
        "Second Trimester",
        "Third Trimester",
        "Spring Semester",
    ]


def test_a_host_may_want_the_day_after_the_last() -> None:
    exported = export(school(year(terms=(SEM1, SEM2))), end_dates="exclusive")
    assert values(exported["sessions"], "endDate") == ["2026-10-03", "2026-10-31"]
    assert values(exported["gradingPeriods"], "endDate") == [
        "2026-09-19", "2026-10-03", "2026-10-31",
    ]  # fmt: skip
    assert values(exported["sessions"], "totalInstructionalDays") == [20, 20]


def test_a_host_may_have_descriptors_of_its_own() -> None:
    exported = export(school(year(terms=(SEM2,))), namespace="uri://tea.texas.gov")
    told = [
        exported["sessions"][0]["termDescriptor"],
        exported["gradingPeriods"][0]["gradingPeriodDescriptor"],
        exported["calendars"][0]["calendarTypeDescriptor"],
        exported["calendarDates"][0]["calendarEvents"][0]["calendarEventDescriptor"],
    ]
    assert all(each.startswith("uri://tea.texas.gov/") for each in told)


@pytest.mark.parametrize("name", ["Summer", "S" * 50, "  a   b  "])
def test_two_years_that_end_together_have_names_of_their_own(name: str) -> None:
    long = year("2026-08-10", "2027-06-04", id=UUID(int=1), terms=(SEM1,))
    camp_term = term("SEM1", "2027-07-01", "2027-07-30", quarter("Q1", "2027-07-01", "2027-07-30"))
    camp = year("2027-07-01", "2027-07-30", id=UUID(int=2), name=name, terms=(camp_term,))
    following = year("2027-08-10", "2028-06-04")
    whole = school(long, camp, following)
    mark = f" ({' '.join(name.split())[:24]})"

    usual, special = export(whole, long), export(whole, camp)

    assert values(usual["calendars"], "calendarCode") == ["MAIN"]
    assert values(special["calendars"], "calendarCode") == [f"MAIN{mark}"]
    assert values(special["gradingPeriods"], "gradingPeriodName") == [f"Q1{mark}"]
    reference = special["sessions"][0]["gradingPeriods"][0]["gradingPeriodReference"]
    assert reference["gradingPeriodName"] == f"Q1{mark}"
    assert values(usual["bellSchedules"], "bellScheduleName") == ["Regular"]
    assert values(special["bellSchedules"], "bellScheduleName") == [f"Regular{mark}"]
    assert values(export(whole, following)["calendars"], "calendarCode") == ["MAIN"]


def test_a_year_keeps_its_names_whatever_comes_beside_it() -> None:
    summer = year("2027-06-07", "2027-07-30", id=UUID(int=1), name="Summer", terms=(SEM1,))
    short = year("2027-05-01", "2027-05-20", id=UUID(int=2), name="Spring")
    long = replace(short, start_date=date("2026-08-10"))
    alone, *beside = (
        export(school(*years), summer) for years in ([summer], [short, summer], [long, summer])
    )
    assert beside == [alone, alone]
    assert values(export(school(long, summer))["calendars"], "calendarCode") == ["MAIN (Spring)"]


@pytest.mark.parametrize(
    "names", [("Summer School 2027 Session 1", "Summer School 2027 Session 2"), ("Camp", "camp")]
)
def test_years_that_end_together_share_no_key(names: tuple[str, str]) -> None:
    usual = year("2026-08-10", "2027-05-20", terms=(SEM1,))
    june, july = (
        year(start, end, name=name, terms=(term("SEM1", start, end),))
        for name, start, end in zip(
            names, ("2027-06-01", "2027-07-01"), ("2027-06-20", "2027-07-20"), strict=True
        )
    )
    whole = school(usual, june, july)
    exports = [export(whole, each) for each in whole.years]
    for resource in ("calendars", "gradingPeriods", "sessions", "bellSchedules"):
        keys = [key(resource, body) for exported in exports for body in exported[resource]]
        assert len(set(keys)) == len(keys)
    assert [faults(each) for each in exports] == [[], [], []]


def test_a_year_without_terms_has_a_calendar_all_the_same() -> None:
    exported = export(school(year()))
    assert (exported["sessions"], exported["gradingPeriods"]) == ([], [])
    assert len(exported["calendarDates"]) == 40
