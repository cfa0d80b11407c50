"""The calendar weeks of an academic year over HTTP."""

import datetime as dt
from itertools import pairwise

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scheduling.documents import import_document
from tests.api.test_bad_requests import told
from tests.factories import (
    AcademicYearFactory,
    BreakFactory,
    DayOverrideFactory,
    PeriodDefinitionFactory,
    PeriodTemplateFactory,
    SchoolFactory,
)
from tests.scheduling.test_demo import documents

pytestmark = pytest.mark.django_db

WEEKS = "/api/v1/schools/maple-high/weeks"
KEYS = [
    "position", "monday", "number", "quarter_number", "term_number", "first_school_day",
    "last_school_day", "school_days",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _on_a_monday():
    with time_machine.travel("2026-11-23T18:00:00+00:00", tick=False):
        yield


def years(maple) -> dict[str, str]:
    """Return the ids of Maple High's years by name: two follow the one that it has."""
    nexts = {"2027-2028": (2027, 8, 11), "2029-2030": (2029, 8, 8)}
    for name, start in nexts.items():
        first = dt.date(*start)
        dates = {"start_date": first, "end_date": first + dt.timedelta(days=290)}
        AcademicYearFactory.create(school=maple.school, name=name, **dates)
    return {year.name: str(year.id) for year in maple.school.academic_years.all()}


def test_a_week_with_no_school_is_told_whole_beside_the_others(client, maple) -> None:
    maple.year.end_date = dt.date(2026, 12, 23)
    maple.year.save()
    BreakFactory.create(
        academic_year=maple.year,
        name="Autumn break",
        start_date=dt.date(2026, 8, 24),
        end_date=dt.date(2026, 12, 11),
    )
    maple.year.breaks.filter(name="Thanksgiving break").delete()
    maple.year.day_overrides.all().delete()
    maple.school.refresh_from_db()
    body = client.get(WEEKS).json()
    shown = [week for week in body["weeks"] if week["position"] not in range(4, 18)]
    assert {**body, "weeks": shown} == {
        "school": maple.as_told,
        "academic_year": {"id": str(maple.year.id), "name": "2026-2027"},
        "weeks": [
            {
                "position": 1,
                "monday": "2026-08-10",
                "number": 1,
                "quarter_number": 1,
                "term_number": 1,
                "first_school_day": "2026-08-12",
                "last_school_day": "2026-08-14",
                "school_days": 3,
            },
            {
                "position": 2,
                "monday": "2026-08-17",
                "number": 2,
                "quarter_number": 2,
                "term_number": 2,
                "first_school_day": "2026-08-17",
                "last_school_day": "2026-08-21",
                "school_days": 5,
            },
            {
                "position": 3,
                "monday": "2026-08-24",
                "number": None,
                "quarter_number": None,
                "term_number": None,
                "first_school_day": None,
                "last_school_day": None,
                "school_days": 0,
            },
            {
                "position": 18,
                "monday": "2026-12-07",
                "number": None,
                "quarter_number": None,
                "term_number": None,
                "first_school_day": None,
                "last_school_day": None,
                "school_days": 0,
            },
            {
                "position": 19,
                "monday": "2026-12-14",
                "number": 3,
                "quarter_number": 1,
                "term_number": 3,
                "first_school_day": "2026-12-14",
                "last_school_day": "2026-12-18",
                "school_days": 5,
            },
            {
                "position": 20,
                "monday": "2026-12-21",
                "number": None,
                "quarter_number": None,
                "term_number": None,
                "first_school_day": None,
                "last_school_day": None,
                "school_days": 0,
            },
        ],
        "revision": maple.school.revision,
    }


def test_every_calendar_week_of_a_year_is_told_in_order(client, maple) -> None:
    body = client.get(WEEKS).json()
    assert list(body) == ["school", "academic_year", "weeks", "revision"]
    assert {tuple(week) for week in body["weeks"]} == {tuple(KEYS)}
    assert [week["position"] for week in body["weeks"]] == list(range(1, 44))
    mondays = [dt.date.fromisoformat(week["monday"]) for week in body["weeks"]]
    assert mondays[0] <= maple.year.start_date
    assert {(later - earlier).days for earlier, later in pairwise(mondays)} == {7}
    numbers = [week["number"] for week in body["weeks"] if week["school_days"]]
    assert numbers == list(range(1, 20))


def test_a_week_that_a_break_cuts_short_still_counts(client, maple) -> None:
    (week,) = [each for each in client.get(WEEKS).json()["weeks"] if each["position"] == 16]
    assert list(week.values()) == [16, "2026-11-23", 16, 7, 16, "2026-11-23", "2026-11-24", 2]


@pytest.mark.parametrize(
    ("today", "name"),
    [
        pytest.param("2026-08-01", "2026-2027", id="before-the-first"),
        pytest.param("2026-08-12", "2026-2027", id="the-first-day"),
        pytest.param("2027-06-03", "2026-2027", id="the-last-day"),
        pytest.param("2027-06-04", "2027-2028", id="in-summer"),
        pytest.param("2028-12-01", "2029-2030", id="in-a-gap"),
        pytest.param("2031-01-01", "2029-2030", id="after-the-last"),
    ],
)
def test_without_a_year_it_is_the_one_of_today_or_the_next_or_the_last(
    client, maple, today: str, name: str
) -> None:
    years(maple)
    with time_machine.travel(f"{today}T18:00:00+00:00", tick=False):
        assert client.get(WEEKS).json()["academic_year"]["name"] == name


def test_today_is_the_schools_today(client, maple) -> None:
    years(maple)
    with time_machine.travel("2027-06-04T04:59:59+00:00", tick=False):
        assert client.get(WEEKS).json()["academic_year"]["name"] == "2026-2027"
    with time_machine.travel("2027-06-04T05:00:00+00:00", tick=False):
        assert client.get(WEEKS).json()["academic_year"]["name"] == "2027-2028"


@pytest.mark.parametrize("name", ["2026-2027", "2027-2028", "2029-2030"])
def test_any_year_of_the_school_may_be_asked_for(client, maple, name: str) -> None:
    year = years(maple)[name]
    for spelled in (year, year.upper()):
        body = client.get(f"{WEEKS}?academic_year={spelled}").json()
        assert body["academic_year"] == {"id": year, "name": name}


def test_a_school_without_years_has_no_weeks(client) -> None:
    school = SchoolFactory.create(slug="maple-high")
    body = client.get(WEEKS).json()
    assert (body["academic_year"], body["weeks"]) == (None, [])
    assert body["revision"] == school.revision


def test_the_staff_have_days_that_students_have_not(client, maple) -> None:
    staff = PeriodTemplateFactory.create(school=maple.school, code="staff")
    PeriodDefinitionFactory.create(template=staff, track="staff", type="staff")
    dates = {"start_date": dt.date(2026, 12, 22), "end_date": dt.date(2026, 12, 23)}
    DayOverrideFactory.create(academic_year=maple.year, template=staff, **dates)

    def told_of_that_week(query: str):
        body = client.get(f"{WEEKS}{query}").json()
        return next(list(week.values()) for week in body["weeks"] if week["position"] == 20)

    closed = [20, "2026-12-21", None, None, None, None, None, 0]
    assert [told_of_that_week(query) for query in ("", "?track=lunch-a&track=all")] == [closed] * 2
    assert told_of_that_week("?track=staff&track=lunch-a") == [
        20, "2026-12-21", 20, None, None, "2026-12-22", "2026-12-23", 2,
    ]  # fmt: skip


@pytest.mark.parametrize("resource", ["weeks", "instructional-minutes"])
def test_a_year_of_another_school_is_as_unknown_as_one_that_is_not_there(
    client, maple, resource: str
) -> None:
    theirs = AcademicYearFactory.create(school__is_public=False).id
    for year in (theirs, maple.school.id):
        url = f"/api/v1/schools/maple-high/{resource}"
        response = client.get(f"{url}?academic_year={year}")
        assert response.status_code == 404
        assert response.json() == {
            "type": "/problems/not_found",
            "title": "Not found.",
            "status": 404,
            "code": "not_found",
            "detail": "There is nothing here, or nothing that you may see.",
            "instance": url,
            "errors": [
                {
                    "pointer": "/academic_year",
                    "code": "not_found",
                    "detail": "The school has no academic year of this id.",
                }
            ],
        }


ID = "0199c7a0-3f58-7b3a-a1d2-c3e4f5a6b705"


@pytest.mark.parametrize("resource", ["weeks", "instructional-minutes"])
@pytest.mark.parametrize(
    ("query", "errors"),
    [
        pytest.param("academic_year=", {("/academic_year", "blank")}, id="blank"),
        pytest.param("academic_year=2026-2027", {("/academic_year", "invalid")}, id="a-name"),
        pytest.param("academic_year=today", {("/academic_year", "invalid")}, id="today"),
        pytest.param(f"academic_year={ID}%00", {("/academic_year", "invalid")}, id="nul"),
        pytest.param(f"academic_year={ID}%0A", {("/academic_year", "invalid")}, id="newline"),
        pytest.param(f"academic_year=%7B{ID}%7D", {("/academic_year", "invalid")}, id="braces"),
        pytest.param(
            f"academic_year={ID.replace('-', '')}", {("/academic_year", "invalid")}, id="bare"
        ),
        pytest.param(
            f"academic_year={ID.replace('0', '%D9%A0')}",
            {("/academic_year", "invalid")},
            id="arabic-digit",
        ),
        pytest.param(
            f"academic_year={ID}&academic_year={ID}", {("/academic_year", "repeated")}, id="twice"
        ),
        pytest.param("track=", {("/track", "blank")}, id="empty-track"),
        pytest.param("track=A", {("/track/0", "invalid_track")}, id="capital"),
        pytest.param(
            "date=today&academic_year=x",
            {("/date", "unknown_parameter"), ("/academic_year", "invalid")},
            id="unknown-parameter",
        ),
    ],
)
def test_everything_wrong_with_a_question_about_a_year_is_told(
    client, maple, resource: str, query: str, errors: set[tuple[str, str]]
) -> None:
    response = client.get(f"/api/v1/schools/maple-high/{resource}?{query}")
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert told(response) == errors


@pytest.mark.parametrize("resource", ["weeks", "instructional-minutes"])
def test_a_private_school_tells_strangers_nothing_of_its_years(client, resource: str) -> None:
    year = AcademicYearFactory.create(school__slug="maple-high", school__is_public=False)
    url = f"/api/v1/schools/maple-high/{resource}"
    for query in ("", f"?academic_year={year.id}", f"?academic_year={ID}"):
        response = client.get(url + query)
        assert (response.status_code, response.json()["errors"]) == (404, [])


@pytest.mark.parametrize("resource", ["weeks", "instructional-minutes"])
@pytest.mark.parametrize("count", [1, 3])
def test_a_year_costs_seven_queries_however_many_there_are(
    client, maple, django_assert_num_queries, resource: str, count: int
) -> None:
    if count > 1:
        years(maple)
    with django_assert_num_queries(7):
        client.get(f"/api/v1/schools/maple-high/{resource}")


@pytest.mark.parametrize("resource", ["weeks", "instructional-minutes"])
def test_what_is_held_of_a_year_is_confirmed_until_the_next_write(
    client, maple, resource: str
) -> None:
    url = f"/api/v1/schools/maple-high/{resource}"
    first = client.get(url)
    held = {"if-none-match": first.headers["ETag"]}
    assert first.headers["Cache-Control"] == "no-cache"
    with CaptureQueriesContext(connection) as queries:
        confirmed = client.get(url, headers=held)
    assert (confirmed.status_code, len(queries)) == (304, 1)
    DayOverrideFactory.create(academic_year=maple.year, start_date=dt.date(2026, 9, 7))
    changed = client.get(url, headers=held)
    assert changed.status_code == 200
    assert changed.json()["revision"] == first.json()["revision"] + 1
    assert changed.json()["weeks"][4]["school_days"] == 4


@pytest.mark.parametrize("resource", ["weeks", "instructional-minutes"])
def test_what_is_held_of_the_year_of_today_does_not_hold_tomorrow(
    client, maple, resource: str
) -> None:
    url = f"/api/v1/schools/maple-high/{resource}"
    named = f"{url}?academic_year={maple.year.id}"
    held = {each: client.get(each).headers["ETag"] for each in (url, named)}
    with time_machine.travel("2026-11-24T18:00:00+00:00", tick=False):
        statuses = [
            client.get(each, headers={"if-none-match": held[each]}).status_code for each in held
        ]
    assert statuses == [200, 304]


def test_the_demo_schools_have_a_year_of_weeks(client) -> None:
    for document in documents(dt.date(2026, 11, 23)):
        import_document(document)
        slug = document["school"]["slug"]
        body = client.get(f"/api/v1/schools/{slug}/weeks").json()
        assert body["academic_year"]["name"] == "2026-2027"
        assert 38 <= len(body["weeks"]) <= 46
        assert 160 <= sum(week["school_days"] for week in body["weeks"]) <= 190
