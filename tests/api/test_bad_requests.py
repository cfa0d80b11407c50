"""Requests that are wrong: all that is wrong with each is told, and never as a 500."""

from typing import Any

import pytest

from tests.factories import SchoolFactory

pytestmark = pytest.mark.django_db

DAY = "/api/v1/schools/maple-high/days/"
DAYS = "/api/v1/schools/maple-high/days"
NOW = "/api/v1/schools/maple-high/now"
QUARTER = "/api/v1/quarters/for-date?school=maple-high"
LONG = "9" * 5000


def told(response: Any) -> set[tuple[str, str]]:
    return {(error["pointer"], error["code"]) for error in response.json()["errors"]}


@pytest.mark.parametrize(
    ("url", "errors"),
    [
        pytest.param(f"{DAY}2026-02-30", {("/date", "invalid")}, id="no-such-date"),
        pytest.param(f"{DAY}2026-2-3", {("/date", "invalid")}, id="short-date"),
        pytest.param(f"{DAY}20260203", {("/date", "invalid")}, id="basic-date"),
        pytest.param(f"{DAY}2026-W01-1", {("/date", "invalid")}, id="week-date"),
        pytest.param(f"{DAY}tomorrow", {("/date", "invalid")}, id="a-word"),
        pytest.param(f"{DAY}Today", {("/date", "invalid")}, id="a-capital"),
        pytest.param(f"{DAY}2026-02-03%0A", {("/date", "invalid")}, id="newline"),
        pytest.param(f"{DAY}2026-02-0%D9%A3", {("/date", "invalid")}, id="arabic-digit"),
        pytest.param(f"{DAY}%00", {("/date", "invalid")}, id="nul-date"),
        pytest.param(f"{DAY}%FF", {("/date", "invalid")}, id="broken-utf-8"),
        pytest.param(DAY + LONG, {("/date", "invalid")}, id="endless-date"),
        pytest.param(f"{DAY}0000-01-01", {("/date", "year_out_of_range")}, id="year-0000"),
        pytest.param(f"{DAY}0001-01-01", {("/date", "year_out_of_range")}, id="year-0001"),
        pytest.param(f"{DAY}1899-12-31", {("/date", "year_out_of_range")}, id="too-early"),
        pytest.param(f"{DAY}2200-01-01", {("/date", "year_out_of_range")}, id="too-late"),
        pytest.param(f"{DAY}9999-12-31", {("/date", "year_out_of_range")}, id="year-9999"),
        pytest.param(
            f"{DAY}2026-02-03?date=2026-02-03", {("/date", "repeated")}, id="path-and-query"
        ),
        pytest.param(f"{DAY}today?track=", {("/track", "blank")}, id="empty-track"),
        pytest.param(f"{DAY}today?track=A&track=b", {("/track/0", "invalid_track")}, id="capital"),
        pytest.param(
            f"{DAY}today?track=b&track={LONG}", {("/track/1", "invalid_track")}, id="endless-track"
        ),
        pytest.param(f"{DAY}today?track=%00", {("/track/0", "invalid_track")}, id="nul-track"),
        pytest.param(
            f"{DAY}today?{'&'.join(f'track={n}' for n in range(21))}",
            {("/track", "max_length")},
            id="too-many-tracks",
        ),
        pytest.param(
            f"{DAY}x?format=xml&y=1&y=2",
            {("/date", "invalid"), ("/format", "unknown_parameter"), ("/y", "unknown_parameter")},
            id="unknown-parameters",
        ),
        pytest.param(
            f"{DAY}today?a%2Fb~%00=1", {("/a~1b~0\x00", "unknown_parameter")}, id="odd-name"
        ),
        pytest.param(
            "/api/v1/schools/%00/days/today",
            {("/school", "invalid_characters")},
            id="nul-school",
        ),
        pytest.param(
            f"/api/v1/schools/{LONG}/days/today", {("/school", "max_length")}, id="endless-school"
        ),
        pytest.param(DAYS, {("/from", "required"), ("/to", "required")}, id="no-range"),
        pytest.param(
            f"{DAYS}?from=&to=x", {("/from", "blank"), ("/to", "invalid")}, id="half-a-range"
        ),
        pytest.param(f"{DAYS}?from=today&to=today", {("/from", "invalid"), ("/to", "invalid")}),
        pytest.param(
            f"{DAYS}?from=2026-02-03&to=2026-02-02",
            {("/to", "dates_out_of_order")},
            id="backwards",
        ),
        pytest.param(
            f"{DAYS}?from=2026-11-20&to=2027-12-25", {("/to", "too_many_days")}, id="401-days"
        ),
        pytest.param(f"{NOW}?at=", {("/at", "blank")}, id="empty-instant"),
        pytest.param(f"{NOW}?at=2026-11-23T15:45:00", {("/at", "invalid")}, id="no-offset"),
        pytest.param(f"{NOW}?at=2026-11-23", {("/at", "invalid")}, id="no-time"),
        pytest.param(f"{NOW}?at=2026-11-23T25:45:00Z", {("/at", "invalid")}, id="no-such-time"),
        pytest.param(
            f"{NOW}?at=2026-11-23T15:45:00-24:00", {("/at", "invalid")}, id="no-such-offset"
        ),
        pytest.param(f"{NOW}?at=now", {("/at", "invalid")}, id="a-word-for-an-instant"),
        pytest.param(
            f"{NOW}?at=0000-01-01T00:00:00Z", {("/at", "year_out_of_range")}, id="instant-0000"
        ),
        pytest.param(
            f"{NOW}?at=0001-01-01T00:00:00%2B14:00", {("/at", "year_out_of_range")}, id="overflow"
        ),
        pytest.param(
            f"{NOW}?at=9999-12-31T23:59:59-14:00", {("/at", "year_out_of_range")}, id="overflow-2"
        ),
        pytest.param(
            "/api/v1/quarters/for-date", {("/school", "required"), ("/date", "required")}, id="none"
        ),
        pytest.param(
            f"{QUARTER}&date=2026-02-03&date=2026-02-03", {("/date", "repeated")}, id="repeated"
        ),
        pytest.param(f"{QUARTER}%ED%A0%80&date=today&school=", {("/school", "repeated")}),
        pytest.param(
            f"{QUARTER}&date=today&track=staff", {("/track", "unknown_parameter")}, id="not-here"
        ),
    ],
)
def test_everything_wrong_is_told_at_once(client, url: str, errors: set[tuple[str, str]]) -> None:
    SchoolFactory.create(slug="maple-high")
    response = client.get(url)
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert told(response) == errors


