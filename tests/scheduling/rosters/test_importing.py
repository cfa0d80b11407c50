"""What becomes of a file: which rows its lines are, which go, and which lines cannot be taken."""

import datetime as dt
from unittest.mock import Mock

import pytest
from django.db import IntegrityError

from scheduling.models import (
    AcademicYear,
    District,
    Quarter,
    Revision,
    RosterOrg,
    School,
    Term,
)
from scheduling.rosters import importing
from tests.factories import (
    AcademicYearFactory,
    BreakFactory,
    DistrictFactory,
    PeriodTemplateFactory,
    QuarterFactory,
    SchoolFactory,
    TermFactory,
)
from tests.scheduling.oneroster_csv.files import (
    GONE,
    LINKED_HEADER,
    ORG_HEADER,
    ORGS,
    SESSION_HEADER,
    SESSIONS,
    WHEN,
    changed,
    delta,
    roster,
)
from tests.scheduling.rosters.conftest import (
    OAK,
    TWO_SCHOOLS,
    counts,
    exported,
    imported,
    notes,
    told,
)

pytestmark = pytest.mark.django_db

YEAR, SEM1, Q1, _Q2, SEM2 = SESSIONS[1:]
NAMES = ("y27", "sem1", "sem2", "q1", "q2")


def titles() -> dict[str, str]:
    """Return the types of what is stored, by id."""
    return {
        **dict(Term.objects.values_list("sourced_id", "term_type")),
        **dict(Quarter.objects.values_list("sourced_id", "quarter_type")),
    }


def removed(lines: list[str], *ids: str) -> list[str]:
    return [line for line in lines if line.split(",", 1)[0] not in ids]


# What is made of a file


def test_a_file_becomes_a_district_a_school_and_its_calendar() -> None:
    report = imported(roster(ORGS, SESSIONS))
    assert counts(report) == {
        "districts": (1, 0, 0),
        "schools": (1, 0, 0),
        "academic_years": (1, 0, 0),
        "terms": (2, 0, 0),
        "quarters": (2, 0, 0),
    }
    school = School.objects.get()
    assert (school.slug, school.timezone) == ("st-marys-high-upper-school", "America/Chicago")
    assert (school.sourced_id, school.metadata) == ("sch1", {"identifier": "1042"})
    assert (school.district.slug, school.is_public) == ("harbor-district", False)
    assert titles() == {"sem1": "SEM1", "sem2": "SEM2", "q1": "Q1", "q2": "Q2"}
    assert Quarter.objects.get(sourced_id="q1").end_date == dt.date(2026, 10, 16)
    assert (school.revision, Revision.objects.count()) == (1, 1)
    assert school.history.count() == 1
    assert notes(report) == [
        "line 3: “Fall Semester” is taken for SEM1.",
        "line 6: “Spring Semester” is taken for SEM2.",
    ]


def test_a_change_is_one_revision_with_its_history(harbor: School) -> None:
    lines = changed(changed(SESSIONS, 3, "12-19", "12-12"), 5, "12-19", "12-12")
    orgs = changed(ORGS, 3, "1042", "sch1")
    assert counts(imported(roster(orgs, lines))) == {
        "schools": (0, 1, 0),
        "terms": (0, 1, 0),
        "quarters": (0, 1, 0),
    }
    harbor.refresh_from_db()
    assert (harbor.revision, harbor.metadata) == (2, {})
    assert Term.objects.get(sourced_id="sem1").history.count() == 2
    assert RosterOrg.objects.get(type="school").identifier == "sch1"


def test_an_identifier_that_is_blank_stays(harbor: School) -> None:
    assert counts(imported(roster(changed(ORGS, 3, "1042", "")))) == {}


def test_end_dates_may_be_the_last_days() -> None:
    lines = changed(SESSIONS, 5, "2026-10-17", "2026-10-18")
    assert told(imported(roster(ORGS, lines), "inclusive")) == []
    assert str(Term.objects.get(sourced_id="sem1").end_date) == "2026-12-19"


