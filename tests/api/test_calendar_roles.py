"""Who may read, replace, create and move a school's calendar by a document."""

import copy
from typing import Any

import pytest
from rest_framework.test import APIClient

from scheduling.access import READ
from scheduling.documents import export_document
from scheduling.models import District, School
from tests.api.calendars import URL, YEAR, caller, everything, put
from tests.api.test_bad_requests import told
from tests.core.racing import race
from tests.factories import (
    ApplicationFactory,
    DistrictFactory,
    MembershipFactory,
    SchoolFactory,
    UserFactory,
    bearer,
)
from tests.scheduling.documents.builders import bent, document, without

pytestmark = pytest.mark.django_db


def test_a_private_calendar_is_for_those_who_may_read_the_school(client, maple) -> None:
    maple.school.is_public = False
    maple.school.save()
    members = [caller(school=maple.school), caller(district=maple.school.district)]
    strangers = [{}, caller(), caller(district=DistrictFactory.create(), role="admin")]
    statuses = [client.get(URL, headers=each).status_code for each in members + strangers]
    assert statuses == [200, 200, 404, 404, 404]


# Who may replace


@pytest.mark.parametrize(
    ("place", "role", "status"),
    [
        ("own", "viewer", 403),
        ("own", "editor", 200),
        ("own", "admin", 200),
        ("district", "viewer", 403),
        ("district", "editor", 200),
        ("district", "admin", 200),
        ("foreign", "admin", 403),
    ],
)
def test_a_calendar_is_replaced_by_editors(client, maple, place: str, role: str, status) -> None:
    place_of = {
        "own": {"school": maple.school},
        "district": {"district": maple.school.district},
        "foreign": {},
    }
    headers = caller(**place_of[place], role=role)
    body = bent(client.get(URL).json(), **{f"{YEAR}breaks": []})
    assert put(client, body, headers).status_code == status
    assert maple.year.breaks.exists() == (status != 200)


def test_a_private_school_is_not_there_for_strangers_whatever_they_send(client, maple) -> None:
    maple.school.is_public = False
    maple.school.save()
    foreign = [
        caller(role="editor"),
        caller(role="admin"),
        caller(district=DistrictFactory.create(), role="admin"),
    ]
    before = everything()
    unknown = put(client, {}, foreign[0], "/api/v1/schools/nowhere/calendar")
    for headers in foreign:
        for body in (document(), export_document(maple.school.pk)):
            response = put(client, body, headers)
            assert response.status_code == 404
            assert {**response.json(), "instance": ""} == {**unknown.json(), "instance": ""}
    assert everything() == before


def test_a_stranger_has_to_say_who_it_is(client, maple) -> None:
    response = put(client, client.get(URL).json())
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")


def test_a_token_for_reading_replaces_nothing(client, maple) -> None:
    application = ApplicationFactory.create()
    MembershipFactory.create(application=application, school=maple.school, role="admin")
    response = put(client, client.get(URL).json(), bearer(application, READ))
    assert (response.status_code, response.json()["code"]) == (403, "insufficient_scope")


@pytest.mark.parametrize("body", [{}, [], {"format": "schoolday/1"}])
def test_who_may_not_replace_a_calendar_is_told_so_first(client, maple, body: Any) -> None:
    assert put(client, body, caller(school=maple.school)).status_code == 403


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("name", "Maple Senior High"),
        ("timezone", "America/Denver"),
        ("weekdays", ["monday"]),
        ("is_public", False),
        ("passing_minutes_cap", 5),
        ("sourced_id", "m-1"),
        ("metadata", {"mascot": "owl"}),
    ],
)
def test_the_school_itself_is_changed_by_its_admins_alone(
    client, maple, editor, admin, column: str, value: Any
) -> None:
    body = bent(client.get(URL).json(), **{f"school__{column}": value, f"{YEAR}breaks": []})
    before = everything()
    refused = put(client, body, editor)
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    assert column in refused.json()["detail"]
    assert everything() == before
    assert put(client, body, admin).status_code == 200
    assert client.get(URL, headers=admin).json()["school"][column] == value


def test_a_person_replaces_a_calendar_too(client, maple) -> None:
    member = MembershipFactory.create(school=maple.school, role="editor").user
    client.force_login(member)
    body = bent(client.get(URL).json(), **{f"{YEAR}breaks": []})
    assert put(client, body).status_code == 200
    assert maple.school.revisions.latest("number").actor == member


# New schools


def test_a_school_that_is_not_there_is_created(client) -> None:
    district = DistrictFactory.create(slug="harbor")
    headers = caller(district=district, role="admin")
    response = put(client, document(), headers)
    assert (response.status_code, response.headers["Location"]) == (201, URL)
    assert response.json()["counts"]["school"]["created"] == 1
    assert response.json()["counts"]["district"]["left_alone"] == 1
    school = School.objects.get(slug="maple-high")
    assert (school.district, school.revision) == (district, 1)
    read = client.get(response.headers["Location"], headers=headers)
    assert read.headers["ETag"] == response.headers["ETag"]
    again = put(client, document(), headers)
    assert (again.status_code, again.json()["touched"]) == (200, [])
    assert "Location" not in again.headers


def test_a_dry_run_creates_no_school(client) -> None:
    headers = caller(district=DistrictFactory.create(slug="harbor"), role="admin")
    before = everything()
    dry = put(client, document(), headers, f"{URL}?dry_run=true")
    assert (dry.status_code, everything()) == (200, before)
    assert {"ETag", "Location"}.isdisjoint(dry.headers)
    assert put(client, document(), headers).json() == dry.json()


