"""Ed-Fi bodies over HTTP: what is told, to whom, and when it is told anew."""

from typing import Any
from uuid import uuid4

import pytest
import time_machine
from jsonschema import Draft202012Validator

from api.serializers import examples
from api.viewsets.edfi import VIEWS
from api.viewsets.schema import document
from core.revision import revise
from scheduling import exports
from scheduling.documents import import_document
from scheduling.edfi.conventions import Conventions
from scheduling.edfi.resources import RESOURCES
from scheduling.edfi.school_id import edfi_school_id
from scheduling.models import School
from scheduling.states import state_of
from tests.api.conftest import Maple
from tests.factories import AcademicYearFactory, SchoolFactory
from tests.scheduling.edfi.contract import faults

pytestmark = pytest.mark.django_db

EDFI = "/api/v1/schools/maple-high/edfi"
SESSIONS = f"{EDFI}/sessions"


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel("2026-11-23T18:00:00+00:00", tick=False):
        yield


@pytest.fixture
def numbered(maple: Maple) -> Maple:
    """Return Maple High with its number in Ed-Fi."""
    maple.school.metadata = {"edfi_school_id": 1042}
    maple.school.save()
    return maple


def exported(client: Any, query: str = "") -> dict[str, Any]:
    """Return everything that a host is told of a year."""
    return {name: client.get(f"{EDFI}/{name}{query}").json() for name in RESOURCES}


def test_each_resource_has_its_address() -> None:
    assert tuple(view.resource for view in VIEWS) == RESOURCES


def test_a_host_takes_what_it_is_told(client, numbered) -> None:
    assert faults(exported(client)) == []
    query = "?namespace=uri://state.example/v1&end_dates=exclusive"
    told = exported(client, query)
    assert faults(told, namespace="uri://state.example/v1", end_dates="exclusive") == []
    assert told != exported(client)


def test_a_session_is_told_whole(client, numbered) -> None:
    quarters = [
        {
            "gradingPeriodReference": {
                "gradingPeriodDescriptor": f"uri://ed-fi.org/GradingPeriodDescriptor#{name}",
                "gradingPeriodName": short,
                "schoolId": 1042,
                "schoolYear": 2027,
            }
        }
        for short, name in (("Q1", "First Nine Weeks"), ("Q2", "Second Nine Weeks"))
    ]
    response = client.get(SESSIONS)
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == [
        {
            "sessionName": "2026-2027 SEM1",
            "schoolReference": {"schoolId": 1042},
            "schoolYearTypeReference": {"schoolYear": 2027},
            "termDescriptor": "uri://ed-fi.org/TermDescriptor#Fall Semester",
            "beginDate": "2026-08-12",
            "endDate": "2026-12-18",
            "totalInstructionalDays": 89,
            "gradingPeriods": quarters,
        }
    ]


def test_the_answers_are_those_of_the_document_and_of_its_examples(client) -> None:
    import_document(examples.CALENDAR_DOCUMENT)
    told, shown = exported(client), document()
    shapes = shown["components"]
    for name, bodies in told.items():
        operation = shown["paths"][f"/api/v1/schools/{{school}}/edfi/{name}"]["get"]
        content = operation["responses"]["200"]["content"]["application/json"]
        whole = {**content["schema"], "components": shapes}
        assert list(Draft202012Validator(whole).iter_errors(bodies)) == []
        ((example,),) = [each["value"] for each in content["examples"].values()]
        assert any(is_shown(each, example) for each in bodies), name
    assert faults(told) == []


def is_shown(body: Any, example: Any) -> bool:
    """Return whether an example says of a body what it has; of dates it may show some."""
    some = {**body, "dates": example["dates"]} if "dates" in example else body
    return bool(some == example and all(each in body["dates"] for each in example.get("dates", [])))


@pytest.mark.parametrize("name", RESOURCES)
def test_a_host_learns_whether_what_it_has_still_holds(client, numbered, name: str) -> None:
    first = client.get(f"{EDFI}/{name}")
    held = {"if-none-match": first.headers["ETag"]}
    assert first.headers["Cache-Control"] == "no-cache"
    assert client.get(f"{EDFI}/{name}", headers=held).status_code == 304
    for query in ("namespace=uri://x.org", "end_dates=exclusive"):
        assert client.get(f"{EDFI}/{name}?{query}", headers=held).status_code == 200
    numbered.year.breaks.get().delete()
    again = client.get(f"{EDFI}/{name}", headers=held)
    assert (again.status_code, again.headers["ETag"] != first.headers["ETag"]) == (200, True)


def test_an_answer_is_kept_until_the_school_changes(
    client, numbered, django_assert_num_queries, monkeypatch
) -> None:
    before = client.get(SESSIONS).json()
    with monkeypatch.context() as patched, django_assert_num_queries(1):
        patched.setattr(exports, "edfi_source", None)
        assert client.get(SESSIONS).json() == before
    numbered.year.breaks.get().delete()
    assert client.get(SESSIONS).json()[0]["totalInstructionalDays"] == 92


