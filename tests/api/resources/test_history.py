"""What a row has been: each version once, also of rows that are gone, for whoever may know."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from core.revision import revise
from scheduling.models import Break, Membership, School
from scheduling.services.pruning import prune_history
from tests.api.calendars import caller
from tests.api.resources.kinds import Kind, every_kind
from tests.factories import (
    BreakFactory,
    DistrictFactory,
    MembershipFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

ELSEWHERE = {"revision", "etag", "periods"}
"""What a version does not say of a row: it is said of other rows, too, or beside it."""
START = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)


def history(client: APIClient, row: Any, path: str = "breaks", **query: Any) -> list[Any]:
    """Return all versions of a row, page by page."""
    key = getattr(row, "pk", row)
    response = client.get(f"/api/v1/{path}/{key}/history", query)
    found = []
    while True:
        assert response.status_code == 200, response.content
        page = response.json()
        found += page["results"]
        if page["next"] is None:
            assert "Link" not in response.headers
            return found
        assert response.headers["Link"] == f'<{page["next"]}>; rel="next"'
        response = client.get(page["next"])


def status(client: APIClient, row: Any, path: str = "breaks", **query: Any) -> int:
    return int(client.get(f"/api/v1/{path}/{getattr(row, 'pk', row)}/history", query).status_code)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as clock:
        yield clock


def renamed(row: Break, *names: str) -> Break:
    """Give a row these names, one after the other."""
    for name in names:
        row.name = name
        row.save()
    return row


@every_kind
def test_a_row_is_followed_until_it_is_gone(client, superuser, maple, kind: Kind) -> None:
    told = superuser.post(kind.url, kind.full(maple), format="json").json()
    url = f"{kind.url}/{told['id']}"
    changed = superuser.patch(url, {"sourced_id": "sis-changed"}, format="json").json()
    assert superuser.delete(url).status_code == 204

    versions = history(superuser, told["id"], kind.path)

    assert [each["op"] for each in versions] == ["deleted", "changed", "created"]
    assert [each["changed"] for each in versions] == [[], ["sourced_id"], []]
    rows = [changed, changed, told]
    own = [{name: row[name] for name in row if name not in ELSEWHERE} for row in rows]
    assert [each["object"] for each in versions] == own
    numbers = [each["revision"] for each in versions]
    assert numbers == sorted(numbers, reverse=True)
    if kind.path not in {"schools", "districts"}:
        assert numbers[1:] == [changed["revision"], told["revision"]]
        assert history(client, told["id"], kind.path) == [
            {**each, "changed_by": None} for each in versions
        ]


def test_a_version_names_every_field_that_was_something_else(client, admin, maple) -> None:
    period = maple.periods[0]
    url = f"/api/v1/period-definitions/{period.pk}"
    admin.patch(url, {"length": 40, "name": "First", "meta": {"room": 1}}, format="json")
    newest = history(client, period, "period-definitions")[0]
    assert newest["changed"] == ["name", "length", "meta", "end"]


def test_a_version_is_what_is_said_from_its_moment_on(client, maple) -> None:
    row = renamed(BreakFactory.create(academic_year=maple.year, name="First"), "Second")
    for version in history(client, row):
        assert version["object"]["name"] in names_as_of(client, version["changed_at"])
    earlier = dt.datetime.fromisoformat(version["changed_at"]) - dt.timedelta(microseconds=1)
    assert not {"First", "Second"} & names_as_of(client, f"{earlier:%FT%T.%fZ}")


def names_as_of(client: APIClient, moment: str) -> set[str]:
    document = client.get(f"/api/v1/schools/maple-high/calendar?as_of={moment}").json()
    return {each["name"] for each in document["academic_years"][0]["breaks"]}


def test_what_one_revision_writes_over_nobody_has_seen(client, maple) -> None:
    with revise(maple.school):
        row = BreakFactory.create(academic_year=maple.year, name="First")
        renamed(row, "Second")
    with revise(maple.school):
        renamed(row, "Third", "Fourth")
    versions = history(client, row)
    assert [(each["op"], each["object"]["name"]) for each in versions] == [
        ("changed", "Fourth"),
        ("created", "Second"),
    ]
    assert versions[0]["changed"] == ["name"]


def test_a_row_that_came_back_under_its_id_was_created_twice(client, maple) -> None:
    pk = BreakFactory.create(academic_year=maple.year).pk
    Break.objects.get(pk=pk).delete()
    BreakFactory.create(academic_year=maple.year, id=pk)
    assert [each["op"] for each in history(client, pk)] == ["created", "deleted", "created"]


@pytest.mark.parametrize("size", [1, 2, 5, 6, 1000])
def test_pages_of_any_size_tell_the_same(client, maple, size) -> None:
    row = renamed(BreakFactory.create(academic_year=maple.year), "A", "B", "C", "D")
    assert history(client, row, page_size=size) == history(client, row)
    assert [each["changed"] for each in history(client, row)] == [["name"]] * 4 + [[]]


def test_a_history_costs_as_much_whatever_its_length(client, admin, maple) -> None:
    url = f"/api/v1/breaks/{BreakFactory.create(academic_year=maple.year).pk}/history"
    row = Break.objects.latest("id")
    for more in (0, 49):
        renamed(row, *(f"Name {number}" for number in range(more)))
        for asks, cost in ((client, 1), (admin, 2)):
            with CaptureQueriesContext(connection) as captured:
                assert len(asks.get(url).json()["results"]) == 1 + more
            assert len(captured) == cost
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url, {"page_size": 20}).json()["next"]
    assert len(captured) == 2, "and the version before the page"


# Who is named


@pytest.mark.parametrize(
    ("place", "role", "name"),
    [
        ("school", "viewer", None),
        ("school", "editor", "Ada Reyes"),
        ("district", "viewer", None),
        ("district", "admin", "Ada Reyes"),
    ],
)
def test_who_wrote_it_is_for_editors_to_know(client, maple, place, role, name) -> None:
    user = UserFactory.create(username="ada", first_name="Ada", last_name="Reyes")
    with revise(maple.school, actor=user):
        row = BreakFactory.create(academic_year=maple.year)
    where = maple.school if place == "school" else maple.school.district
    asks = APIClient(headers=caller(**{place: where}, role=role))
    assert history(asks, row)[0]["changed_by"] == name
    assert history(client, row)[0]["changed_by"] is None
    stranger = APIClient(headers=caller(school=SchoolFactory.create(), role="admin"))
    assert history(stranger, row)[0]["changed_by"] is None


def test_whoever_has_no_name_is_named_by_the_account(admin, maple) -> None:
    user = UserFactory.create(username="sis-nightly")
    with revise(maple.school, actor=user):
        row = BreakFactory.create(academic_year=maple.year)
    renamed(row, "By nobody known")
    assert [each["changed_by"] for each in history(admin, row)] == [None, "sis-nightly"]


@pytest.mark.parametrize(("role", "name"), [("editor", "ada"), ("viewer", None)])
def test_who_wrote_a_district_is_for_its_editors_to_know(client, maple, role, name) -> None:
    district = maple.school.district
    with revise(maple.school, actor=UserFactory.create(username="ada")):
        district.name = "Harbor"
        district.save()
    asks = APIClient(headers=caller(district=district, role=role))
    told = history(asks, district.slug, "districts")
    assert [each["changed_by"] for each in told] == [name, None]
    assert history(client, district, "districts")[0]["object"]["name"] == "Harbor"


def test_it_is_not_kept_by_anybody_on_the_way(client, maple) -> None:
    response = client.get(f"/api/v1/terms/{maple.term.pk}/history")
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


# Who may read it


def test_what_is_gone_is_for_those_who_may_read_its_school(client, maple) -> None:
    row = BreakFactory.create(academic_year=maple.year)
    pk = row.pk
    row.delete()
    School.objects.filter(pk=maple.school.pk).update(is_public=False)
    viewer = APIClient(headers=caller(school=maple.school, role="viewer"))
    stranger = APIClient(headers=caller(school=SchoolFactory.create(), role="admin"))
    assert status(client, pk) == status(stranger, pk) == 404
    assert [each["op"] for each in history(viewer, pk)] == ["deleted", "created"]
    Membership.objects.all().delete()
    assert status(viewer, pk) == 404


def test_of_a_school_that_is_gone_its_district_may_read(client, superuser) -> None:
    left, district = DistrictFactory.create_batch(2)
    school = SchoolFactory.create(district=left)
    School.objects.filter(pk=school.pk).update(district=district)
    row = SchoolFactory.create(district=left)  # of another school, which is there
    school = School.objects.get(pk=school.pk)
    holiday = BreakFactory.create(academic_year__school=school)
    gone = {"breaks": holiday.pk, "schools": school.pk, "academic-years": holiday.academic_year_id}
    year = holiday.academic_year
    users = {place: caller(district=place, role="editor") for place in (left, district)}
    had = caller(school=school, role="admin")
    for each in (holiday, year, school):
        each.delete()
    for path, pk in gone.items():
        versions = history(APIClient(headers=users[district]), pk, path)
        assert versions == history(superuser, pk, path)
        assert versions[0]["op"] == "deleted"
        for headers in (None, users[left], had):
            assert status(APIClient(headers=headers), pk, path) == 404
    assert status(client, row.pk, "schools") == 200


def test_of_a_district_that_is_gone_a_superuser_may_read(superuser) -> None:
    district = DistrictFactory.create()
    pk, was = district.pk, MembershipFactory.create(district=district, role="admin")
    district.delete()
    person = APIClient()
    person.force_login(was.user)
    assert status(person, pk, "districts") == 404
    assert [each["op"] for each in history(superuser, pk, "districts")] == ["deleted", "created"]


def test_a_school_is_found_by_its_slug_while_it_is_there(client, maple) -> None:
    assert history(client, "maple-high", "schools") == history(client, maple.school, "schools")
    assert status(client, str(maple.school.pk).upper(), "schools") == 200
    School.objects.filter(pk=maple.school.pk).update(slug="maple")
    told = [status(client, slug, "schools") for slug in ("maple-high", "maple")]
    assert told == [404, 200]


@pytest.mark.parametrize("key", ["nothing", "%00", "é", "x" * 500, "0199c7a0-3f61-7d0b-9f0e"])
@pytest.mark.parametrize("path", ["breaks", "schools", "districts"])
def test_what_never_was_has_no_history(client, maple, path, key) -> None:
    response = client.get(f"/api/v1/{path}/{key}/history")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert status(client, maple.term.pk) == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_what_was_is_only_read(superuser, maple, method) -> None:
    response = getattr(superuser, method)(f"/api/v1/terms/{maple.term.pk}/history")
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("page_size=0", {("/page_size", "min_value")}),
        ("page_size=1001", {("/page_size", "max_value")}),
        ("page_size=ten", {("/page_size", "invalid")}),
        ("page_size=", {("/page_size", "blank")}),
        ("page_size=2&page_size=2", {("/page_size", "repeated")}),
        ("cursor=x", {("/cursor", "invalid_cursor")}),
        ("cursor=a%00", {("/cursor", "invalid_characters")}),
        ("cursor=" + "9" * 5000, {("/cursor", "max_length")}),
        ("expand=school", {("/expand", "unknown_parameter")}),
        ("ordering=id", {("/ordering", "unknown_parameter")}),
        ("as_of=2026-09-01", {("/as_of", "unknown_parameter")}),
        ("x=1&page_size=x", {("/x", "unknown_parameter"), ("/page_size", "invalid")}),
    ],
)
def test_a_question_that_means_nothing_is_refused(client, maple, query, errors) -> None:
    response = client.get(f"/api/v1/terms/{maple.term.pk}/history?{query}")
    told = {(each["pointer"], each["code"]) for each in response.json()["errors"]}
    assert (response.status_code, told) == (400, errors)


def test_a_page_of_one_row_is_none_of_another(client, maple) -> None:
    rows = [renamed(BreakFactory.create(academic_year=maple.year), "New") for _row in range(2)]
    urls = [f"/api/v1/breaks/{row.pk}/history?page_size=1" for row in rows]
    following = client.get(urls[0]).json()["next"]
    assert client.get(following).status_code == 200
    response = client.get(following.replace(str(rows[0].pk), str(rows[1].pk)))
    assert [each["code"] for each in response.json()["errors"]] == ["invalid_cursor"]


# What is forgotten


def test_what_is_pruned_is_not_told_and_what_follows_it_says_so(client, maple, clock) -> None:
    row = BreakFactory.create(academic_year=maple.year)
    clock.shift(3600)
    renamed(row, "Kept")
    url = f"/api/v1/breaks/{row.pk}/history?page_size=1"
    following = client.get(url).json()["next"]
    School.objects.filter(pk=maple.school.pk).update(name="Maple")
    list(prune_history(timezone.now()))
    (version,) = history(client, row)
    assert (version["op"], version["object"]["name"]) == ("changed", "Kept")
    assert version["changed"] is None
    assert version["changed_at"] == "2026-11-01T13:00:00Z"
    last = client.get(following)
    assert (last.status_code, last.json()["results"]) == (200, [])
    School.objects.filter(pk=maple.school.pk).update(is_public=False)
    assert client.get(following).status_code == 404