@pytest.mark.parametrize("held", ["*", '"any"'])
def test_a_school_that_is_expected_to_be_there_is_not_created(client, held: str) -> None:
    headers = caller(district=DistrictFactory.create(slug="harbor"), role="admin")
    assert put(client, document(), headers, **{"if-match": held}).status_code == 412
    assert not School.objects.filter(slug="maple-high").exists()


@pytest.mark.parametrize(
    "district",
    [
        pytest.param("harbor", id="not-its-admin"),
        pytest.param("coast", id="unseen"),
        pytest.param("nowhere", id="missing"),
        pytest.param(None, id="default"),
    ],
)
def test_a_school_is_created_by_the_admins_of_its_district_alone(client, district) -> None:
    harbor = DistrictFactory.create(slug="harbor")
    DistrictFactory.create(slug="coast")
    body = document(district={"slug": district, "name": "District"})
    if district is None:
        del body["district"]
    callers = [
        caller(district=harbor, role="editor"),
        caller(school=SchoolFactory.create(district=harbor), role="admin"),
        caller(district=DistrictFactory.create(), role="admin"),
    ]
    before = everything()
    unknown = put(client, {}, callers[0], "/api/v1/schools/nowhere/calendar").json()
    for headers in callers:
        for url in (URL, f"{URL}?dry_run=true"):
            response = put(client, body, headers, url)
            assert response.status_code == 404
            assert response.json() == {**unknown, "instance": URL}
    assert everything() == before


@pytest.mark.parametrize("given", [document(), without(document(), "district")])
def test_a_superuser_may_create_the_district_as_well(client, given: dict[str, Any]) -> None:
    client.force_login(UserFactory.create(is_superuser=True))
    response = put(client, given)
    assert response.status_code == 201
    assert response.json()["counts"]["district"]["created"] == 1


def test_an_id_is_not_for_the_caller_to_choose(client) -> None:
    district = DistrictFactory.create(slug="harbor")
    headers = caller(district=district, role="admin")
    url = f"/api/v1/schools/{district.pk}/calendar"
    assert put(client, document(), headers, url).status_code == 404
    assert put(client, document(school__slug=str(district.pk)), headers, url).status_code == 404


def test_a_new_school_has_a_slug_that_a_school_may_have(client) -> None:
    headers = caller(district=DistrictFactory.create(slug="harbor"), role="admin")
    body = document(school__slug="Maple High")
    response = put(client, body, headers, "/api/v1/schools/Maple%20High/calendar")
    assert (response.status_code, told(response)) == (400, {("/school/slug", "invalid_slug")})


@pytest.mark.django_db(transaction=True)
def test_a_school_that_several_create_at_once_is_created_once(client) -> None:
    headers = caller(district=DistrictFactory.create(slug="harbor"), role="admin")
    statuses = race(lambda _number: put(APIClient(), document(), headers).status_code, 6)
    assert sorted(statuses) == [200] * 5 + [201]
    assert School.objects.get().revision == 1


# Another district


@pytest.fixture
def elsewhere(client, maple) -> dict[str, Any]:
    """The calendar of Maple High, moved to the district `coast`."""
    body = client.get(URL).json()
    return {**copy.deepcopy(body), "district": {"slug": "coast", "name": "Coast District"}}


def test_a_school_moves_where_the_caller_is_admin_too(client, maple, elsewhere) -> None:
    coast = DistrictFactory.create(slug="coast", name="The Coast")
    application = ApplicationFactory.create()
    for district in (maple.school.district, coast):
        MembershipFactory.create(
            application=application, school=None, district=district, role="admin"
        )
    assert put(client, elsewhere, bearer(application)).status_code == 200
    maple.school.refresh_from_db()
    assert maple.school.district == coast
    assert District.objects.get(slug="coast").name == "The Coast"


@pytest.mark.parametrize("is_there", [True, False])
def test_a_district_out_of_reach_is_as_unknown_as_one_that_is_not_there(
    client, maple, admin, elsewhere, is_there: bool
) -> None:
    if is_there:
        DistrictFactory.create(slug="coast")
    before = everything()
    response = put(client, elsewhere, admin)
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert response.json()["errors"] == [
        {
            "pointer": "/district/slug",
            "code": "not_found",
            "detail": "There is no district with this slug.",
        }
    ]
    assert everything() == before


def test_a_school_does_not_move_where_the_caller_only_reads(client, maple, elsewhere) -> None:
    coast = DistrictFactory.create(slug="coast")
    application = ApplicationFactory.create()
    MembershipFactory.create(application=application, school=maple.school, role="admin")
    MembershipFactory.create(application=application, school=None, district=coast, role="editor")
    response = put(client, elsewhere, bearer(application))
    assert (response.status_code, response.json()["code"]) == (403, "permission_denied")


def test_an_admin_of_another_district_takes_no_school_over(client, maple, elsewhere) -> None:
    coast = DistrictFactory.create(slug="coast")
    application = ApplicationFactory.create()
    MembershipFactory.create(application=application, school=maple.school, role="editor")
    MembershipFactory.create(application=application, school=None, district=coast, role="admin")
    assert put(client, elsewhere, bearer(application)).status_code == 403


def test_a_school_leaves_no_district_by_its_own_will(client, maple, elsewhere) -> None:
    coast = DistrictFactory.create(slug="coast")
    application = ApplicationFactory.create()
    MembershipFactory.create(application=application, school=maple.school, role="admin")
    MembershipFactory.create(application=application, school=None, district=coast, role="admin")
    assert put(client, elsewhere, bearer(application)).status_code == 403


def test_a_superuser_moves_a_school_into_a_new_district(client, maple, elsewhere) -> None:
    client.force_login(UserFactory.create(is_superuser=True))
    response = put(client, elsewhere)
    assert (response.status_code, response.json()["counts"]["district"]["created"]) == (200, 1)
    maple.school.refresh_from_db()
    assert maple.school.district.slug == "coast"
