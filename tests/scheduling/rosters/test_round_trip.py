"""What is exported comes back as it was, and is what the standard asks for."""

import datetime as dt
import hashlib
import io
import zipfile
from typing import Any

import pytest
import time_machine

from scheduling import models
from scheduling.models import AcademicYear, District, Quarter, Revision, School, Term
from scheduling.rosters import RosterExport, exported_roster
from tests.factories import (
    AcademicYearFactory,
    BreakFactory,
    DistrictFactory,
    PeriodTemplateFactory,
    QuarterFactory,
    SchoolFactory,
    TermFactory,
)
from tests.scheduling.oneroster_csv import contract
from tests.scheduling.oneroster_csv.files import ORGS, SESSIONS, roster
from tests.scheduling.rosters.conftest import counts, emptied, exported, imported, told

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def plant() -> District:
    """Make a district with odd names, odd ids, both structures and all that no roster tells of."""
    district = DistrictFactory.create(name='The "Harbor", District', sourced_id="d/1@x")
    maple = SchoolFactory.create(
        district=district, name="=1+1\nMaple", sourced_id="d/1@x", slug="maple"
    )
    oak = SchoolFactory.create(district=district, name="-Oak", sourced_id="é", slug="oak")
    for school in (maple, oak):
        year = AcademicYearFactory.create(school=school, sourced_id="y27")
        for kind in ("SEM1", "SEM2", "TRI1", "TRI2", "TRI3"):
            term = TermFactory.create(academic_year=year, term_type=kind, sourced_id=kind)
            if kind == "SEM1":
                QuarterFactory.create(term=term, sourced_id="q1")
                QuarterFactory.create(term=term, sequence=2)
        BreakFactory.create(academic_year=year)
        PeriodTemplateFactory.create(school=school)
    next_year = {"start_date": dt.date(2027, 8, 12), "end_date": dt.date(2028, 6, 3)}
    later = AcademicYearFactory.create(school=oak, name="2027-2028", **next_year)
    half = {"start_date": dt.date(2027, 8, 12), "end_date": dt.date(2027, 12, 17)}
    TermFactory.create(academic_year=later, name="+Hawks, first", **half)
    return district


def everything() -> dict[str, Any]:
    """Return the rows that a roster tells of, but for their ids and times."""
    return {
        "terms": sorted(Term.objects.values_list("school__name", "term_type", "name")),
        "quarters": sorted(Quarter.objects.values_list("school__name", "quarter_type")),
    }


@pytest.mark.parametrize(("version", "end_dates"), [("1.2", "exclusive"), ("1.1", "inclusive")])
def test_an_empty_database_that_imports_an_export_exports_the_same(
    version: str, end_dates: str
) -> None:
    first = exported(plant(), version=version, end_dates=end_dates)
    before = everything()
    models.PeriodTemplate.objects.all().delete()
    models.Break.objects.all().delete()
    emptied()
    report = imported(first, end_dates)
    assert told(report) == []
    assert report.counts["terms"].created == 11
    assert exported(version=version, end_dates=end_dates) == first
    after = everything()
    assert {key: [line[1:] for line in each] for key, each in after.items()} == {
        key: [line[1:] for line in each] for key, each in before.items()
    }


def test_an_export_that_comes_back_to_where_it_is_from_writes_nothing() -> None:
    district = plant()
    before = Revision.objects.count(), everything()
    report = imported(exported(district))
    assert (Revision.objects.count(), everything()) == before
    assert counts(report) == {}
    assert School.objects.filter(name="=1+1\nMaple").exists()  # in a file, that is a space


@pytest.mark.parametrize("identifier", [5, "", " ", "a\nb", "x" * 256, "sch 1", "oak"])
def test_what_no_file_can_say_of_a_row_stays(identifier: Any) -> None:
    metadata, odd_id = {"identifier": identifier, "x": 1}, "sch\n1"
    district = DistrictFactory.create(metadata=metadata)
    schools = [
        SchoolFactory.create(district=district, sourced_id=name, metadata=metadata)
        for name in ("", "oak", odd_id)
    ]
    year = AcademicYearFactory.create(school=schools[0], name="Year\r\n1", sourced_id=odd_id)
    term = TermFactory.create(academic_year=year, name="Block\n2", sourced_id=odd_id)
    report = imported(exported(district))
    assert (told(report), counts(report)) == ([], {})
    for row in (district, *schools):
        row.refresh_from_db()
        assert row.metadata == metadata
    term.refresh_from_db()
    assert (term.name, term.term_type) == ("Block\n2", "SEM1")


def test_a_text_that_has_become_blank_is_told_as_the_id(harbor: School) -> None:
    for model in (School, AcademicYear, Term):
        model.objects.update(name="\t")
    School.objects.update(metadata={}, sourced_id=" ")
    files = contract.read(exported())
    assert [files["orgs"][1][name] for name in ("name", "identifier")] == ["sch1", "sch1"]
    assert files["academicSessions"][1]["title"] == "sem1"
    report = imported(exported())
    assert (told(report), counts(report)) == ([], {})