@pytest.mark.parametrize("key", ["private", "unknown", "Public", "%EF%BF%BD", "public%20"])
@pytest.mark.parametrize(
    "url",
    [
        "/api/v1/schools/{key}/days/today",
        "/api/v1/schools/{key}/days?from=2026-02-03&to=2026-02-03",
        "/api/v1/schools/{key}/now",
        "/api/v1/quarters/for-date?school={key}&date=2026-02-03",
    ],
)
def test_a_private_school_is_as_unknown_as_one_that_is_not_there(
    client, django_assert_num_queries, url: str, key: str
) -> None:
    SchoolFactory.create(slug="public")
    SchoolFactory.create(slug="private", is_public=False)
    path = url.format(key=key)
    with django_assert_num_queries(1):
        response = client.get(path)
    body = response.json()
    assert (response.status_code, body.pop("instance")) == (404, path.partition("?")[0])
    assert body == {
        "type": "/problems/not_found",
        "title": "Not found.",
        "status": 404,
        "code": "not_found",
        "detail": "There is nothing here, or nothing that you may see.",
        "errors": [],
    }


def test_a_private_school_is_unknown_by_its_id_too(client) -> None:
    school = SchoolFactory.create(is_public=False)
    assert client.get(f"/api/v1/schools/{school.id}/now").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_question_is_only_asked(client, method: str) -> None:
    response = getattr(client, method)(NOW)
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_head_is_a_get_without_its_body(client) -> None:
    SchoolFactory.create(slug="maple-high")
    head, get = client.head(f"{DAY}today"), client.get(f"{DAY}today")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == get.headers["ETag"]


def test_an_answer_in_another_format_is_not_to_be_had(client) -> None:
    response = client.get(NOW, headers={"accept": "text/csv"})
    assert (response.status_code, response.json()["code"]) == (406, "not_acceptable")
