"""What did we say then? Of which moment answers are, who gets them, and what they cost."""

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from scheduling import calendars, models
from scheduling.models import sources
from scheduling.services.pruning import prune_history
from tests.api.calendars import caller
from tests.api.conftest import Maple, plant_maple
from tests.factories import (
    AcademicYearFactory,
    DistrictFactory,
    PeriodTemplateFactory,
    SchoolFactory,
)
from tests.proofs import walking

pytestmark = pytest.mark.django_db

START = dt.datetime(2026, 9, 1, 12, tzinfo=dt.UTC)
BASE = "/api/v1/schools/maple-high"
DAY = f"{BASE}/days/2026-11-23"


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as clock:
        yield clock


@pytest.fixture
def maple(clock) -> Maple:
    return plant_maple()


def passes(clock: Any, **time: float) -> dt.datetime:
    """Let time pass, and return the moment."""
    clock.shift(dt.timedelta(**time))
    return dt.datetime.now(dt.UTC)


def school_now(maple: Maple, **columns: Any) -> None:
    models.School.objects.filter(pk=maple.school.pk).update(**columns)


def rename(maple: Maple, name: str) -> None:
    school_now(maple, name=name)


def held(response: Any) -> dict[str, str]:
    return {"if-none-match": response.headers["ETag"]}


# Which moment


def name_as_of(client: APIClient, as_of: Any, school: models.School | None = None) -> str:
    url = f"{BASE}/calendar" if school is None else f"/api/v1/schools/{school.pk}/calendar"
    response = client.get(url, {"as_of": str(as_of)})
    assert response.status_code == 200, response.content
    return str(response.json()["school"]["name"])


def test_a_moment_is_of_the_newest_state_by_then(client, maple, clock) -> None:
    written = passes(clock, hours=1)
    rename(maple, "First")
    rename(maple, "Second")
    passes(clock, hours=1)
    rename(maple, "Third")
    before = written - dt.timedelta(microseconds=1)
    told = [name_as_of(client, f"{at:%FT%T.%fZ}") for at in (before, written)]
    assert told == ["Maple High", "Second"]
    assert name_as_of(client, "2026-09-01T08:59:59.999999999-05:00") == "Second"


def test_a_date_is_of_its_end_on_the_clock_of_the_school(client, maple, clock) -> None:
    zone = ZoneInfo("America/Chicago")
    midnight = dt.datetime(2026, 9, 4, tzinfo=zone)
    for seconds, name in ((-0.000001, "At the end"), (0, "After the end")):
        clock.move_to(midnight + dt.timedelta(seconds=seconds))
        rename(maple, name)
    told = [name_as_of(client, f"2026-09-0{day}") for day in (2, 3, 4)]
    assert told == ["Maple High", "At the end", "After the end"]


def test_a_date_ends_by_the_clock_that_the_school_had(client, maple, clock) -> None:
    clock.move_to(dt.datetime(2026, 9, 4, 2, tzinfo=dt.UTC))  # the 3rd there, in the evening
    rename(maple, "On the 3rd")
    passes(clock, days=2)
    before = client.get(f"{BASE}/calendar?as_of=2026-09-03").content
    school_now(maple, timezone="Pacific/Auckland")
    assert client.get(f"{BASE}/calendar?as_of=2026-09-03").content == before
    assert b"On the 3rd" in before


def test_the_first_day_of_a_school_ends_by_its_first_clock(client, clock) -> None:
    clock.move_to(dt.datetime(2026, 9, 2, 11, tzinfo=dt.UTC))
    young = SchoolFactory.create(timezone="America/Chicago")
    clock.move_to(dt.datetime(2026, 9, 3, 4, tzinfo=dt.UTC))
    models.School.objects.filter(pk=young.pk).update(name="Old")
    clock.move_to(dt.datetime(2026, 9, 9, tzinfo=dt.UTC))
    assert name_as_of(client, "2026-09-02", young) == "Old"