def test_semesters_of_a_file_without_quarters_have_none(harbor: School) -> None:
    report = imported(roster(ORGS, removed(SESSIONS, "q1", "q2")))
    assert counts(report) == {"quarters": (0, 0, 2)}


def test_a_semester_of_the_older_type_is_a_term() -> None:
    lines = changed(changed(SESSIONS, 3, ",term,", ",semester,"), 3, "Fall Semester", "Hawks")
    imported(roster(ORGS, lines))
    assert titles()["sem1"] == "SEM1"


def test_trimesters_and_semesters_lie_side_by_side() -> None:
    more = [
        "t1,,,Fall Trimester,term,2026-08-17,2026-11-07,y27,2027,sch1",
        "t2,,,Hawks,term,2026-11-09,2027-02-27,y27,2027,sch1",
    ]
    imported(roster(ORGS, [*SESSIONS, *more]))
    assert (titles()["t1"], titles()["t2"]) == ("TRI1", "TRI2")


# What has no place


def test_what_has_no_place_is_told_and_left_out() -> None:
    orgs = [*ORGS, "dep,,,Math,department,,sch1", "sch2,,,Oak High,school,,d1"]
    lines = [
        *SESSIONS,
        "w1,,,Week 1,ext:week,2026-08-17,2026-08-22,sem1,2027,sch1",
        "all,,,2026-2027,schoolYear,2026-08-17,2027-06-05,,2027,",
        "alls,,,SEM1,term,2026-08-17,2026-12-19,all,2027,",
        "dist,,,2026-2027,schoolYear,2026-08-17,2027-06-05,,2027,d1",
    ]
    report = imported(roster(orgs, lines))
    assert told(report) == []
    assert [str(note) for note in report.notes if "left out" in str(note)] == [
        "orgs.csv: line 4: “Math” is neither a district nor a school: it is left out.",
        (
            "academicSessions.csv: line 7: There is no place for a session of the type “ext:week” "
            "here. It is left out."
        ),
        *(
            f"academicSessions.csv: line {line}: It is not known of which school this is; name one "
            "with --school: it is left out."
            for line in (8, 9)
        ),
        (
            "academicSessions.csv: line 10: “d1” is no school that is taken from the file: it is "
            "left out."
        ),
    ]
    assert AcademicYear.objects.count() == 1


def unlinked() -> list[str]:
    return [SESSION_HEADER, *(line.removesuffix(",sch1") for line in SESSIONS[1:])]


def test_sessions_without_a_school_are_those_of_the_only_one() -> None:
    assert told(imported(roster(ORGS, unlinked()))) == []
    assert Quarter.objects.count() == 2


@pytest.mark.parametrize(
    "other",
    ["sch2,,,Oak High,school,,nowhere", "sch2,,,,school,,d1", "sch2,,,Oak,school"],
    ids=["of no district", "without a name", "cut short"],
)
def test_a_school_is_not_the_only_one_because_the_other_is_told_wrongly(other: str) -> None:
    report = imported(roster([*ORGS, other], unlinked()), district=None, skip_bad=True)
    assert report.faults
    assert not AcademicYear.objects.exists()
    assert sum("not known of which school" in str(note) for note in report.notes) == 5


def test_sessions_without_a_school_are_those_of_the_one_that_is_named() -> None:
    school = SchoolFactory.create()
    assert told(imported(roster(None, unlinked()), school=school)) == []
    assert Quarter.objects.filter(school=school).count() == 2


def test_a_session_is_of_the_school_of_what_it_is_part_of(harbor: School) -> None:
    line = f"q1,{WHEN},Q1,gradingPeriod,2026-08-17,2026-10-10,sem1,2027,"
    new = f"sem3,{WHEN},TRI1,term,2026-08-17,2026-10-10,y27,2027,"
    lost = f"sem4,{WHEN},TRI2,term,2026-08-17,2026-10-10,y99,2027,"
    report = imported(roster(None, delta(line, new, lost), "delta"), district=harbor.district)
    assert (told(report), len(report.notes)) == ([], 1)
    assert counts(report) == {"terms": (1, 0, 0), "quarters": (0, 1, 0)}
    assert imported(roster(None, delta(line), "delta")).notes  # of which district?


