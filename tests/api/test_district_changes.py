"""The feed of a district, over HTTP: the schools that the caller may read, and no others."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from api.viewsets import changes as view
from scheduling.changes import KINDS
from scheduling.models import District, Membership, Revision, School
from tests.api.calendars import caller
from tests.api.test_changes import DISTRICT_FEED, FEED, waiting
from tests.factories import BreakFactory, DistrictFactory, SchoolFactory

Answer = dict[str, Any]


@pytest.fixture
def county(maple) -> District:
    """Return the district of Maple High and of Elm High, which is private."""
    district = maple.school.district
    District.objects.filter(pk=district.pk).update(slug="maple-county", sourced_id="D-1")
    SchoolFactory.create(slug="elm-high", district=district, is_public=False)
    return District.objects.get()


@pytest.fixture
def office(county) -> APIClient:
    """Return a program that may read all of the district."""
    return APIClient(headers=caller(district=county))


def ask(client: APIClient, since: str | None = None, **query: Any) -> Answer:
    given = {"since": since, **query} if since else query
    response = client.get(DISTRICT_FEED, given)
    assert response.status_code == 200, response.content
    assert response.headers["Cache-Control"] == "no-store"
    answer: Answer = response.json()
    return answer


def names(answer: Answer) -> list[tuple[str, str, str | None]]:
    """Return what is told of schools and of the district."""
    return [
        (each["op"], each["resource"], each["object"]["slug"] if "object" in each else None)
        for each in answer["changes"]
        if each["resource"] in {"schools", "districts"}
    ]


def expired(client: APIClient, since: str, path: str = DISTRICT_FEED) -> bool:
    response = client.get(path, {"since": since})
    assert response.status_code in (200, 410)
    return response.status_code == 410 and response.json()["code"] == "sync_token_expired"


def test_the_first_answers_tell_the_district_and_all_of_its_schools(office, county, maple) -> None:
    told = ask(office, limit=1000)
    assert told["has_more"] is False
    listed = {
        (kind, row["id"]): row
        for kind in ("districts", *KINDS)
        for row in office.get(f"/api/v1/{kind}", {"page_size": 1000}).json()["results"]
    }
    for (kind, _), row in listed.items():
        for other in view.OF_OTHER_ROWS.get(kind, ()):
            del row[other]
    assert {(each["resource"], each["id"]): each["object"] for each in told["changes"]} == listed
    school_of = {
        each["id"]: each["object"].get("school", each["id"]) for each in told["changes"][1:]
    }
    assert {each["id"]: each["school"] for each in told["changes"][1:]} == school_of
    own = {key: value for key, value in told["changes"][0].items() if key != "object"}
    assert own == {
        "op": "upsert",
        "resource": "districts",
        "id": str(county.pk),
        "sourced_id": "D-1",
        "revision": county.revision,
        "changed_at": told["changes"][0]["object"]["updated_at"],
        "school": None,
    }


def test_a_change_and_a_deletion_are_told_with_their_school(office, maple) -> None:
    since = ask(office)["next"]
    row = BreakFactory.create(academic_year=maple.year, sourced_id="b7")
    since = ask(office, since)["next"]
    pk = str(row.pk)
    row.delete()
    [change] = ask(office, since)["changes"]
    maple.school.refresh_from_db()
    del change["changed_at"]
    assert change == {
        "op": "delete",
        "resource": "breaks",
        "id": pk,
        "sourced_id": "b7",
        "revision": maple.school.revision,
        "school": str(maple.school.pk),
    }


def test_everybody_is_told_of_the_schools_that_they_may_read(client, office, county) -> None:
    of_elm = APIClient(headers=caller(school=School.objects.get(slug="elm-high")))
    own = ("upsert", "districts", "maple-county")
    elm, maple = (("upsert", "schools", f"{name}-high") for name in ("elm", "maple"))
    assert sorted(names(ask(client))) == sorted([own, maple])
    for each in (office, of_elm):
        assert sorted(names(ask(each))) == sorted([own, elm, maple])
    assert not expired(client, ask(APIClient())["next"])
    for one in (client, office, of_elm):
        for other in (client, office, of_elm):
            assert expired(one, ask(other)["next"]) is (one is not other)


def test_a_role_that_is_taken_back_opens_nothing_any_more(client, county) -> None:
    school = School.objects.get(slug="elm-high")
    of_elm = APIClient(headers=caller(school=school))
    since = ask(of_elm)["next"]
    Membership.objects.all().delete()
    assert expired(of_elm, since)
    assert names(ask(of_elm)) == names(ask(client))


def test_a_district_without_a_school_to_be_read_is_not_there(client, office, maple) -> None:
    since = ask(client)["next"]
    School.objects.filter(pk=maple.school.pk).update(is_public=False)
    assert client.get(DISTRICT_FEED, {"since": since}).status_code == 404
    assert client.get("/api/v1/districts/no-county/changes").status_code == 404
    assert ask(office)["changes"]


def test_a_position_elsewhere_is_gone(office, county, maple) -> None:
    since = ask(office)["next"]
    other = SchoolFactory.create(district=DistrictFactory.create(slug="other")).district
    assert expired(office, since, f"/api/v1/districts/{other.pk}/changes")
    assert expired(office, "v1." + "A" * 162)
    assert not expired(office, since, f"/api/v1/districts/{county.pk}/changes")
    for feed, token in ((FEED, since), (DISTRICT_FEED, office.get(FEED).json()["next"])):
        assert (
            office.get(feed, {"since": token}).json()["errors"][0]["code"] == "invalid_sync_token"
        )


def queries(client: APIClient, **query: Any) -> int:
    with CaptureQueriesContext(
        connection,
    ) as made:
        ask(client, **query)
    return len(made)


def test_the_number_of_queries_does_not_grow_with_the_schools(office, county) -> None:
    def rename_all() -> None:
        for school in School.objects.all():
            School.objects.filter(pk=school.pk).update(name=f"{school.name}!")

    since = ask(office)["next"]
    rename_all()
    few = queries(office, since=since)
    for _ in range(5):
        SchoolFactory.create(district=county)
    since = ask(office)["next"]
    rename_all()
    assert queries(office, since=since) == few
    since = ask(office, since)["next"]
    assert queries(office, since=since) <= 8
    states = Revision.objects.count()
    assert ask(office, since)["next"] == since
    assert Revision.objects.count() == states


def test_somebody_who_waits_is_told_what_happens_in_any_school(office, maple, monkeypatch) -> None:
    since = ask(office)["next"]
    elm = School.objects.filter(slug="elm-high")
    waiting(monkeypatch, lambda _seconds: elm.update(name="Elm Senior High"))
    assert names(ask(office, since, wait=25)) == [("upsert", "schools", "elm-high")]


def test_somebody_who_waits_is_told_nothing_of_what_they_may_not_read(
    county, maple, monkeypatch
) -> None:
    of_maple = APIClient(headers=caller(school=maple.school))
    since = ask(of_maple)["next"]
    elm = School.objects.filter(slug="elm-high")
    looks: list[float] = []

    def meanwhile(seconds: float) -> None:
        looks.append(seconds)
        elm.update(name=f"Elm {len(looks)}")

    waiting(monkeypatch, meanwhile)
    assert ask(of_maple, since, wait=10)["changes"] == []
    assert len(looks) == 4


def test_nobody_waits_while_there_is_more(office, county, maple, monkeypatch) -> None:
    monkeypatch.setattr(view, "WAITING", None)  # whoever waits asks for it
    since = ask(office)["next"]
    hidden = [SchoolFactory.create(district=county) for _ in range(21)]
    for school in hidden:
        School.objects.filter(pk=school.pk).update(district=DistrictFactory.create())
    School.objects.filter(pk=maple.school.pk).update(name="Maple Senior High")
    first = ask(office, since, wait=25)
    assert {each["object"]["name"] for each in first["changes"]} <= {"Maple Senior High"}
    assert first["has_more"]