def test_today_is_what_has_been_said_of_it_so_far(client, maple, clock) -> None:
    today = client.get(f"{BASE}/calendar?as_of=2026-09-01")
    assert today.json() == client.get(f"{BASE}/calendar").json()
    rename(maple, "Later that day")
    again = client.get(f"{BASE}/calendar?as_of=2026-09-01", headers=held(today))
    assert (again.status_code, again.json()["school"]["name"]) == (200, "Later that day")


def test_the_question_is_asked_at_that_moment(client, maple, clock) -> None:
    clock.move_to(dt.datetime(2026, 12, 1, tzinfo=dt.UTC))
    then = "2026-11-23T15:45:00.7Z"
    now = client.get(f"{BASE}/now?as_of={then}")
    assert now.json()["at"] == "2026-11-23T15:45:00Z"
    assert now.content == client.get(f"{BASE}/now?at=2026-11-23T15:45:00Z").content
    assert now.headers["Cache-Control"] == "no-cache"
    assert client.get(f"{BASE}/days/today?as_of={then}").json()["date"] == "2026-11-23"
    assert client.get(f"{BASE}/now?as_of=2026-11-23").json()["local_time"] == (
        "2026-11-23T23:59:59-06:00"
    )


def test_a_year_that_came_later_is_not_known_then(client, maple, clock) -> None:
    then = passes(clock, hours=1)
    passes(clock, hours=1)
    dates = {"start_date": dt.date(2027, 8, 11), "end_date": dt.date(2028, 6, 1)}
    year = AcademicYearFactory.create(school=maple.school, name="Next", **dates)
    asked = {"academic_year": str(year.pk)}
    assert client.get(f"{BASE}/weeks", asked).status_code == 200
    told = client.get(f"{BASE}/weeks", {**asked, "as_of": f"{then:%FT%TZ}"})
    assert (told.status_code, told.json()["code"]) == (404, "not_found")


def test_a_school_that_had_nothing_yet_says_so(client, clock) -> None:
    school = SchoolFactory.create(slug="elm-high")
    url = "/api/v1/schools/elm-high/days?from=2026-11-23&to=2026-11-23"
    then = client.get(url)
    passes(clock, hours=1)
    year = AcademicYearFactory.create(school=school)
    PeriodTemplateFactory.create(school=school, is_default=True)
    passes(clock, hours=1)
    assert client.get(url).json()["days"][0]["academic_year"]["id"] == str(year.pk)
    assert client.get(f"{url}&as_of=2026-09-01T12:00:00Z").content == then.content


def test_a_district_is_called_as_it_was_then(client, maple, clock) -> None:
    district = maple.school.district
    for name in ("Harbor", "Valley"):
        passes(clock, hours=1)
        district.name = name
        district.save()
    passes(clock, hours=1)
    told = [
        client.get(f"{BASE}/calendar?as_of=2026-09-01T{hour}:30:00Z").json()["district"]["name"]
        for hour in (12, 13, 14)
    ]
    assert told == ["Harbor District", "Harbor", "Valley"]


def test_a_district_whose_clock_was_ahead_is_called_as_at_first(client, clock) -> None:
    with time_machine.travel(START + dt.timedelta(seconds=5), tick=False):
        district = DistrictFactory.create(name="Ahead")
    SchoolFactory.create(slug="maple-high", district=district)
    passes(clock, hours=1)
    told = client.get(f"{BASE}/calendar?as_of=2026-09-01T12:00:00Z").json()
    assert told["district"]["name"] == "Ahead"


# What cannot be said


