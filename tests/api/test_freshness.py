"""How much an answer costs, how long it may be kept, and that a write is seen at once."""

import datetime as dt
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scheduling import cache_keys, calendars
from scheduling.models import PeriodTemplate
from scheduling.models.sources import RowsNow
from tests.factories import AcademicYearFactory, PeriodDefinitionFactory, SchoolFactory

pytestmark = pytest.mark.django_db

BASE = "/api/v1/schools/maple-high"
DAY = f"{BASE}/days/2026-11-23"
DAYS = f"{BASE}/days?from=2026-11-23&to=2026-11-24"
NOW = f"{BASE}/now?at=2026-11-23T15:45:00Z"
QUARTER = "/api/v1/quarters/for-date?school=maple-high&date=2026-11-23"

LOADED, KNOWN = 7, 1
"""Queries: the school's state alone, or with it the years, their rows and the bells."""


@pytest.fixture(autouse=True)
def nothing_is_kept(monkeypatch) -> None:
    """Let no test find the calendars that another one has compiled."""
    monkeypatch.setattr(calendars, "_kept", calendars._Calendars())


def queries(client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(DAY, id="day"),
        pytest.param(QUARTER, id="quarter"),
        pytest.param(NOW, id="now"),
        pytest.param(f"{BASE}/days?from=2026-11-23&to=2026-11-23", id="one-day"),
        pytest.param(f"{BASE}/days?from=2026-08-12&to=2027-09-15", id="400-days"),
    ],
)
def test_a_first_answer_costs_seven_queries_whatever_it_spans(client, maple, url: str) -> None:
    dates = {"start_date": dt.date(2027, 8, 11), "end_date": dt.date(2028, 6, 1)}
    AcademicYearFactory.create(school=maple.school, name="2027-2028", **dates)
    assert queries(client, url) == LOADED


@pytest.mark.parametrize("url", [DAY, QUARTER, f"{DAY}?track=lunch-a&track=zero"])
def test_a_second_read_costs_the_school_alone(client, maple, url: str) -> None:
    first = client.get(url).json()
    assert queries(client, url) == KNOWN
    assert client.get(url).json() == first


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(f"{BASE}/days/2026-09-01?track=lunch-a", id="day"),
        pytest.param(f"{BASE}/days/2026-07-01", id="summer-before"),
        pytest.param("/api/v1/quarters/for-date?school=maple-high&date=2027-01-12", id="quarter"),
        pytest.param(f"{BASE}/now?at=2027-02-23T15:45:00Z", id="now"),
        pytest.param(f"{BASE}/days?from=2026-08-12&to=2027-06-15", id="days"),
    ],
)
def test_whatever_else_is_asked_of_the_year_costs_the_school_alone(client, maple, url: str) -> None:
    client.get(DAY)
    assert queries(client, url) == KNOWN
    rename_the_term(maple)
    assert queries(client, url) == LOADED


def test_another_year_is_loaded_for_itself_and_the_first_is_kept(client, maple) -> None:
    for year in (2027, 2028):
        dates = {"start_date": dt.date(year, 8, 11), "end_date": dt.date(year + 1, 6, 1)}
        AcademicYearFactory.create(school=maple.school, name=str(year), **dates)
    later = f"{BASE}/days/2028-11-23"
    assert [queries(client, url) for url in (DAY, later)] == [LOADED, LOADED]
    assert [queries(client, url) for url in (NOW, later)] == [KNOWN, KNOWN]


def test_a_school_that_was_not_asked_for_longest_is_forgotten_first(
    client, maple, settings
) -> None:
    settings.CALENDARS_KEPT = 2
    others = [SchoolFactory.create(slug=f"other-{number}", is_public=True) for number in range(2)]
    asked = [BASE, *(f"/api/v1/schools/{other.slug}" for other in others)]
    now = [f"{base}/now?at=2026-11-23T15:45:00Z" for base in asked]
    client.get(now[0]), client.get(now[1]), client.get(now[0]), client.get(now[2])
    assert queries(client, now[0]) == KNOWN
    assert queries(client, now[1]) > KNOWN


def test_an_empty_answer_is_remembered_too(client) -> None:
    SchoolFactory.create(slug="maple-high")
    client.get(DAY)
    assert queries(client, DAY) == KNOWN


def test_the_order_of_tracks_asks_for_nothing_new(client, maple) -> None:
    client.get(f"{DAY}?track=b&track=a")
    assert queries(client, f"{DAY}?track=a&track=b&track=a") == KNOWN


@pytest.mark.parametrize("url", [DAY, DAYS, NOW, QUARTER])
def test_what_the_caller_holds_is_confirmed_for_one_query(
    client, maple, django_assert_num_queries, url: str
) -> None:
    etag = client.get(url).headers["ETag"]
    assert etag.startswith('"')
    for held in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        with django_assert_num_queries(1):
            response = client.get(url, headers={"if-none-match": held})
        assert (response.status_code, response.content) == (304, b"")
        assert (response.headers["ETag"], response.headers["Cache-Control"]) == (etag, "no-cache")


@pytest.mark.parametrize("held", ['"other"', "garbage", ""])
def test_what_the_caller_holds_of_something_else_is_no_help(client, maple, held: str) -> None:
    assert client.get(DAY, headers={"if-none-match": held}).status_code == 200


def test_each_question_has_an_etag_of_its_own(client, maple) -> None:
    urls = [DAY, DAYS, NOW, QUARTER, f"{DAY}?track=none", f"{BASE}/days/2026-11-24"]
    assert len({client.get(url).headers["ETag"] for url in urls}) == len(urls)


