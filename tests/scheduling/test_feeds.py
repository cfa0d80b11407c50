"""Schools' rows as feeds: which events there are, and when they count as changed."""

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import recurring_ical_events
import time_machine
from django.db import connection
from icalendar import Calendar

from scheduling import feeds, lookups
from scheduling.documents import import_document
from scheduling.models import School
from scheduling.states import SchoolState, state_of
from tests.api.conftest import Maple
from tests.api.conftest import maple as planted_maple
from tests.factories import (
    AcademicYearFactory,
    BreakFactory,
    PeriodDefinitionFactory,
    PeriodTemplateFactory,
    SchoolFactory,
)
from tests.scheduling.test_demo import demo, documents

pytestmark = pytest.mark.django_db

maple = planted_maple
MONDAY = dt.date(2026, 11, 23)
ROOT = Path(__file__).resolve().parents[2]


def state(school: Any) -> SchoolState:
    found = state_of(str(school.pk), anew=True)
    assert found is not None
    return found


def calendar_of(school: Any, *kinds: str) -> list[Any]:
    _token, body = feeds.calendar_feed(state(school), kinds)
    return events_in(body)


def bells_of(school: Any, monday: dt.date = MONDAY, weeks: int = 1, *tracks: str) -> list[Any]:
    _token, body = feeds.bells_feed(state(school), monday, weeks, tracks)
    return events_in(body)


def events_in(body: bytes) -> list[Any]:
    return list(Calendar.from_ical(body).walk("VEVENT"))


def told(event: Any) -> tuple[str, str, str, str]:
    """Return an event's name and note, its first day and the day after its last."""
    days = (event[name].dt.isoformat() for name in ("DTSTART", "DTEND"))
    return str(event["SUMMARY"]), str(event.get("DESCRIPTION", "")), *days


def rung(event: Any) -> tuple[str, str, str]:
    """Return a period and its times on the school's clock."""
    return str(event["SUMMARY"]), *(f"{event[name].dt:%d %H:%M}" for name in ("DTSTART", "DTEND"))


def stamps(event: Any) -> tuple[dt.datetime, int]:
    return event["DTSTAMP"].dt, int(event["SEQUENCE"])


def test_a_calendar_feed_tells_everything_that_lasts_days(maple: Maple) -> None:
    assert [told(each) for each in calendar_of(maple.school)] == [
        ("Q1 (S1)", "", "2026-08-12", "2026-10-15"),
        ("Semester 1", "", "2026-08-12", "2026-12-19"),
        ("Q2 (S1)", "", "2026-10-15", "2026-12-19"),
        ("Veterans Day", "No school", "2026-11-11", "2026-11-12"),
        ("Thanksgiving break", "Vacation", "2026-11-25", "2026-11-28"),
    ]


def test_an_open_override_names_its_bells(maple: Maple) -> None:
    override = maple.year.day_overrides.get()
    override.closed, override.template = False, maple.late_start
    override.save()
    (event,) = calendar_of(maple.school, "overrides")
    assert told(event)[:2] == ("Veterans Day", "Bell schedule: Late start")


@pytest.mark.parametrize(
    ("kinds", "names"),
    [
        (["terms"], ["Semester 1"]),
        (["quarters"], ["Q1 (S1)", "Q2 (S1)"]),
        (["overrides", "breaks", "breaks"], ["Veterans Day", "Thanksgiving break"]),
    ],
)
def test_a_calendar_feed_can_be_of_some_kinds(
    maple: Maple, kinds: list[str], names: list[str]
) -> None:
    assert [str(each["SUMMARY"]) for each in calendar_of(maple.school, *kinds)] == names


def test_an_event_changes_with_its_row_and_with_no_other(maple: Maple) -> None:
    with time_machine.travel("2026-12-01T08:00:00.7+00:00", tick=False):
        before = {str(each["UID"]): stamps(each) for each in calendar_of(maple.school)}
        row = maple.year.breaks.get()
        row.end_date = dt.date(2026, 11, 26)
        row.save()
        after = {str(each["UID"]): stamps(each) for each in calendar_of(maple.school)}
    changed = {uid: after[uid] for uid in after if after[uid] != before[uid]}
    moment = dt.datetime(2026, 12, 1, 8, tzinfo=dt.UTC)
    assert changed == {f"break-{row.pk}@schoolday": (moment, row.revision)}
    assert row.revision > before[f"break-{row.pk}@schoolday"][1]
    assert after.keys() == before.keys()