def test_a_school_that_several_districts_have_is_none(harbor: School) -> None:
    line = f"y28,{WHEN},2027-2028,schoolYear,2027-08-17,2028-06-05,,2028,sch1"
    data = roster(None, delta(line), "delta")
    SchoolFactory.create(sourced_id="sch1")
    assert told(imported(data)) == [
        (
            "academicSessions.csv: line 2: metadata.orgSourcedId: Several districts have a school "
            "“sch1”: name one with --district."
        )
    ]
    assert counts(imported(data, district=harbor.district)) == {"academic_years": (1, 0, 0)}


def test_a_school_that_nobody_has_is_told(harbor: School) -> None:
    line = f"y28,{WHEN},2027-2028,schoolYear,2027-08-17,2028-06-05,,2028,sch9"
    assert told(imported(roster(None, delta(line), "delta"))) == [
        "academicSessions.csv: line 2: metadata.orgSourcedId: There is no school “sch9”."
    ]


# What is stored already


def test_rows_that_no_system_has_named_are_taken_by_their_dates_name_or_type() -> None:
    school = SchoolFactory.create(district__sourced_id="d1", sourced_id="sch1")
    year = AcademicYearFactory.create(school=school)
    dates = {"start_date": dt.date(2026, 8, 17), "end_date": dt.date(2026, 12, 18)}
    first = TermFactory.create(academic_year=year, name="Autumn", **dates)
    quarters = [QuarterFactory.create(term=first, sequence=number) for number in (1, 2)]
    second = TermFactory.create(academic_year=year, term_type="SEM2")
    lines = changed(SESSIONS, 6, "2027-06-05", "2027-06-04")
    report = imported(roster(ORGS, changed(lines, 2, "06-05", "06-04")))
    assert told(report) == []
    assert counts(report)["terms"] == (0, 2, 0)
    for row, name in zip((year, first, second, *quarters), NAMES, strict=True):
        row.refresh_from_db()
        assert row.sourced_id == name
    again = roster(ORGS, changed(lines, 2, "06-05", "06-04"))
    assert counts(imported(again)) == {}


def test_a_term_that_is_taken_by_its_type_brings_its_quarters() -> None:
    school = SchoolFactory.create(district__sourced_id="d1", sourced_id="sch1")
    term = TermFactory.create(academic_year__school=school)
    quarter = QuarterFactory.create(term=term, sequence=2)
    year = YEAR.replace("2026-08-17,2027-06-05", "2026-08-12,2027-06-04")
    first = Q1.replace("2026-10-17", "2026-10-10")
    report = imported(roster(ORGS, [LINKED_HEADER, year, SEM1, first]))
    assert told(report) == []
    assert counts(report)["quarters"] == (1, 0, 0)
    quarter.refresh_from_db()
    assert (quarter.term, quarter.sourced_id) == (term, "")


def test_a_term_may_become_another_one(harbor: School) -> None:
    before = Term.objects.get(sourced_id="sem2")
    report = imported(roster(ORGS, changed(SESSIONS, 6, "Spring Semester", "Trimester 3")))
    assert (counts(report), titles()["sem2"]) == ({"terms": (1, 0, 1)}, "TRI3")
    assert not Term.objects.filter(pk=before.pk).exists()


def test_a_term_with_quarters_of_its_own_stays_what_it_is(harbor: School) -> None:
    Quarter.objects.filter(sourced_id="q1").update(sourced_id="")
    lines = changed(removed(SESSIONS, "q1", "q2", "sem2"), 3, "Fall Semester", "Semester 2")
    assert told(imported(roster(ORGS, lines))) == [
        (
            "academicSessions.csv: line 3: title: This is stored as SEM1 with quarters of its own: "
            "it cannot be SEM2."
        )
    ]


