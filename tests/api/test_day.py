"""The daily schedule over HTTP."""

import datetime as dt

import pytest
import time_machine

from tests.factories import (
    AcademicYearFactory,
    PeriodDefinitionFactory,
    PeriodTemplateFactory,
    SchoolFactory,
)

pytestmark = pytest.mark.django_db

MONDAY = "/api/v1/schools/maple-high/days/2026-11-23"
EVERY_DAY = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def test_a_school_day_is_told_whole(client, maple) -> None:
    first, second, lunch = (str(period.id) for period in maple.periods)
    assert client.get(MONDAY).json() == {
        "school": maple.as_told,
        "date": "2026-11-23",
        "weekday": "monday",
        "is_school_day": True,
        "reason": "rule",
        "label": None,
        "academic_year": {"id": str(maple.year.id), "name": "2026-2027"},
        "terms": [{"id": str(maple.term.id), "term_type": "SEM1", "name": "Semester 1"}],
        "quarter": {
            "id": str(maple.quarters[1].id),
            "quarter_type": "Q2",
            "full_label": "Q2 (S1)",
        },
        "week": {"quarter": 7, "term": 16, "year": 16},
        "cycle_day": "A",
        "break": None,
        "template": {"id": str(maple.late_start.id), "code": "late-start", "name": "Late start"},
        "starts_at": "2026-11-23T15:00:00Z",
        "ends_at": "2026-11-23T16:32:00Z",
        "instructional_minutes": 92,
        "periods": [
            {
                "id": first,
                "number": 1,
                "name": "Period 1",
                "type": "class",
                "track": "",
                "start": "09:00",
                "end": "09:43",
                "length": 43,
                "passing": 6,
                "starts_at": "2026-11-23T15:00:00Z",
                "ends_at": "2026-11-23T15:43:00Z",
            },
            {
                "id": second,
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
            {
                "id": lunch,
                "number": 3,
                "name": "Lunch A",
                "type": "lunch",
                "track": "lunch-a",
                "start": "10:32",
                "end": "11:02",
                "length": 30,
                "passing": 0,
                "starts_at": "2026-11-23T16:32:00Z",
                "ends_at": "2026-11-23T17:02:00Z",
            },
        ],
        "revision": maple.school.revision,
    }


def test_a_break_is_told_whole(client, maple) -> None:
    off = maple.year.breaks.get()
    body = client.get("/api/v1/schools/maple-high/days/2026-11-26").json()
    assert {key: value for key, value in body.items() if key not in {"school", "quarter"}} == {
        "date": "2026-11-26",
        "weekday": "thursday",
        "is_school_day": False,
        "reason": "break",
        "label": "Thanksgiving break",
        "academic_year": {"id": str(maple.year.id), "name": "2026-2027"},
        "terms": [{"id": str(maple.term.id), "term_type": "SEM1", "name": "Semester 1"}],
        "week": {"quarter": 7, "term": 16, "year": 16},
        "cycle_day": None,
        "break": {
            "id": str(off.id),
            "name": "Thanksgiving break",
            "kind": "vacation",
            "start_date": "2026-11-25",
            "end_date": "2026-11-27",
        },
        "template": None,
        "starts_at": None,
        "ends_at": None,
        "instructional_minutes": 0,
        "periods": [],
        "revision": maple.school.revision,
    }


def test_the_keys_come_in_the_order_of_the_contract(client, maple) -> None:
    assert list(client.get(MONDAY).json()) == [
        "school", "date", "weekday", "is_school_day", "reason", "label", "academic_year", "terms",
        "quarter", "week", "cycle_day", "break", "template", "starts_at", "ends_at",
        "instructional_minutes", "periods", "revision",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "numbers", "ends_at"),
    [
        pytest.param("", [1, 2, 3], "16:32", id="all-shown-everybody's-bounds"),
        pytest.param("?track=all", [1, 2, 3], "16:32", id="all"),
        pytest.param("?track=none", [1, 2], "16:32", id="none"),
        pytest.param("?track=lunch-a", [1, 2, 3], "17:02", id="one"),
        pytest.param("?track=zero&track=lunch-a&track=zero", [1, 2, 3], "17:02", id="several"),
        pytest.param("?track=unheard-of", [1, 2], "16:32", id="unused"),
    ],
)
def test_tracks_choose_the_periods_and_the_bounds(
    client, maple, query: str, numbers: list[int], ends_at: str
) -> None:
    body = client.get(MONDAY + query).json()
    assert [period["number"] for period in body["periods"]] == numbers
    assert body["ends_at"] == f"2026-11-23T{ends_at}:00Z"


def test_a_school_is_found_by_its_id(client, maple) -> None:
    by_id = client.get(f"/api/v1/schools/{maple.school.id}/days/2026-11-23")
    assert by_id.json() == client.get(MONDAY).json()


def test_a_date_outside_every_year_is_an_answer(client, maple) -> None:
    body = client.get("/api/v1/schools/maple-high/days/1900-01-01").json()
    assert (body["reason"], body["academic_year"], body["terms"]) == ("outside_year", None, [])


def test_a_range_is_its_single_days(client, maple) -> None:
    days = client.get("/api/v1/schools/maple-high/days?from=2026-11-20&to=2026-11-30").json()
    assert days == {
        "days": [
            client.get(f"/api/v1/schools/maple-high/days/{dt.date(2026, 11, 20 + n)}").json()
            for n in range(11)
        ]
    }


def test_a_range_of_one_day_and_one_of_400_are_answered(client, maple) -> None:
    url = "/api/v1/schools/maple-high/days?from=2026-11-20&to="
    assert len(client.get(url + "2026-11-20").json()["days"]) == 1
    assert len(client.get(url + "2027-12-24").json()["days"]) == 400


def test_a_range_takes_tracks(client, maple) -> None:
    url = "/api/v1/schools/maple-high/days?from=2026-11-23&to=2026-11-23&track=none"
    assert len(client.get(url).json()["days"][0]["periods"]) == 2


@pytest.mark.parametrize(
    ("zone", "today"),
    [
        pytest.param("Pacific/Honolulu", "2026-11-22", id="behind"),
        pytest.param("UTC", "2026-11-23", id="utc"),
        pytest.param("Pacific/Auckland", "2026-11-23", id="ahead"),
    ],
)
def test_today_is_the_schools_today(client, zone: str, today: str) -> None:
    SchoolFactory.create(slug="far-away", timezone=zone)
    with time_machine.travel("2026-11-23T05:00:00+00:00", tick=False):
        body = client.get("/api/v1/schools/far-away/days/today").json()
    assert body["date"] == today


def test_bells_keep_to_the_clock_when_it_is_put_back(client) -> None:
    school = SchoolFactory.create(slug="always-open", weekdays=EVERY_DAY)
    AcademicYearFactory.create(school=school)
    template = PeriodTemplateFactory.create(school=school, is_default=True)
    PeriodDefinitionFactory.create(template=template)
    url = "/api/v1/schools/always-open/days?from=2026-10-31&to=2026-11-01"
    days = client.get(url).json()["days"]
    assert [day["periods"][0]["start"] for day in days] == ["08:30", "08:30"]
    assert [day["starts_at"] for day in days] == ["2026-10-31T13:30:00Z", "2026-11-01T14:30:00Z"]