def test_an_event_changes_with_the_rows_that_it_names(maple: Maple) -> None:
    override = maple.year.day_overrides.get()
    override.closed, override.template = False, maple.late_start
    override.save()
    ((_moment, before),) = map(stamps, calendar_of(maple.school, "overrides"))
    maple.late_start.name = "Later start"
    maple.late_start.save()
    ((_moment, after),) = map(stamps, calendar_of(maple.school, "overrides"))
    assert after > before


def test_what_is_deleted_leaves_the_feed(maple: Maple) -> None:
    maple.year.breaks.all().delete()
    assert calendar_of(maple.school, "breaks") == []


def test_a_school_without_rows_has_a_feed_without_events() -> None:
    school = SchoolFactory.create()
    assert (calendar_of(school), bells_of(school)) == ([], [])


def test_a_second_read_costs_no_query(maple: Maple, django_assert_num_queries) -> None:
    known = state(maple.school)
    first = feeds.calendar_feed(known), feeds.bells_feed(known, MONDAY, 1)
    with django_assert_num_queries(0):
        assert (feeds.calendar_feed(known), feeds.bells_feed(known, MONDAY, 1)) == first


@pytest.mark.parametrize("count", [1, 20])
def test_a_feed_costs_as_many_queries_whatever_its_length(
    maple: Maple, django_assert_num_queries, count: int
) -> None:
    for number in range(count):
        BreakFactory.create(academic_year=maple.year, name=f"Break {number}")
        PeriodDefinitionFactory.create(
            template=maple.regular, track=f"t-{number}", start=dt.time(14)
        )
    known = state(maple.school)
    with django_assert_num_queries(7):  # the token twice, the school, four kinds of rows
        feeds.calendar_feed(known)
    with django_assert_num_queries(9):  # the token twice, the calendar, the periods' versions
        feeds.bells_feed(known, MONDAY, 1)


# Periods


def test_a_bells_feed_tells_every_period_of_every_day(maple: Maple) -> None:
    assert [rung(each) for each in bells_of(maple.school)] == [
        ("Period 1", "23 09:00", "23 09:43"),
        ("Period 2", "23 09:49", "23 10:32"),
        ("Period 1", "24 08:30", "24 09:28"),
    ]  # and Thanksgiving from Wednesday on


def test_a_bells_feed_is_a_persons(maple: Maple) -> None:
    (lunch,) = [
        each
        for each in bells_of(maple.school, MONDAY, 1, "lunch-a")
        if each["SUMMARY"] == "Lunch A"
    ]
    assert rung(lunch) == ("Lunch A", "23 10:32", "23 11:02")
    assert lunch["DESCRIPTION"] == "Bell schedule: Late start"


def test_a_period_has_a_uid_for_each_date(maple: Maple) -> None:
    events = bells_of(maple.school, MONDAY, 3)
    late = [str(each["UID"]) for each in events if str(maple.periods[0].pk) in each["UID"]]
    assert late == [
        f"bell-{maple.periods[0].pk}-{date}@schoolday"
        for date in ("20261123", "20261130", "20261207")
    ]


def test_a_period_keeps_its_time_on_the_wall_when_clocks_change(maple: Maple) -> None:
    periods = [
        each
        for each in bells_of(maple.school, dt.date(2026, 10, 26), 2)
        if str(maple.periods[0].pk) in each["UID"]
    ]
    starts = [each["DTSTART"].dt for each in periods]
    assert [f"{start:%m-%d %H:%M}" for start in starts] == ["10-26 09:00", "11-02 09:00"]
    assert [f"{start.astimezone(dt.UTC):%H:%M}" for start in starts] == ["14:00", "15:00"]


def test_a_period_that_the_clock_swallows_is_not_told() -> None:
    school = SchoolFactory.create(weekdays=["sunday"])
    AcademicYearFactory.create(school=school)
    template = PeriodTemplateFactory.create(school=school, is_default=True)
    PeriodDefinitionFactory.create(template=template, start=dt.time(2, 15), length=50, passing=0)
    PeriodDefinitionFactory.create(template=template, start=dt.time(4), length=50, passing=0)
    assert [rung(each) for each in bells_of(school, dt.date(2027, 3, 8))] == [
        ("Period 2", "14 04:00", "14 04:50")
    ]


def test_a_period_changes_with_its_own_bells_alone(maple: Maple) -> None:
    with time_machine.travel("2026-12-01T08:00:00+00:00", tick=False):
        before = {str(each["UID"]): stamps(each) for each in bells_of(maple.school)}
        lesson = maple.periods[1]
        lesson.length = 40
        lesson.save()
        BreakFactory.create(academic_year=maple.year, name="Another")
        after = {str(each["UID"]): stamps(each) for each in bells_of(maple.school)}
    assert {uid for uid in after if after[uid] != before[uid]} == {
        f"bell-{lesson.pk}-20261123@schoolday"
    }