def test_a_quarter_may_become_another_one_and_a_semester_take_its_quarters_along(
    harbor: School,
) -> None:
    lines = changed(changed(SESSIONS, 4, "Q1", "Q2"), 5, "Q2", "Q1")
    assert counts(imported(roster(ORGS, lines))) == {"quarters": (2, 0, 2)}
    assert titles()["q1"] == "Q2"
    lines = changed(changed(SESSIONS, 3, "Fall", "Second"), 6, "Spring", "First")
    report = imported(roster(ORGS, lines))
    assert (told(report), counts(report)) == ([], {"terms": (2, 0, 2), "quarters": (2, 0, 2)})
    assert titles() == {"sem1": "SEM2", "sem2": "SEM1", "q1": "Q3", "q2": "Q4"}


def test_a_session_that_moves_comes_anew(harbor: School) -> None:
    moved = changed(SESSIONS, 5, "2026-10-17,2026-12-19,sem1", "2027-01-04,2027-03-19,sem2")
    assert counts(imported(roster(ORGS, moved))) == {"quarters": (1, 0, 1)}
    assert Quarter.objects.get(sourced_id="q2").quarter_type == "Q3"


def test_a_session_of_another_school_goes_where_it_was(harbor: School) -> None:
    moved = [line.replace(",sch1", ",sch2") for line in SESSIONS[1:]]
    report = imported(roster(TWO_SCHOOLS, [LINKED_HEADER, *moved]))
    assert (told(report), counts(report)["quarters"]) == ([], (2, 0, 2))
    assert AcademicYear.objects.get().school.sourced_id == "sch2"


def test_an_id_stays_with_what_it_names(harbor: School) -> None:
    lines = changed(
        SESSIONS, 4, "gradingPeriod,2026-08-17,2026-10-17,sem1", "term,2027-01-01,2027-01-03,y27"
    )
    assert told(imported(roster(ORGS, lines))) == [
        (
            "academicSessions.csv: line 4: type: “q1” is stored as a grading period. An id stays "
            "with what it names."
        )
    ]


def test_two_ids_of_one_row_are_not_two_rows(harbor: School) -> None:
    Term.objects.filter(sourced_id="sem2").update(sourced_id="b2")
    more = "b2,,,SEM2,term,2027-01-04,2027-06-05,y27,2027,sch1"
    found = told(imported(roster(ORGS, [*SESSIONS, more])))
    assert {each.partition(": ")[2][:6] for each in found} == {"line 7"}
    assert counts(imported(roster(ORGS, [*SESSIONS[:5], more]))) == {"terms": (0, 1, 0)}


# What goes


def test_a_bulk_file_takes_away_what_it_does_not_hold(harbor: School) -> None:
    imported(roster(TWO_SCHOOLS, [*SESSIONS, *OAK]))
    local = TermFactory.create(
        academic_year=AcademicYear.objects.get(sourced_id="o27"),
        start_date=dt.date(2026, 8, 17),
        end_date=dt.date(2026, 12, 18),
    )
    report = imported(roster(TWO_SCHOOLS, [*SESSIONS, OAK[0]]))
    assert counts(report) == {"terms": (0, 0, 1)}
    assert Term.objects.filter(pk=local.pk).exists()
    assert counts(imported(roster(ORGS, SESSIONS))) == {}  # it knows nothing of Oak High
    report = imported(roster(TWO_SCHOOLS, SESSIONS))
    assert counts(report) == {}
    assert str(report.notes[0]) == (
        "“2026-2027” still has a term: it is not in the file any more, but stays in oak-high."
    )
    local.delete()
    assert counts(imported(roster(TWO_SCHOOLS, SESSIONS))) == {"academic_years": (0, 0, 1)}


