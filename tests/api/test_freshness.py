"""How much an answer costs, how long it may be kept, and that a write is seen at once."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.cache import revision_token
from scheduling import cache_keys, lookups
from scheduling.models import PeriodTemplate, School
from tests.factories import AcademicYearFactory, PeriodDefinitionFactory, SchoolFactory

pytestmark = pytest.mark.django_db

BASE = "/api/v1/schools/maple-high"
DAY = f"{BASE}/days/2026-11-23"
DAYS = f"{BASE}/days?from=2026-11-23&to=2026-11-24"
NOW = f"{BASE}/now?at=2026-11-23T15:45:00Z"
QUARTER = "/api/v1/quarters/for-date?school=maple-high&date=2026-11-23"

ONE_COLUMN = 'SELECT "scheduling_school"."revision_token"'


def queries(client, url: str) -> tuple[int, int]:
    """Return how many queries look at the school and its calendar, and how many at the token."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    looks = sum(query["sql"].startswith(ONE_COLUMN) for query in captured)
    return len(captured) - looks, looks


@pytest.mark.parametrize(
    ("url", "looks"),
    [
        pytest.param(DAY, 4, id="day"),
        pytest.param(QUARTER, 4, id="quarter"),
        pytest.param(NOW, 1, id="now"),
        pytest.param(f"{BASE}/days?from=2026-11-23&to=2026-11-23", 1, id="one-day"),
        pytest.param(f"{BASE}/days?from=2026-08-12&to=2027-09-15", 1, id="400-days"),
    ],
)
def test_an_answer_costs_eight_queries_whatever_it_spans(
    client, maple, url: str, looks: int
) -> None:
    dates = {"start_date": dt.date(2027, 8, 11), "end_date": dt.date(2028, 6, 1)}
    AcademicYearFactory.create(school=maple.school, name="2027-2028", **dates)
    assert queries(client, url) == (8, looks)


@pytest.mark.parametrize("url", [DAY, QUARTER, f"{DAY}?track=lunch-a&track=zero"])
def test_a_second_read_costs_the_school_and_the_token(client, maple, url: str) -> None:
    first = client.get(url).json()
    assert queries(client, url) == (1, 1)
    assert client.get(url).json() == first


def test_an_empty_answer_is_remembered_too(client) -> None:
    SchoolFactory.create(slug="maple-high")
    client.get(DAY)
    assert queries(client, DAY) == (1, 1)


def test_the_order_of_tracks_asks_for_nothing_new(client, maple) -> None:
    client.get(f"{DAY}?track=b&track=a")
    assert queries(client, f"{DAY}?track=a&track=b&track=a") == (1, 1)


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
    assert queries(client, url) == (1, 1)
    monkeypatch.setattr(cache_keys, "SHAPE", cache_keys.SHAPE + 2)
    assert queries(client, url) == (8, 4)


def test_a_wrong_question_is_never_confirmed(client, maple) -> None:
    assert client.get(f"{DAY}?x=1", headers={"if-none-match": "*"}).status_code == 400


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
def test_a_write_that_overtakes_a_read_is_in_its_answer(maple, monkeypatch, overtaken: int) -> None:
    school = School.objects.get(pk=maple.school.pk)
    revision = school.revision
    writes = [rename_the_school, rename_the_term][:overtaken]
    looks = []

    def token_after_a_write(pk):
        looks.append(pk)
        if writes:
            writes.pop()(maple)
        return revision_token(pk)

    monkeypatch.setattr(lookups, "revision_token", token_after_a_write)
    date = dt.date(2026, 11, 23)
    (schedule,) = lookups.days(school, date, date, [])
    assert schedule.school.revision == revision + overtaken
    assert len(looks) == overtaken + 1


def test_a_read_that_is_overtaken_again_and_again_is_answered(maple, monkeypatch) -> None:
    monkeypatch.setattr(lookups, "revision_token", lambda _pk: None)
    date = dt.date(2026, 11, 23)
    assert len(lookups.days(maple.school, date, date, [])) == 1
