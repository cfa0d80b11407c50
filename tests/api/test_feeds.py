"""Calendar feeds over HTTP: who may read them, and what a program that polls them is told."""

import datetime as dt
import logging
from typing import Any

import pytest
import time_machine
from icalendar import Calendar
from rest_framework.test import APIClient

from scheduling.models import Revision
from tests.api.conftest import Maple
from tests.factories import (
    ApplicationFactory,
    BreakFactory,
    FeedTokenFactory,
    MembershipFactory,
    bearer,
)

pytestmark = pytest.mark.django_db

CALENDAR = "/api/v1/schools/maple-high/calendar.ics"
BELLS = "/api/v1/schools/maple-high/bells.ics"
FEEDS = pytest.mark.parametrize("url", [CALENDAR, BELLS], ids=["calendar", "bells"])


@pytest.fixture(autouse=True)
def _on_a_wednesday():
    with time_machine.travel("2026-12-02T18:00:00+00:00", tick=False):
        yield


@pytest.fixture
def token(maple: Maple) -> Any:
    """Return a token of Maple High, which is private."""
    maple.school.is_public = False
    maple.school.save()
    return FeedTokenFactory.create(school=maple.school)


def events(response: Any) -> list[Any]:
    assert response.status_code == 200, response.content
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


@FEEDS
def test_a_feed_says_how_to_keep_it(client: APIClient, maple: Maple, url: str) -> None:
    response = client.get(url)
    told = {
        name: response.headers.get(name)
        for name in ("Content-Type", "Cache-Control", "Referrer-Policy")
    }
    assert told == {
        "Content-Type": "text/calendar; charset=utf-8",
        "Cache-Control": "private, no-cache",
        "Referrer-Policy": "no-referrer",
    }
    assert events(response)


@FEEDS
def test_a_head_is_a_get_without_its_body(client: APIClient, maple: Maple, url: str) -> None:
    get, head = client.get(url), client.head(url)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Type", "ETag", "Last-Modified"):
        assert head.headers[name] == get.headers[name]


@FEEDS
def test_who_holds_a_feed_is_told_that_it_holds_until_it_changes(
    client: APIClient, maple: Maple, django_assert_num_queries, url: str
) -> None:
    first = client.get(url)
    with django_assert_num_queries(1):  # the school's state
        again = client.get(url, headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Referrer-Policy"] == "no-referrer"

    BreakFactory.create(academic_year=maple.year, name="Snow day")
    changed = client.get(url, headers={"if-none-match": first.headers["ETag"]})
    assert changed.status_code == 200


@FEEDS
def test_an_unchanged_feed_is_the_same_a_day_later(
    client: APIClient, maple: Maple, url: str
) -> None:
    first = client.get(url)
    with time_machine.travel("2026-12-04T18:00:00+00:00", tick=False):
        later = client.get(url)
    assert (later.content, later.headers["ETag"]) == (first.content, first.headers["ETag"])
    assert later.headers["Last-Modified"] == first.headers["Last-Modified"]


def test_a_feed_of_bells_moves_on_with_the_week(client: APIClient, maple: Maple) -> None:
    first = client.get(BELLS)
    assert str(events(first)[0]["DTSTART"].dt.date()) == "2026-11-30"
    with time_machine.travel("2026-12-07T05:59:59+00:00", tick=False):  # still Sunday in Chicago
        assert client.get(BELLS).headers["ETag"] == first.headers["ETag"]
    with time_machine.travel("2026-12-07T06:00:00+00:00", tick=False):
        moved = client.get(BELLS, headers={"if-none-match": first.headers["ETag"]})
    assert str(events(moved)[0]["DTSTART"].dt.date()) == "2026-12-07"
    assert moved.headers["Last-Modified"] == "Mon, 07 Dec 2026 06:00:00 GMT"


def test_a_feed_was_last_modified_by_the_last_write(client: APIClient, maple: Maple) -> None:
    with time_machine.travel("2026-12-03T09:30:15.5+00:00", tick=False):
        maple.year.breaks.all().delete()
        assert client.get(CALENDAR).headers["Last-Modified"] == "Thu, 03 Dec 2026 09:30:15 GMT"


def test_a_feed_without_its_entry_in_the_log_has_no_date(client: APIClient, maple: Maple) -> None:
    Revision.objects.all().delete()
    assert "Last-Modified" not in client.get(CALENDAR).headers


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Q1 (S1)", "Q2 (S1)", "Semester 1", "Thanksgiving break", "Veterans Day"}),
        ("?kind=breaks", {"Thanksgiving break"}),
        ("?kind=breaks&kind=overrides", {"Thanksgiving break", "Veterans Day"}),
    ],
)
def test_a_calendar_can_be_asked_for_some_kinds(
    client: APIClient, maple: Maple, query: str, names: set[str]
) -> None:
    assert {str(each["SUMMARY"]) for each in events(client.get(CALENDAR + query))} == names


