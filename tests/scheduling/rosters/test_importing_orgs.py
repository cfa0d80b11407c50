"""What becomes of the districts and the schools of a file."""

import pytest

from scheduling.models import District, School
from tests.factories import DistrictFactory, SchoolFactory
from tests.scheduling.oneroster_csv.files import (
    ORG_HEADER,
    ORGS,
    SESSION_FILE,
    SESSIONS,
    WHEN,
    changed,
    roster,
)
from tests.scheduling.rosters.conftest import OAK, TWO_SCHOOLS, counts, imported, notes, told

pytestmark = pytest.mark.django_db


def test_a_district_that_is_named_is_that_of_the_file() -> None:
    district = DistrictFactory.create(slug="lake")
    imported(roster(ORGS, SESSIONS), district=district)
    district.refresh_from_db()
    assert (District.objects.get(), district.name) == (district, "Harbor District")
    assert (district.sourced_id, district.metadata) == ("d1", {"identifier": "D1"})
    assert counts(imported(roster(ORGS, SESSIONS))) == {}


def test_schools_of_another_district_than_the_one_that_is_named_are_left_out() -> None:
    lake = DistrictFactory.create(sourced_id="d2")
    orgs = [*ORGS, "d2,,,Lake District,district,,", "sch2,,,Oak High,school,,d2"]
    report = imported(roster(orgs), district=lake)
    assert notes(report) == [
        "line 2: The file is imported into Harbor District: another district is left out.",
        "line 3: The school is of another district than Harbor District: it is left out.",
    ]
    assert [school.name for school in School.objects.all()] == ["Oak High"]
    DistrictFactory.create(sourced_id="d1")
    assert len(notes(imported(roster(ORGS), district=lake))) == 2
    below = [ORG_HEADER, f"s,{WHEN},Elm,school,,d1"]
    assert len(notes(imported(roster(below, None, "delta"), district=lake))) == 1


def test_a_school_is_below_its_district_through_whatever_is_between() -> None:
    orgs = [*ORGS, "loc,,,East,local,,d1", "sch2,,,Oak High,school,,loc"]
    assert told(imported(roster(orgs))) == []
    assert School.objects.get(sourced_id="sch2").district.sourced_id == "d1"


def test_a_school_needs_a_district() -> None:
    orgs = [ORG_HEADER, "a,,,Oak High,school,,b", "b,,,East,local,,a"]
    assert told(imported(roster(orgs))) == [
        (
            "orgs.csv: line 2: parentSourcedId: The school is below no district that is known: "
            "name one with --district."
        )
    ]
    assert told(imported(roster(orgs), district=DistrictFactory.create())) == []


def test_a_school_that_is_stored_has_its_district(harbor: School) -> None:
    orgs = [ORG_HEADER, f"sch1,{WHEN},Maple,school,,", f"sch2,{WHEN},Oak,school,,d1"]
    assert told(imported(roster(orgs, None, "delta"))) == []
    harbor.refresh_from_db()
    assert (harbor.name, School.objects.count()) == ("Maple", 2)
    assert {school.district for school in School.objects.all()} == {harbor.district}


def test_a_new_school_needs_a_time_zone(harbor: School) -> None:
    assert told(imported(roster(TWO_SCHOOLS), time_zone="")) == []
    SchoolFactory.create(district=harbor.district, timezone="America/Denver")
    orgs = [*TWO_SCHOOLS, "sch3,,,Elm High,school,,d1"]
    assert told(imported(roster(orgs), time_zone="")) == [
        "orgs.csv: line 5: The school is new: say its time zone, as in --time-zone America/Chicago."
    ]


def test_a_school_of_the_same_name_that_no_system_has_named_is_taken() -> None:
    school = SchoolFactory.create(district__sourced_id="d1", name="Oak High", slug="oak")
    orgs = [*TWO_SCHOOLS, "sch3,,,Oak High,school,,d1"]
    report = imported(roster(orgs))
    assert "line 4: This is the school oak, which has the same name." in notes(report)
    school.refresh_from_db()
    assert (school.sourced_id, School.objects.count()) == ("sch2", 3)
    assert School.objects.get(sourced_id="sch3").slug == "oak-high"


def test_two_lines_are_not_one_district_or_school(harbor: School) -> None:
    local = SchoolFactory.create(district=harbor.district, name="Oak High")
    orgs = [
        *(*TWO_SCHOOLS, f"{local.pk},,,Oak High,school,,d1"),
        f"{harbor.pk},,,Maple,school,,d1",
        f"{harbor.district_id},,,Harbor,district,,",
    ]
    report = imported(roster(orgs), skip_bad=True)
    assert told(report) == [
        "orgs.csv: line 6: sourcedId: This is the same school as line 3.",
        "orgs.csv: line 7: sourcedId: This is the same district as line 2.",
    ]
    assert counts(report) == {"schools": (1, 0, 0)}
    local.refresh_from_db()
    assert local.sourced_id == ""  # what a line names is not taken for its name by another line


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Oak High", "oak-high-2"),
        ("校", "school"),
        ("01890000-0000-7000-8000-000000000000", "school"),
        ("x" * 100, "x" * 57),
    ],
)
def test_a_new_school_has_a_name_in_addresses_that_is_free(name: str, slug: str) -> None:
    SchoolFactory.create(slug="oak-high")
    imported(roster([*ORGS, f"sch2,,,{name},school,,d1"]))
    assert School.objects.get(sourced_id="sch2").slug == slug


def test_what_a_model_refuses_is_told_at_its_column(harbor: School) -> None:
    orgs = changed(TWO_SCHOOLS, 3, "Upper", "x" * 90)
    orgs = changed(orgs, 4, "Oak", "y" * 110)
    lines = [*SESSIONS, *OAK, "z27,,,2026-2027,schoolYear,2026-08-17,2027-06-05,,2027,sch1"]
    report = imported(roster(orgs, changed(lines, 3, "Fall", "x" * 50)), skip_bad=True)
    long = "Ensure this value has at most"
    assert [each.partition(" characters")[0] for each in told(report)] == [
        f"orgs.csv: line 3: name: {long} 100",
        f"orgs.csv: line 4: name: {long} 100",
        f"academicSessions.csv: line 3: title: {long} 50",
        *(
            f"academicSessions.csv: line {line}: The school of this session cannot be taken."
            for line in (7, 8)
        ),
        f"{SESSION_FILE}: line 9: startDate: This overlaps 2026-2027.",
        f"{SESSION_FILE}: line 9: title: The school already has an academic year of this name.",
    ]
    assert counts(report) == {}


def test_a_school_whose_district_cannot_be_taken_cannot_either() -> None:
    assert told(imported(roster(changed(ORGS, 2, "Harbor", "x" * 100))))[1:] == [
        "orgs.csv: line 3: parentSourcedId: The district of this school cannot be taken."
    ]
