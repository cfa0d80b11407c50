"""What is on at an instant, over HTTP."""

import datetime as dt

import pytest
import time_machine

from tests.factories import (
    AcademicYearFactory,
    BreakFactory,
    PeriodDefinitionFactory,
    SchoolFactory,
)

pytestmark = pytest.mark.django_db

NOW = "/api/v1/schools/maple-high/now"


def test_passing_time_is_told_whole(client, maple) -> None:
    assert client.get(f"{NOW}?at=2026-11-23T15:45:00Z").json() == {
        "school": maple.as_told,
        "at": "2026-11-23T15:45:00Z",
        "local_time": "2026-11-23T09:45:00-06:00",
        "revision": maple.school.revision,
        "interval": {
            "type": "passing",
            "name": "Passing to Period 2",
            "period": None,
            "starts_at": "2026-11-23T15:43:00Z",
            "ends_at": "2026-11-23T15:49:00Z",
            "seconds_left": 240,
        },
        "next_period": {
            "id": str(maple.periods[1].id),
            "number": 2,
            "name": "Period 2",
            "type": "class",
            "track": "",
            "start": "09:49",
            "end": "10:32",
            "length": 43,
            "passing": 0,
            "starts_at": "2026-11-23T15:49:00Z",
            "ends_at": "2026-11-23T16:32:00Z",
        },
        "next_school_day": {"date": "2026-11-24", "starts_at": "2026-11-24T14:30:00Z"},
        "previous_school_day": {"date": "2026-11-20", "ends_at": "2026-11-20T15:28:00Z"},
        "school_days_left": 17,
    }


def test_a_period_under_way_is_told_with_its_bells(client, maple) -> None:
    interval = client.get(f"{NOW}?at=2026-11-23T15:00:00Z").json()["interval"]
    assert (interval["type"], interval["seconds_left"]) == ("period", 43 * 60)
    assert interval["period"]["id"] == str(maple.periods[0].id)


def test_a_track_makes_the_day_longer(client, maple) -> None:
    at = "at=2026-11-23T16:40:00Z"
    assert client.get(f"{NOW}?{at}").json()["interval"]["type"] == "after_school"
    assert client.get(f"{NOW}?{at}&track=lunch-a").json()["interval"]["name"] == "Lunch A"


def test_a_school_without_a_year_knows_nothing(client) -> None:
    school = SchoolFactory.create(slug="empty")
    body = client.get("/api/v1/schools/empty/now?at=2026-11-23T15:45:00Z").json()
    assert body["interval"] == {
        "type": "summer",
        "name": "Summer",
        "period": None,
        "starts_at": None,
        "ends_at": None,
        "seconds_left": None,
    }
    assert (body["next_period"], body["next_school_day"]) == (None, None)
    assert (body["previous_school_day"], body["school_days_left"]) == (None, 0)
    assert body["school"]["id"] == str(school.id)


@pytest.mark.parametrize(
    ("written", "at"),
    [
        pytest.param("2026-11-23T09:45:00-06:00", "2026-11-23T15:45:00Z", id="behind-utc"),
        pytest.param("2026-11-23T16:45:00%2B01:00", "2026-11-23T15:45:00Z", id="ahead"),
        pytest.param("2026-11-23T16:45:00+01:00", "2026-11-23T15:45:00Z", id="plus-as-space"),
        pytest.param("2026-11-23t15:45:00z", "2026-11-23T15:45:00Z", id="small-letters"),
        pytest.param("2026-11-23T15:45:00.000Z", "2026-11-23T15:45:00Z", id="no-fraction"),
        pytest.param("2026-11-23T15:45:00.5Z", "2026-11-23T15:45:00.500000Z", id="a-fraction"),
        pytest.param("1900-01-01T00:00:00Z", "1900-01-01T00:00:00Z", id="the-first"),
        pytest.param("2199-12-31T23:59:59Z", "2199-12-31T23:59:59Z", id="the-last"),
    ],
)
def test_an_instant_may_be_written_as_rfc_3339_has_it(client, maple, written: str, at: str) -> None:
    assert client.get(f"{NOW}?at={written}").json()["at"] == at


def test_without_an_instant_it_is_this_second_and_not_to_be_kept(client, maple) -> None:
    with time_machine.travel("2026-11-23T15:45:00.750+00:00", tick=False):
        response = client.get(NOW)
    assert response.json()["at"] == "2026-11-23T15:45:00Z"
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


def test_an_offset_may_go_without_its_colon(client, maple) -> None:
    written = client.get("/api/v1/schools/maple-high/now?at=2026-11-23T09:45:00-0600")
    assert written.json()["at"] == "2026-11-23T15:45:00Z"


def test_an_offset_of_the_days_of_sundials_is_told_in_minutes(client) -> None:
    SchoolFactory.create(slug="monrovia", timezone="Africa/Monrovia")
    body = client.get("/api/v1/schools/monrovia/now?at=1950-01-01T00:00:00Z").json()
    assert body["local_time"] == "1949-12-31T23:16:00-00:44"


def test_a_year_without_bells_does_not_hide_the_years_beyond(client) -> None:
    school = SchoolFactory.create(slug="closed-for-a-year")
    PeriodDefinitionFactory.create(template__school=school, template__is_default=True)
    for start in (2024, 2025, 2026):
        dates = {"start_date": dt.date(start, 9, 1), "end_date": dt.date(start + 1, 5, 31)}
        year = AcademicYearFactory.create(school=school, name=f"{start}", **dates)
        if start == 2025:
            BreakFactory.create(academic_year=year, **dates)

    before = client.get("/api/v1/schools/closed-for-a-year/now?at=2025-07-01T12:00:00Z").json()
    after = client.get("/api/v1/schools/closed-for-a-year/now?at=2026-07-01T12:00:00Z").json()

    assert before["next_school_day"]["date"] == "2026-09-01"
    assert after["previous_school_day"]["date"] == "2025-05-30"