@pytest.mark.parametrize(
    ("as_of", "code"),
    [
        ("", "blank"),
        ("yesterday", "invalid"),
        ("today", "invalid"),
        ("2026-02-30", "invalid"),
        ("20260901", "invalid"),
        ("2026-9-1", "invalid"),
        ("2026-09-01%0A", "invalid"),
        ("%00", "invalid"),
        ("42", "invalid"),
        ("9" * 5000, "invalid"),
        ("2026-09-01T12:00:00", "invalid"),
        ("2026-09-01T25:00:00Z", "invalid"),
        ("2026-09-01T12:00:00-24:00", "invalid"),
        ("0000-01-01", "year_out_of_range"),
        ("2200-01-01", "year_out_of_range"),
        ("0001-01-01T00:00:00%2B14:00", "year_out_of_range"),
        ("9999-12-31T23:59:59-14:00", "year_out_of_range"),
        ("2026-09-02", "in_the_future"),
        ("2199-12-31", "in_the_future"),
        ("2026-09-01T12:00:00.000001Z", "in_the_future"),
        ("2199-12-31T23:59:59-14:00", "in_the_future"),
        ("2026-09-01T11:59:59.999999Z", "too_early"),
        ("2026-08-31", "too_early"),
        ("1900-01-01", "too_early"),
        ("1900-01-01T00:00:00%2B14:00", "too_early"),
    ],
)
def test_a_moment_of_which_nothing_can_be_said_is_refused(client, maple, as_of, code) -> None:
    for url in (DAY, f"{BASE}/calendar"):
        response = client.get(f"{url}?as_of={as_of}")
        assert response.status_code == 400
        told = [(each["pointer"], each["code"]) for each in response.json()["errors"]]
        assert told == [("/as_of", code)]


def test_it_is_told_with_all_else_that_is_wrong(client, maple) -> None:
    asked = f"{BASE}/days?from=x&to=2026-09-01&as_of=y&as_of=z&track=A&page=2"
    told = {(each["pointer"], each["code"]) for each in client.get(asked).json()["errors"]}
    assert told == {
        ("/from", "invalid"),
        ("/as_of", "repeated"),
        ("/track/0", "invalid_track"),
        ("/page", "unknown_parameter"),
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "calendar"),
        ("GET", "calendar.ics"),
        ("GET", "bells.ics"),
        ("GET", "changes"),
        ("GET", ""),
    ],
)
def test_what_has_no_past_takes_no_moment(client, maple, editor, method, path) -> None:
    url = f"{BASE}/{path}".rstrip("/")
    response = client.generic(method, f"{url}?as_of=2026-09-01", "{}", headers=editor)
    told = [(each["pointer"], each["code"]) for each in response.json()["errors"]]
    assert (response.status_code, told) == (400, [("/as_of", "unknown_parameter")])


@pytest.mark.parametrize("as_of", ["2026-09-01", "2099-01-01", "1999-01-01"])
def test_who_may_not_read_the_school_today_is_told_nothing_of_its_past(
    client, maple, clock, as_of
) -> None:
    assert client.get(f"{DAY}?as_of=2026-09-01").status_code == 200
    passes(clock, hours=1)
    school_now(maple, is_public=False)
    hidden = client.get(f"{DAY}?as_of={as_of}")
    assert (hidden.status_code, hidden.json()["code"]) == (404, "not_found")
    viewer = caller(school=maple.school, role="viewer")
    assert client.get(f"{DAY}?as_of=2026-09-01T12:00:00Z", headers=viewer).status_code == 200


def test_what_was_hidden_then_may_be_read_if_the_school_is_public_now(client, clock) -> None:
    SchoolFactory.create(slug="maple-high", is_public=False)
    passes(clock, hours=1)
    models.School.objects.update(is_public=True)
    told = client.get(f"{BASE}/calendar?as_of=2026-09-01T12:00:00Z").json()
    assert told["school"]["is_public"] is False


def test_what_was_can_be_put_back_but_not_unawares(client, maple, admin, clock) -> None:
    passes(clock, hours=1)
    models.Break.objects.filter(school=maple.school).delete()
    rename(maple, "Maple Senior High")
    url = f"{BASE}/calendar"
    past = client.get(f"{url}?as_of=2026-09-01T12:00:00Z")
    condition = {**admin, "if-match": past.headers["ETag"]}
    assert client.put(url, past.json(), format="json", headers=condition).status_code == 412
    report = client.put(url, past.json(), format="json", headers=admin).json()
    assert [each["action"] for each in report["touched"]] == ["changed", "created"]
    assert client.get(url).json() == past.json()


# What is forgotten


