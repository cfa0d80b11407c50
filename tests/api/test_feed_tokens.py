"""Feed tokens over HTTP: made, told once, listed, taken back."""

from typing import Any

import pytest
import time_machine
from django.db import connection
from icalendar import Calendar
from rest_framework.test import APIClient

from scheduling.models import FeedToken, School
from tests.api.conftest import Maple
from tests.factories import FeedTokenFactory, SchoolFactory

pytestmark = pytest.mark.django_db

TOKENS = "/api/v1/schools/maple-high/feed-tokens"
FAMILIES = {"name": "Families, 2026-2027"}


@pytest.fixture
def closed(maple: Maple) -> School:
    """Return Maple High, which is private."""
    maple.school.is_public = False
    maple.school.save()
    return maple.school


@time_machine.travel("2026-08-03T14:05:00+00:00", tick=False)
def test_a_new_token_is_told_with_the_addresses_to_subscribe_to(
    client: APIClient, closed: School, admin: dict[str, str]
) -> None:
    response = client.post(TOKENS, FAMILIES, headers=admin)
    body = response.json()
    row = FeedToken.objects.get()
    base = f"http://testserver/api/v1/schools/{closed.pk}"
    assert response.status_code == 201
    assert body == {
        "id": str(row.pk),
        "name": "Families, 2026-2027",
        "created_at": "2026-08-03T14:05:00Z",
        "key": body["key"],
        "calendar_url": f"{base}/calendar.ics?key={body['key']}",
        "bells_url": f"{base}/bells.ics?key={body['key']}",
    }
    assert response.headers["Cache-Control"] == "no-store"
    assert len(body["key"]) == 43  # 256 bits
    for name in ("calendar_url", "bells_url"):
        feed = APIClient().get(body[name])
        assert Calendar.from_ical(feed.content)["PRODID"]


def test_two_tokens_of_one_name_have_keys_of_their_own(
    client: APIClient, closed: School, admin: dict[str, str]
) -> None:
    keys = {client.post(TOKENS, FAMILIES, headers=admin).json()["key"] for _time in range(2)}
    assert len(keys) == 2


def test_a_key_is_nowhere_in_the_database(
    client: APIClient, closed: School, admin: dict[str, str]
) -> None:
    again = {**admin, "idempotency-key": "the-7th"}
    key = client.post(TOKENS, FAMILIES, headers=again).json()["key"]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {table}")
            assert key not in str(cursor.fetchall())
    shown = client.get(TOKENS, headers=admin)
    assert key not in shown.text


def test_a_token_is_noted_under_who_made_it(
    client: APIClient, closed: School, admin: dict[str, str]
) -> None:
    client.post(TOKENS, FAMILIES, headers=admin)
    maker = FeedToken.objects.get().created_by
    assert maker is not None
    assert maker.username.startswith("user-")


def test_a_token_is_no_change_of_the_calendar(
    client: APIClient, closed: School, admin: dict[str, str]
) -> None:
    before = School.objects.values_list("revision", "revision_token").get(pk=closed.pk)
    pk = client.post(TOKENS, FAMILIES, headers=admin).json()["id"]
    client.delete(f"{TOKENS}/{pk}", headers=admin)
    assert School.objects.values_list("revision", "revision_token").get(pk=closed.pk) == before


def test_a_token_is_deleted_and_then_not_there(
    client: APIClient, closed: School, admin: dict[str, str]
) -> None:
    token = FeedTokenFactory.create(school=closed)
    first, second = (client.delete(f"{TOKENS}/{token.pk}", headers=admin) for _time in range(2))
    assert (first.status_code, first.content, second.status_code) == (204, b"", 404)
    assert not FeedToken.objects.exists()


def test_tokens_are_listed_the_newest_first_page_by_page(
    client: APIClient, closed: School, admin: dict[str, str]
) -> None:
    for number in range(3):
        with time_machine.travel(f"2026-08-0{number + 1}T12:00:00+00:00", tick=False):
            FeedTokenFactory.create(school=closed, name=f"Token {number}")
    FeedTokenFactory.create(school=SchoolFactory.create())
    first = client.get(TOKENS, {"page_size": 2}, headers=admin)
    second = client.get(first.json()["next"], headers=admin)
    assert [each["name"] for each in first.json()["results"]] == ["Token 2", "Token 1"]
    assert first.headers["Link"] == f'<{first.json()["next"]}>; rel="next"'
    assert second.json()["next"] is None
    (last,) = second.json()["results"]
    token = FeedToken.objects.get(name="Token 0")
    assert last == {
        "id": str(token.pk),
        "name": "Token 0",
        "created_at": "2026-08-01T12:00:00Z",
    }


@pytest.mark.parametrize("count", [1, 5])
def test_a_list_of_tokens_costs_as_many_queries_whatever_its_length(
    client: APIClient,
    closed: School,
    admin: dict[str, str],
    django_assert_num_queries: Any,
    count: int,
) -> None:
    FeedTokenFactory.create_batch(count, school=closed)
    with django_assert_num_queries(5):  # the token, its roles, the school, the role, the rows
        client.get(TOKENS, headers=admin)


def test_tokens_of_a_public_school_are_for_no_stranger(client: APIClient, maple: Maple) -> None:
    response = client.get(TOKENS)
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")


def test_tokens_go_with_their_school(closed: School) -> None:
    school = SchoolFactory.create()
    FeedTokenFactory.create(school=school)
    school.delete()
    assert not FeedToken.objects.exists()