@pytest.mark.parametrize("url", [DAY, QUARTER])
def test_an_answer_of_another_shape_is_not_confirmed_and_not_read(
    client, maple, monkeypatch, url: str
) -> None:
    etag = client.get(url).headers["ETag"]
    monkeypatch.setattr(cache_keys, "SHAPE", cache_keys.SHAPE + 1)
    assert client.get(url, headers={"if-none-match": etag}).status_code == 200
    monkeypatch.undo()
    kept = cache_keys.key("daily_schedule", date="2026-11-23", tracks="")
    monkeypatch.setattr(cache_keys, "SHAPE", cache_keys.SHAPE + 2)
    assert cache_keys.key("daily_schedule", date="2026-11-23", tracks="") != kept


def test_a_wrong_question_is_never_confirmed(client, maple) -> None:
    assert client.get(f"{DAY}?x=1", headers={"if-none-match": "*"}).status_code == 400


def test_a_school_by_the_name_of_today_is_the_same_school_tomorrow(client) -> None:
    SchoolFactory.create(slug="today")
    url = "/api/v1/schools/today/days/2026-11-23"
    tags = []
    for day in (23, 24):
        with time_machine.travel(dt.datetime(2026, 11, day, 18, tzinfo=dt.UTC), tick=False):
            tags.append(client.get(url).headers["ETag"])
    assert tags[0] == tags[1]


@pytest.mark.parametrize(
    "url", [f"{BASE}/days/today", "/api/v1/quarters/for-date?school=maple-high&date=today"]
)
def test_what_holds_today_does_not_tomorrow(client, maple, url: str) -> None:
    with time_machine.travel("2026-11-23T18:00:00+00:00", tick=False):
        etag = client.get(url).headers["ETag"]
        assert client.get(url, headers={"if-none-match": etag}).status_code == 304
    with time_machine.travel("2026-11-24T18:00:00+00:00", tick=False):
        assert client.get(url, headers={"if-none-match": etag}).status_code == 200


def save_a_period(maple) -> None:
    PeriodDefinitionFactory.create(
        template=maple.late_start, start=dt.time(13), name="Late", length=30
    )


def rename_the_school(maple) -> None:
    maple.school.name = "Maple Senior High"
    maple.school.save()


def shorten_the_quarter(maple) -> None:
    maple.quarters[1].end_date = dt.date(2026, 11, 20)
    maple.quarters[1].save()


def rename_the_term(maple) -> None:
    maple.term.name = "Autumn"
    maple.term.save()


def note_something(maple) -> None:
    maple.quarters[1].metadata = {"reporting_dates": {"grades_due": "2026-12-22"}}
    maple.quarters[1].save()


def empty_the_late_start(maple) -> None:
    maple.late_start.periods.all().delete()


def rename_schedules_at_once(maple) -> None:
    PeriodTemplate.objects.filter(school=maple.school).update(name="Bells")


@pytest.mark.parametrize("url", [DAY, DAYS, NOW, QUARTER])
@pytest.mark.parametrize(
    "write",
    [
        save_a_period,
        rename_the_school,
        shorten_the_quarter,
        rename_the_term,
        note_something,
        empty_the_late_start,
        rename_schedules_at_once,
    ],
)
def test_a_write_is_seen_at_once(client, maple, url: str, write) -> None:
    before, revision = client.get(url), maple.school.revision
    write(maple)
    after = client.get(url, headers={"if-none-match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.headers["ETag"] != before.headers["ETag"]
    revisions = [told.get("revision") for told in (before.json(), after.json())]
    assert revisions in ([revision, revision + 1], [None, None])


def test_what_a_write_changed_is_told(client, maple) -> None:
    client.get(DAY), client.get(QUARTER)
    shorten_the_quarter(maple)
    rename_the_term(maple)
    assert client.get(DAY).json()["quarter"] is None
    assert client.get(DAY).json()["terms"][0]["name"] == "Autumn"
    assert client.get(QUARTER).json()["reason"] == "no_quarter"


def test_a_write_to_another_school_changes_nothing(client, maple) -> None:
    etag = client.get(DAY).headers["ETag"]
    AcademicYearFactory.create()
    assert client.get(DAY, headers={"if-none-match": etag}).status_code == 304


def test_a_school_that_turns_private_is_gone_at_once(client, maple) -> None:
    etag = client.get(DAY).headers["ETag"]
    maple.school.is_public = False
    maple.school.save()
    assert client.get(DAY, headers={"if-none-match": etag}).status_code == 404


@pytest.mark.parametrize("overtaken", [1, 2])
def test_a_write_that_overtakes_a_read_is_in_its_answer(
    client, maple, monkeypatch, overtaken: int
) -> None:
    revision = maple.school.revision
    writes = [rename_the_school, rename_the_term][:overtaken]
    read = RowsNow.templates

    def read_after_a_write(rows):
        if writes:
            writes.pop()(maple)
        return read(rows)

    monkeypatch.setattr(RowsNow, "templates", read_after_a_write)
    before = client.get(f"{BASE}/days/2026-11-24")
    assert before.json()["revision"] == revision + overtaken
    monkeypatch.undo()
    assert client.get(f"{BASE}/days/2026-11-24").headers["ETag"] == before.headers["ETag"]


def test_a_read_that_is_overtaken_again_and_again_is_answered_and_not_kept(
    client, maple, monkeypatch
) -> None:
    read = RowsNow.templates
    another = (uuid4(),)
    monkeypatch.setattr(
        RowsNow, "templates", lambda rows: [another + line[1:] for line in read(rows)]
    )
    response = client.get(DAY)
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
    assert "ETag" not in response.headers
    monkeypatch.undo()
    assert queries(client, DAY) == LOADED