def test_a_new_number_is_told_at_once(client, numbered) -> None:
    assert client.get(SESSIONS).json()[0]["schoolReference"] == {"schoolId": 1042}
    numbered.school.metadata = {"edfi_school_id": 7}
    numbered.school.save()
    assert client.get(SESSIONS).json()[0]["schoolReference"] == {"schoolId": 7}


def test_years_are_asked_for_one_by_one(client, numbered) -> None:
    following = AcademicYearFactory.create(
        school=numbered.school, name="2027-2028", start_date="2027-08-12", end_date="2028-06-01"
    )
    calendars = [
        client.get(f"{EDFI}/calendars{query}").json()[0]["schoolYearTypeReference"]["schoolYear"]
        for query in ("", f"?academic_year={numbered.year.pk}", f"?academic_year={following.pk}")
    ]
    assert calendars == [2027, 2027, 2028]
    with time_machine.travel("2027-08-12T18:00:00+00:00", tick=False):
        assert "2028" in client.get(f"{EDFI}/calendars").text


@pytest.mark.parametrize("name", RESOURCES)
def test_a_school_without_years_has_nothing_to_tell(client, name: str) -> None:
    SchoolFactory.create(slug="maple-high", sourced_id="1042")
    assert client.get(f"{EDFI}/{name}").json() == []


@pytest.mark.parametrize(
    ("metadata", "sourced_id", "number"),
    [
        ({}, "1042", 1042),
        ({}, "0042", 42),
        ({}, "9007199254740991", 2**53 - 1),
        ({"edfi_school_id": 7}, "1042", 7),
        ({"edfi_school_id": 7.0}, "", 7),
        ({"edfi_school_id": "x"}, "1042", 1042),
        ({"edfi_school_id": True}, "", None),
        ({"edfi_school_id": None}, "S-1", None),
        ({}, "", None),
        ({}, "0", None),
        ({}, "-5", None),
        ({}, "١٢", None),
        ({}, "9007199254740992", None),
        ({}, "9" * 255, None),
        ({}, "1042\n", None),
    ],
)
def test_a_school_has_a_number_of_its_metadata_or_else_of_its_code(
    metadata: dict[str, Any], sourced_id: str, number: int | None
) -> None:
    assert edfi_school_id(metadata, sourced_id) == number


def test_a_school_without_a_number_is_told_what_to_set(client, maple, admin) -> None:
    refusal = client.get(SESSIONS)
    assert (refusal.status_code, refusal.json()["errors"]) == (
        400,
        [
            {
                "pointer": "/school",
                "code": "no_edfi_school_id",
                "detail": (
                    "The school has no number in Ed-Fi: set edfi_school_id in its metadata, or "
                    "make its sourced id a whole number."
                ),
            }
        ],
    )
    school = f"/api/v1/schools/{maple.school.pk}"
    wrong = client.patch(school, {"metadata": {"edfi_school_id": "x"}}, "json", headers=admin)
    assert [(each["pointer"], each["code"]) for each in wrong.json()["errors"]] == [
        ("/metadata/edfi_school_id", "schema")
    ]
    client.patch(school, {"metadata": {"edfi_school_id": 7}}, "json", headers=admin)
    assert client.get(SESSIONS).json()[0]["schoolReference"] == {"schoolId": 7}


def test_what_is_being_written_is_not_kept(numbered) -> None:
    state = state_of("maple-high", anew=True)
    assert state is not None
    asked = ("calendars", numbered.year.pk, Conventions(), repr_of)
    with revise(numbered.school):
        numbered.year.name = "Next"
        numbered.year.save()
        _token, inside = exports.edfi_bodies(state, *asked)
        _token, sessions = exports.edfi_bodies(state, "sessions", *asked[1:])
    assert b"MAIN" in inside
    assert b"Next SEM1" in sessions


def repr_of(bodies: Any) -> bytes:
    return repr(bodies).encode()


def test_rows_that_writes_overtake_again_and_again_are_not_kept(numbered, monkeypatch) -> None:
    state = state_of("maple-high", anew=True)
    assert state is not None
    asked = (state, "calendars", numbered.year.pk, Conventions(), repr_of)
    identity = exports._identity

    def overtaken(pk: Any) -> Any:
        School.objects.filter(pk=pk).update(name=f"Maple {uuid4()}")
        return identity(pk)

    monkeypatch.setattr(exports, "_identity", overtaken)
    assert [exports.edfi_bodies(*asked)[0] for _try in range(2)] == [None, None]


def test_a_write_that_overtakes_a_read_is_in_all_that_is_told(numbered, monkeypatch) -> None:
    state = state_of("maple-high", anew=True)
    assert state is not None
    whole = exports.whole_calendar

    def overtaken(school: Any) -> Any:
        loaded = whole(school)
        with revise(numbered.school):
            numbered.year.name = "Next"
            numbered.year.save()
            numbered.school.metadata = {"edfi_school_id": 7}
            numbered.school.save()
        return loaded

    monkeypatch.setattr(exports, "whole_calendar", overtaken)
    asked = (state, "sessions", numbered.year.pk, Conventions(), repr_of)
    token, told = exports.edfi_bodies(*asked)
    assert token == School.objects.get(pk=state.id).revision_token
    assert (b"'schoolId': 7" in told, b"Next SEM1" in told) == (True, True)