def test_a_bulk_file_with_sessions_of_unknown_schools_takes_nothing_away_elsewhere(
    harbor: School,
) -> None:
    imported(roster(TWO_SCHOOLS, [*SESSIONS, *OAK]))
    lost = "x,,,2026-2027,schoolYear,2026-08-17,2027-06-05,,2027,"
    assert counts(imported(roster(TWO_SCHOOLS, [*SESSIONS, lost]))) == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("Q2", '"Q"2', id="broken"),
        pytest.param("q2", "q 2", id="misspelt"),
        pytest.param("q2", "q1", id="twice"),
    ],
)
def test_a_bulk_file_with_a_line_of_an_unknown_id_takes_nothing_away(
    harbor: School, old: str, new: str
) -> None:
    lines = removed(changed(SESSIONS, 5, old, new), "sem2")
    report = imported(roster(ORGS, lines), skip_bad=True)
    assert ([fault.line for fault in report.faults], counts(report)) == ([5], {})
    assert str(report.notes[0]) == importing.KEPT
    assert set(titles()) == {*NAMES} - {"y27"}


def test_a_year_stays_with_what_no_file_knows_of(harbor: School) -> None:
    BreakFactory.create(academic_year=AcademicYear.objects.get())
    later = "y28,,,2027-2028,schoolYear,2027-08-17,2028-06-05,,2028,sch1"
    report = imported(roster(ORGS, [LINKED_HEADER, later]))
    assert counts(report) == {
        "academic_years": (1, 0, 0),
        "terms": (0, 0, 2),
        "quarters": (0, 0, 2),
    }
    assert [str(note) for note in report.notes] == [
        (
            "“2026-2027” still has breaks: it is not in the file any more, but stays in "
            "st-marys-high-upper-school."
        )
    ]


def test_an_absent_file_says_nothing(harbor: School) -> None:
    assert counts(imported(roster(ORGS))) == {}
    assert counts(imported(roster(None, SESSIONS))) == {}


def test_a_delta_takes_away_what_it_says_to_be_gone(harbor: School) -> None:
    lines = delta(
        f"q2,{GONE},Q2,gradingPeriod,2026-10-17,2026-12-19,sem1,2027,sch1",
        f"never,{GONE},Q2,gradingPeriod,2026-10-17,2026-12-19,sem1,2027,sch1",
        f"y27,{GONE},2026-2027,schoolYear,2026-08-17,2027-06-05,,2027,sch1",
    )
    report = imported(roster(None, lines, "delta"), skip_bad=True)
    assert told(report) == [
        (
            "academicSessions.csv: line 4: status: “2026-2027” still has a term, which has to go "
            "first."
        )
    ]
    assert counts(report) == {"quarters": (0, 0, 1)}


def test_a_part_of_what_is_gone_is_told(harbor: School) -> None:
    lines = delta(
        f"sem1,{GONE},Fall Semester,term,2026-08-17,2026-12-19,y27,2027,sch1",
        f"q1,{WHEN},Q1,gradingPeriod,2026-08-17,2026-10-17,sem1,2027,sch1",
    )
    assert told(imported(roster(None, lines, "delta"))) == [
        (
            "academicSessions.csv: line 2: status: “Fall Semester” still has a grading period, "
            "which has to go first."
        ),
        (
            "academicSessions.csv: line 3: parentSourcedId: The school has no term “sem1”, or its "
            "line cannot be taken."
        ),
    ]


def test_an_org_that_is_gone_is_deleted_if_nothing_is_left_of_it(harbor: School) -> None:
    PeriodTemplateFactory.create(school=harbor)
    SchoolFactory.create(district=harbor.district, sourced_id="sch2")
    lines = [
        ORG_HEADER,
        f"d1,{GONE},Harbor,district,,",
        f"sch1,{GONE},Maple,school,,d1",
        f"sch2,{GONE},Oak,school,,d1",
        f"sch3,{GONE},Elm,school,,d1",
        f"d9,{GONE},Lake,district,,",
    ]
    report = imported(roster(lines, None, "delta"), skip_bad=True)
    assert told(report) == [
        (
            "orgs.csv: line 2: status: Harbor District still has rows of its own, which have to be "
            "deleted first."
        ),
        (
            "orgs.csv: line 3: status: St. Mary's High, Upper School still has rows of its own, "
            "which have to be deleted first."
        ),
    ]
    assert counts(report) == {"schools": (0, 0, 1)}