def long_after(maple: Maple, clock: Any) -> None:
    """Let two changes come, and more than a year pass after the first."""
    passes(clock, days=10)
    rename(maple, "Second")
    passes(clock, days=100)
    rename(maple, "Third")
    passes(clock, days=320)
    list(prune_history(dt.datetime.now(dt.UTC) - dt.timedelta(days=400)))


def test_what_is_pruned_is_refused_and_what_is_left_is_as_before(client, maple, clock) -> None:
    long_after(maple, clock)
    response = client.get(f"{BASE}/calendar?as_of=2026-09-05")
    assert (response.status_code, response.json()["code"]) == (410, "history_pruned")
    assert "2026-09-11T12:00:00+00:00" in response.json()["detail"]
    assert client.get(f"{DAY}?as_of=2026-09-11T11:59:59Z").status_code == 410
    told = [name_as_of(client, as_of) for as_of in ("2026-09-11", "2026-12-19", "2026-12-20")]
    assert told == ["Second", "Second", "Third"]


def test_what_the_caller_holds_does_not_hide_that_it_is_forgotten(client, maple, clock) -> None:
    passes(clock, hours=1)
    answers = [client.get(f"{url}?as_of=2026-09-01T12:00:00Z") for url in (DAY, f"{BASE}/calendar")]
    long_after(maple, clock)
    for each in answers:
        again = client.get(each.wsgi_request.get_full_path(), headers=held(each))
        assert again.status_code == 410


@pytest.mark.parametrize("path", ["calendar", "weeks", "now"])
def test_what_is_pruned_while_it_is_read_is_refused(
    client, maple, clock, monkeypatch, path
) -> None:
    passes(clock, days=10)
    rename(maple, "Second")
    passes(clock, days=1)
    read = sources.as_of

    def prune_first(*asked: Any, **kept: Any) -> Any:
        list(prune_history(dt.datetime.now(dt.UTC)))
        return read(*asked, **kept)

    monkeypatch.setattr(sources, "as_of", prune_first)
    response = client.get(f"{BASE}/{path}?as_of=2026-09-05")
    assert (response.status_code, response.json()["code"]) == (410, "history_pruned")


# What is kept, and what it costs


@pytest.mark.parametrize("path", ["days/2026-11-23", "days/today", "now", "weeks", "calendar"])
def test_a_write_changes_nothing_that_was_said_before(client, maple, clock, path) -> None:
    then = passes(clock, hours=1)
    passes(clock, hours=1)
    url = f"{BASE}/{path}?as_of={then:%FT%TZ}"
    first = client.get(url)
    rename(maple, "Maple Senior High")
    second = client.get(url)
    assert second.content == first.content
    assert second.headers["ETag"] == first.headers["ETag"]
    third = client.get(url, headers=held(first))
    assert (third.status_code, third.content) == (304, b"")


def test_a_calendar_of_the_past_takes_no_place_from_that_of_today(
    client, maple, clock, monkeypatch
) -> None:
    monkeypatch.setattr(calendars, "_kept", calendars._Calendars())
    passes(clock, hours=1)
    rename(maple, "Maple Senior High")
    now = f"{BASE}/now?at=2026-11-23T15:45:00Z"
    client.get(now)
    assert b"Maple High" in client.get(f"{now}&as_of=2026-09-01T12:00:00Z").content
    with CaptureQueriesContext(connection) as captured:
        client.get(now)
    assert len(captured) == 1
    with CaptureQueriesContext(connection) as captured:
        assert b"Maple Senior High" in client.get(f"{now}&as_of=2026-09-01").content
    assert len(captured) == 4, "the newest state has been compiled"


@pytest.mark.parametrize(
    ("path", "queries"), [("days/2026-11-23", 12), ("calendar", 13), ("now", 12)]
)
def test_the_past_costs_the_same_whatever_has_happened(client, maple, clock, path, queries) -> None:
    chance = random.Random(2)
    for changes in (1, 12):
        for _change in range(changes):
            walking.rename(maple, chance)
            walking.take_another_break(maple, chance)
        then = passes(clock, hours=1)
        walking.rename(maple, chance)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{BASE}/{path}?as_of={then:%FT%TZ}").status_code == 200
        assert len(captured) == queries
