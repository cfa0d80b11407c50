"""Orgs and sessions as programs are told of them, under every root."""

from typing import Any

import pytest
from oauth2_provider.models import Application

from scheduling.models import ClientRoster
from tests.api.oneroster.conftest import HERE
from tests.factories import SchoolFactory, TermFactory

pytestmark = pytest.mark.django_db


def test_a_semester_is_told_whole(reader, harbor) -> None:
    harbor.terms[0].name = "Fall"
    harbor.terms[0].save()
    here = f"{HERE}{reader.root}/academicSessions"
    told = reader.read("/academicSessions/sem1")
    del told["dateLastModified"]
    assert told == {
        "sourcedId": "sem1",
        "status": "active",
        "title": "Fall",
        "type": "term",
        "startDate": "2026-08-12",
        "endDate": "2026-12-19",
        "schoolYear": "2027",
        "parent": {"href": f"{here}/y27", "sourcedId": "y27", "type": "academicSession"},
        "children": [
            {"href": f"{here}/q1", "sourcedId": "q1", "type": "academicSession"},
            {"href": f"{here}/q2", "sourcedId": "q2", "type": "academicSession"},
        ],
        "metadata": {"orgSourcedId": "sch1"},
    }


def test_orgs_are_told_whole(reader, harbor) -> None:
    here = f"{HERE}{reader.root}/orgs"
    district, school = reader.read("/orgs")
    for each in (district, school):
        del each["dateLastModified"]
    assert district == {
        "sourcedId": "d1",
        "status": "active",
        "name": "Harbor District",
        "type": "district",
        "identifier": "d1",
        "children": [{"href": f"{here}/sch1", "sourcedId": "sch1", "type": "org"}],
    }
    assert school == {
        "sourcedId": "sch1",
        "status": "active",
        "name": "St. Mary's High",
        "type": "school",
        "identifier": "sch1",
        "parent": {"href": f"{here}/d1", "sourcedId": "d1", "type": "org"},
    }


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        ("/orgs", ["d1", "sch1"]),
        ("/schools", ["sch1"]),
        ("/academicSessions", ["q1", "q2", "sem1", "sem2", "y27"]),
        ("/terms", ["sem1", "sem2"]),
        ("/gradingPeriods", ["q1", "q2"]),
        ("/schools/sch1/terms", ["sem1", "sem2"]),
        ("/terms/sem1/gradingPeriods", ["q1", "q2"]),
        ("/terms/sem2/gradingPeriods", []),
    ],
)
@pytest.mark.parametrize("end", ["", "/"])
def test_a_collection_lists_what_is_of_its_type(reader, path: str, ids: list, end: str) -> None:
    assert reader.ids(f"{path}{end}") == ids


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/orgs/d1", "district"),
        ("/orgs/sch1", "school"),
        ("/schools/sch1", "school"),
        ("/academicSessions/y27", "schoolYear"),
        ("/academicSessions/q1", "gradingPeriod"),
        ("/terms/sem1", "term"),
        ("/gradingPeriods/q2/", "gradingPeriod"),
    ],
)
def test_an_object_is_found_by_its_id(reader, path: str, kind: str) -> None:
    assert reader.read(path)["type"] == kind


def references(told: dict[str, Any]) -> list[dict[str, str]]:
    return [*told.get("children", []), *([told["parent"]] if "parent" in told else [])]


def test_every_address_leads_to_what_it_names(reader) -> None:
    objects = [*reader.read("/orgs"), *reader.read("/academicSessions")]
    told = {each["sourcedId"]: each for each in objects}
    for each in objects:
        for reference in [
            *each.get("children", []),
            *([each["parent"]] if "parent" in each else []),
        ]:
            path = reference["href"].removeprefix(HERE + reader.root)
            assert reader.read(path) == told[reference["sourcedId"]]
        for child in each.get("children", []):
            assert told[child["sourcedId"]]["parent"]["sourcedId"] == each["sourcedId"]


def test_a_trimester_is_a_term(program, harbor) -> None:
    TermFactory.create(academic_year=harbor.year, term_type="TRI1", sourced_id="tri1")
    assert program.read("/terms/tri1")["parent"]["sourcedId"] == "y27"


@pytest.mark.parametrize("sourced_id", ["a/b@c", "é ü", "50%", "a,b", "x?y#z", "~'\"<>&"])
def test_any_id_can_be_asked_for_by_its_address(program, harbor, sourced_id: str) -> None:
    term = TermFactory.create(academic_year=harbor.year, term_type="TRI2", sourced_id=sourced_id)
    (told,) = program.read("/academicSessions", filter=f"title='{term.name}'")
    year = program.read("/academicSessions/y27")
    (href,) = [each["href"] for each in year["children"] if each["sourcedId"] == sourced_id]
    assert program.read(href.removeprefix(HERE + program.root)) == told
    assert told["sourcedId"] == sourced_id


def test_without_an_id_of_its_own_an_object_has_ours(program, harbor) -> None:
    school = SchoolFactory.create(district=harbor.district)
    assert program.read(f"/schools/{school.pk}")["identifier"] == str(school.pk)


def test_ends_of_sessions_are_told_as_the_program_understands_them(reader, harbor) -> None:
    assert reader.read("/academicSessions/sem1")["endDate"] == "2026-12-19"
    application = Application.objects.get()
    ClientRoster(application=application, oneroster_end_date="inclusive").save()

    assert reader.read("/academicSessions/sem1")["endDate"] == "2026-12-18"
    (told,) = reader.read("/terms", filter="endDate='2026-12-18'")
    assert (told["sourcedId"], told["endDate"]) == ("sem1", "2026-12-18")
    assert reader.ids("/terms", filter="endDate='2026-12-19'") == []
    assert reader.ids("/gradingPeriods", sort="endDate", orderBy="desc") == ["q2", "q1"]