def test_a_district_that_is_gone_is_another_one_unless_it_has_the_id() -> None:
    lake = DistrictFactory.create(sourced_id="d1")
    lines = [ORG_HEADER, f"d9,{GONE},Harbor,district,,"]
    report = imported(roster(lines, None, "delta"), district=lake)
    assert (len(notes(report)), counts(report)) == (1, {})
    report = imported(roster(changed(lines, 2, "d9", "d1"), None, "delta"), district=lake)
    assert counts(report) == {"districts": (0, 0, 1)}


# What is wrong


@pytest.mark.parametrize(
    ("number", "old", "new", "fault"),
    [
        pytest.param(
            2, "y27,", "y28,", "line 3: parentSourcedId: No line of the file has the", id="no-year"
        ),
        pytest.param(
            3, ",y27,", ",,", "line 3: parentSourcedId: A term is part of a school ye", id="alone"
        ),
        pytest.param(
            4, "sem1", "y27", "line 4: parentSourcedId: A grading period is part of a", id="above"
        ),
        pytest.param(
            4,
            ",sch1",
            ",sch2",
            "line 4: parentSourcedId: The school has no term “sem1”",
            id="other",
        ),
        pytest.param(
            3, "2026-08-17", "2026-08-16", "line 3: startDate: The dates must lie", id="outside"
        ),
        pytest.param(
            5, "2026-12-19", "2026-12-20", "line 5: endDate: The dates must lie wi", id="sticks-out"
        ),
        pytest.param(
            5, "2026-10-17", "2026-10-16", "line 5: startDate: This overlaps Q1", id="overlaps"
        ),
        pytest.param(
            6, "2027-01-04", "2026-12-18", "line 6: startDate: This overlaps Fall", id="terms"
        ),
        pytest.param(
            6, "Spring Semester", "SEM1", "line 6: title: The academic year already", id="taken"
        ),
        pytest.param(
            3, "Fall Semester", "Trimester 1", "line 4: title: Only a semester has", id="trimester"
        ),
        pytest.param(
            2, "2027-06-05", "2030-06-05", "line 2: endDate: An academic year last", id="too-long"
        ),
    ],
)
@pytest.mark.parametrize("is_stored", [False, True])
def test_what_cannot_be_is_told_and_nothing_is_stored(
    number: int, old: str, new: str, fault: str, is_stored: bool
) -> None:
    if is_stored:
        imported(roster(TWO_SCHOOLS, SESSIONS))
    before = exported() if is_stored else None
    report = imported(roster(TWO_SCHOOLS, changed(SESSIONS, number, old, new)))
    assert fault in [each.partition(": ")[2][: len(fault)] for each in told(report)], told(report)
    assert report.is_refused
    assert School.objects.count() == (2 if is_stored else 0)
    assert before is None or exported() == before


def test_too_many_parts_are_told() -> None:
    more = [
        "sem3,,,Hawks,term,2026-12-20,2026-12-24,y27,2027,sch1",
        "q3,,,Owls,gradingPeriod,2026-12-01,2026-12-19,sem1,2027,sch1",
    ]
    assert told(imported(roster(ORGS, [*SESSIONS, *more]))) == [
        (
            "academicSessions.csv: line 7: title: A school year has at most two semesters and "
            "three trimesters."
        ),
        ("academicSessions.csv: line 8: title: A semester has at most two grading periods."),
    ]