def test_an_unchanged_file_writes_nothing(harbor: School) -> None:
    before = Revision.objects.count(), District.objects.get().revision
    report = imported(roster(ORGS, SESSIONS))
    assert (Revision.objects.count(), District.objects.get().revision) == before
    assert {kind: each.left_alone for kind, each in report.counts.items()} == {
        "districts": 1,
        "schools": 1,
        "academic_years": 1,
        "terms": 2,
        "quarters": 2,
    }


@pytest.mark.parametrize("count", [1, 4])
def test_an_unchanged_file_costs_the_same_however_many_schools_it_has(
    harbor: School, django_assert_max_num_queries, count: int
) -> None:
    orgs, sessions = list(ORGS), list(SESSIONS)
    for number in range(count):
        orgs.append(f"o{number},,,School {number},school,,d1")
        year = f"2026-2027,schoolYear,2026-08-17,2027-06-05,,2027,o{number}"
        sessions.append(f"oy{number},,,{year}")
    imported(roster(orgs, sessions))
    with django_assert_max_num_queries(20):
        imported(roster(orgs, sessions))


def test_the_same_data_are_the_same_bytes(harbor: School) -> None:
    first = exported()
    with time_machine.travel(NOON, tick=False):
        assert exported() == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    harbor.name = "Maple"
    harbor.save()
    assert hashlib.sha256(exported()).digest() != hashlib.sha256(first).digest()


def test_a_bulk_file_is_blank_where_a_delta_tells_of_changes(harbor: School) -> None:
    files = contract.read(exported())
    assert [row["sourcedId"] for row in files["orgs"]] == ["d1", "sch1"]
    assert [row["sourcedId"] for row in files["academicSessions"]] == [
        *("y27", "sem1", "q1", "q2", "sem2")
    ]
    assert files["academicSessions"][1] == {
        "sourcedId": "sem1",
        "status": "",
        "dateLastModified": "",
        "title": "Fall Semester",
        "type": "term",
        "startDate": "2026-08-17",
        "endDate": "2026-12-19",
        "parentSourcedId": "y27",
        "schoolYear": "2027",
        "metadata.orgSourcedId": "sch1",
    }


def test_what_there_is_nothing_of_is_absent() -> None:
    district = DistrictFactory.create(sourced_id="d1")
    assert list(contract.read(exported(district))) == ["orgs"]
    since = dt.datetime(2199, 1, 1, tzinfo=dt.UTC)
    assert contract.read(exported(district, since=since)) == {}


# Deltas


@pytest.fixture
def history(db) -> District:
    """A district whose roster was written at noon, and changed an hour later."""
    with time_machine.travel(NOON, tick=False):
        imported(roster(ORGS, SESSIONS))
    with time_machine.travel(NOON + HOUR, tick=False):
        Quarter.objects.get(sourced_id="q2").delete()
        term = Term.objects.get(sourced_id="sem2")
        term.name = "Spring"
        term.save()
    return District.objects.get()


def test_a_delta_holds_what_has_changed_and_what_that_is_part_of(history: District) -> None:
    files = contract.read(exported(history, since=NOON + HOUR))
    assert list(files) == ["academicSessions"]
    assert {
        row["sourcedId"]: (row["status"], row["dateLastModified"][11:])
        for row in files["academicSessions"]
    } == {
        "y27": ("active", "12:00:00.000Z"),
        "sem1": ("active", "13:00:00.000Z"),
        "q2": ("tobedeleted", "13:00:00.000Z"),
        "sem2": ("active", "13:00:00.001Z"),
    }
    assert len(contract.read(exported(history, since=NOON))["academicSessions"]) == 5


def test_a_delta_brings_a_copy_up_to_date(history: District) -> None:
    data, now = exported(history, since=NOON + HOUR), exported(history)
    emptied()
    imported(roster(ORGS, SESSIONS))
    report = imported(data)
    assert told(report) == []
    assert (report.counts["terms"].changed, report.counts["quarters"].removed) == (1, 1)
    assert exported() == now
    assert imported(data).counts["terms"].changed == 0


def test_a_delta_takes_a_year_and_a_school_away(harbor: School) -> None:
    before, since = exported(), dt.datetime.now(tz=dt.UTC)
    with time_machine.travel(since + HOUR, tick=False):
        oak = SchoolFactory.create(district=harbor.district, sourced_id="oak", name="Oak")
        emptied_rows = (Quarter, Term, AcademicYear)
        for model in emptied_rows:
            model.objects.all().delete()
        harbor.delete()
    district = District.objects.get()
    data, now = exported(district, since=since + HOUR), exported(district)
    oak.delete()
    emptied()
    imported(before)
    assert told(imported(data)) == []
    assert [school.name for school in School.objects.all()] == ["Oak"]
    assert exported() == now


# Some schools of a district


def test_some_schools_are_told_of_with_their_district() -> None:
    district = plant()
    oak = School.objects.get(slug="oak")
    files = contract.read(exported_roster(district.pk, RosterExport(), [oak.pk]))
    assert [row["name"] for row in files["orgs"]] == ['The "Harbor", District', "-Oak"]
    assert {row["metadata.orgSourcedId"] for row in files["academicSessions"]} == {str(oak.pk)}