@pytest.mark.parametrize(
    ("query", "weeks"), [("", 4), ("?weeks=1", 1), ("?weeks=26", 26)], ids=["four", "one", "most"]
)
def test_bells_are_told_for_as_many_weeks_as_asked(
    client: APIClient, maple: Maple, query: str, weeks: int
) -> None:
    days = {each["DTSTART"].dt.date() for each in events(client.get(BELLS + query))}
    monday = dt.date(2026, 11, 30)
    last_of_term = dt.date(2026, 12, 18)
    assert min(days) == monday
    assert max(days) == min(monday + dt.timedelta(weeks=weeks, days=-3), last_of_term)


@pytest.mark.parametrize(
    ("query", "lunches"),
    [("", 0), ("&track=none", 0), ("&track=lunch-a", 1), ("&track=all", 1), ("&track=lunch-b", 0)],
)
def test_bells_are_those_of_a_person(
    client: APIClient, maple: Maple, query: str, lunches: int
) -> None:
    told = events(client.get(f"{BELLS}?weeks=1{query}"))
    assert len([each for each in told if each["SUMMARY"] == "Lunch A"]) == lunches


@pytest.mark.parametrize("accept", ["text/calendar", "text/*", "*/*", "text/calendar, */*;q=0.5"])
def test_a_program_that_takes_calendars_gets_one(
    client: APIClient, maple: Maple, accept: str
) -> None:
    assert client.get(CALENDAR, headers={"accept": accept}).status_code == 200


# Private schools


@FEEDS
def test_a_private_school_is_read_with_a_key(client: APIClient, token: Any, url: str) -> None:
    assert client.get(url).status_code == 404
    assert events(client.get(url, {"key": token.key}))
    by_id = url.replace("maple-high", str(token.school.pk))
    assert events(client.get(by_id, {"key": token.key}))


@FEEDS
def test_a_key_that_was_taken_back_opens_nothing_from_then_on(
    client: APIClient, token: Any, url: str
) -> None:
    held = client.get(url, {"key": token.key}).headers["ETag"]
    token.delete()
    response = client.get(url, {"key": token.key}, headers={"if-none-match": held})
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert response.headers["Referrer-Policy"] == "no-referrer"


def test_a_key_opens_one_school_alone(client: APIClient, token: Any) -> None:
    other = FeedTokenFactory.create(school__slug="oak-high", school__is_public=False)
    assert client.get(CALENDAR, {"key": other.key}).status_code == 404


@pytest.mark.parametrize("key", ["guess", "digest", " ", "é"])
def test_a_wrong_key_is_refused_even_where_none_is_needed(
    client: APIClient, maple: Maple, key: str
) -> None:
    digest = FeedTokenFactory.create(school=maple.school).digest
    given = digest if key == "digest" else key
    assert client.get(CALENDAR, {"key": given}).status_code == 404


def test_a_school_that_is_not_there_looks_as_one_that_is_closed(
    client: APIClient, token: Any
) -> None:
    asked = [CALENDAR, CALENDAR.replace("maple", "no")]
    bodies = [client.get(url, {"key": "guess"}).json() for url in asked]
    assert bodies[0] == {**bodies[1], "instance": CALENDAR}


def test_a_feed_has_one_etag_whoever_asks(client: APIClient, token: Any) -> None:
    application = ApplicationFactory.create()
    MembershipFactory.create(application=application, school=token.school, role="viewer")
    second = FeedTokenFactory.create(school=token.school)
    answers = [
        client.get(CALENDAR, {"key": token.key}),
        client.get(CALENDAR, {"key": second.key}),
        client.get(CALENDAR, headers=bearer(application)),
    ]
    assert len({(each.content, each.headers["ETag"]) for each in answers}) == 1


def test_a_key_opens_nothing_but_feeds(client: APIClient, token: Any) -> None:
    response = client.get("/api/v1/schools/maple-high/now", {"key": token.key})
    assert (response.status_code, response.json()["errors"][0]["code"]) == (
        400,
        "unknown_parameter",
    )
    headers = {"authorization": f"Bearer {token.key}"}
    assert client.get(CALENDAR, headers=headers).status_code == 401


@pytest.mark.parametrize("url", [CALENDAR, BELLS.replace("maple", "no")])
def test_no_log_and_no_problem_tells_a_key(client: APIClient, token: Any, caplog, url: str) -> None:
    caplog.set_level(logging.DEBUG)
    key = "a-key-that-nobody-has"
    for secret in (key, token.key):
        for query in ({"key": secret}, {"key": secret, "weeks": "x", "kind": "x"}):
            response = client.get(url, query)
            assert b"BEGIN:VCALENDAR" in response.content or secret not in response.text
            assert secret not in caplog.text
    assert "/calendar.ics" in caplog.text or "/bells.ics" in caplog.text