def test_a_year_that_leaves_a_stored_row_out_is_told_at_its_line(harbor: School) -> None:
    TermFactory.create(
        academic_year=AcademicYear.objects.get(),
        term_type="TRI3",
        start_date=dt.date(2027, 3, 1),
        end_date=dt.date(2027, 6, 4),
    )
    BreakFactory.create(
        academic_year=AcademicYear.objects.get(),
        start_date=dt.date(2027, 6, 4),
        end_date=dt.date(2027, 6, 4),
    )
    lines = changed(changed(SESSIONS, 2, "06-05", "06-02"), 6, "06-05", "06-02")
    found = told(imported(roster(ORGS, lines)))
    assert [each.partition(". ")[0][:75] for each in found[:2]] == [
        "academicSessions.csv: line 2: endDate: Thanksgiving break (2027-06-04 to 20",
        "academicSessions.csv: line 2: “Trimester 3”: The dates must lie within 2026",
    ]


def test_what_is_not_wrong_is_stored_if_that_is_asked_for() -> None:
    lines = [
        *changed(SESSIONS, 3, "2026-12-19", "2026-08-17"),
        "tri1,,,TRI1,term,2026-08-17,2026-11-07,y27,2027,sch1",
        "tri2,,,TRI2,term,2026-11-06,2027-02-27,y27,2027,sch1",
        "tri3,,,TRI3,Term,2027-03-01,2027-06-05,y27,2027,sch1",
    ]
    report = imported(roster(TWO_SCHOOLS, [*lines, *OAK]), skip_bad=True)
    places = [(fault.line, fault.column) for fault in report.faults]
    assert sorted(places) == [
        (3, "endDate"),
        (4, "parentSourcedId"),
        (5, "parentSourcedId"),
        (8, "startDate"),
        (9, "type"),
    ]
    assert not report.is_refused
    assert set(titles()) == {"sem2", "tri1", "osem2"}


def test_a_line_that_is_wrong_leaves_its_row_as_it_is(harbor: School) -> None:
    before = exported()
    lines = changed(changed(SESSIONS, 3, "Fall Semester", ""), 4, "10-17,sem1", "10-10,sem1")
    report = imported(roster(ORGS, lines), skip_bad=True)
    assert [fault.line for fault in report.faults] == [3]
    assert counts(report) == {"quarters": (0, 1, 0)}
    assert exported() != before


@pytest.mark.parametrize("skip_bad", [False, True])
def test_a_dry_run_tells_all_and_stores_nothing(skip_bad: bool) -> None:
    report = imported(roster(ORGS, SESSIONS), dry_run=True, skip_bad=skip_bad)
    assert (report.is_refused, counts(report)["terms"]) == (False, (2, 0, 0))
    assert not District.objects.exists()
    assert not RosterOrg.objects.exists()
    bad = changed(SESSIONS, 3, "2026-12-19", "2027-06-19")
    assert imported(roster(ORGS, bad), dry_run=True, skip_bad=skip_bad).is_refused != skip_bad


def test_what_only_the_database_sees_is_one_sentence(
    harbor: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = changed(SESSIONS, 2, "06-05", "06-06")
    monkeypatch.setattr(importing, "write", Mock(side_effect=IntegrityError("taken")))
    report = imported(roster(ORGS, lines), skip_bad=True)
    assert told(report) == [f"{harbor.slug}: {importing.REFUSED}"]
    monkeypatch.setattr(importing, "plan_school", Mock(side_effect=IntegrityError("taken")))
    report = imported(roster(ORGS, lines), skip_bad=True)
    assert (report.is_refused, told(report)) == (True, [importing.REFUSED])


def test_a_district_is_renamed_with_the_documents_of_schools_that_the_file_does_not_name() -> None:
    imported(roster(TWO_SCHOOLS, SESSIONS))
    before = School.objects.get(name="Oak High").revision
    renamed = [line.replace("Harbor District", "New Harbor") for line in ORGS]
    assert counts(imported(roster(renamed, SESSIONS))) == {"districts": (0, 1, 0)}
    assert School.objects.get(name="Oak High").revision == before + 1


def test_a_district_that_still_has_schools_does_not_go() -> None:
    imported(roster(TWO_SCHOOLS, SESSIONS))
    gone = f"d1,{GONE},Harbor District,district,D1,"
    report = imported(roster([ORG_HEADER, gone], None, mode="delta"))
    assert report.is_refused
    assert District.objects.exists()