@pytest.mark.parametrize("change", ["template", "clock"])
def test_periods_change_with_what_they_name_and_with_the_schools_clock(
    maple: Maple, change: str
) -> None:
    before = [stamps(each)[0] for each in bells_of(maple.school)][:2]
    with time_machine.travel(max(before) + dt.timedelta(seconds=5), tick=False):
        if change == "template":
            maple.late_start.name = "Later start"
            maple.late_start.save()
        else:
            maple.school.timezone = "America/Denver"
            maple.school.save()
        after = [stamps(each)[0] for each in bells_of(maple.school)][:2]
    assert all(later > earlier for earlier, later in zip(before, after, strict=True))


# Feeds of whole schools

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize("slug", ["cedar-arts", "harbor-middle", "maple-high"])
def test_subscribers_of_a_demo_school_see_what_the_calendar_says(slug: str) -> None:
    import_document(demo(slug, TODAY))
    school = School.objects.get(slug=slug)
    known = state(school)
    _token, body = feeds.bells_feed(known, TODAY, 26, ["all"])
    last = TODAY + dt.timedelta(weeks=26, days=-1)
    _token, days = lookups.days(known, TODAY, last, ["all"])
    expected = [
        (bell.period.name, bell.starts_at, bell.ends_at) for day in days for bell in day.periods
    ]
    seen = recurring_ical_events.of(Calendar.from_ical(body)).between(
        TODAY, last + dt.timedelta(days=1)
    )
    assert len(expected) > 400
    assert sorted(
        (str(each["SUMMARY"]), *(each[name].dt.astimezone(dt.UTC) for name in ("DTSTART", "DTEND")))
        for each in seen
    ) == sorted(expected)


@pytest.mark.parametrize("slug", ["cedar-arts", "harbor-middle", "maple-high"])
def test_subscribers_of_a_demo_school_see_its_breaks(slug: str) -> None:
    document = demo(slug, TODAY)
    import_document(document)
    shown = calendar_of(School.objects.get(slug=slug), "breaks")
    one_day = dt.timedelta(days=1)
    assert sorted(
        (str(each["SUMMARY"]), str(each["DTSTART"].dt), str(each["DTEND"].dt - one_day))
        for each in shown
    ) == sorted(
        (each["name"], each["start_date"], each["end_date"])
        for year in document["academic_years"]
        for each in year["breaks"]
    )


def test_two_schools_that_say_the_same_have_events_of_their_own() -> None:
    twins = [json.loads(json.dumps(demo("maple-high", TODAY))) for _school in range(2)]
    uids = []
    for number, document in enumerate(twins):
        document["school"]["slug"] = f"twin-{number}"
        import_document(document)
        school = School.objects.get(slug=f"twin-{number}")
        events = [*calendar_of(school), *bells_of(school, TODAY, 4, "all")]
        uids.append([str(each["UID"]) for each in events])
    assert len(uids[0]) == len(uids[1]) == len(set(uids[0]) | set(uids[1])) / 2


def test_putting_a_calendar_back_changes_no_event() -> None:
    document = demo("maple-high", TODAY)
    import_document(document)
    school = School.objects.get(slug="maple-high")
    before = feeds.calendar_feed(state(school)), feeds.bells_feed(state(school), TODAY, 4)
    import_document(document)
    assert (feeds.calendar_feed(state(school)), feeds.bells_feed(state(school), TODAY, 4)) == before


PROGRAM = """
import sys, datetime as dt, django
django.setup()
from scheduling import feeds
from scheduling.states import state_of
school = state_of("maple-high")
sys.stdout.buffer.write(feeds.calendar_feed(school)[1])
sys.stdout.buffer.write(feeds.bells_feed(school, dt.date(2026, 11, 23), 4, ["all"])[1])
"""


def database_url() -> str:
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    return (
        f"postgres://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"
    )


@pytest.mark.django_db(transaction=True)
def test_another_process_tells_the_same_bytes() -> None:
    import_document(documents(TODAY)[0])
    known = state(School.objects.get(slug="maple-high"))
    told = feeds.calendar_feed(known)[1] + feeds.bells_feed(known, MONDAY, 4, ["all"])[1]
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "REDIS_URL": "",
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "PYTHONHASHSEED": "7",
    }
    connection.close()
    second = subprocess.run(  # noqa: S603
        [sys.executable, "-c", PROGRAM], check=True, capture_output=True, env=environment, cwd=ROOT
    )
    assert second.stdout == told
