"""Feeds as text: what RFC 5545 asks for, and what calendar programs trip over."""

import datetime as dt
import os
import subprocess
import sys
from itertools import permutations
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from scheduling.ical.events import DayEvent, Feed, TimedEvent, Version
from scheduling.ical.writing import render

ZONE = "America/Chicago"
VERSION = Version(dt.datetime(2026, 7, 1, 9, 30, 0, 999_999, tzinfo=dt.UTC), 3)
AWKWARD = "Fall; break, 2026\\27\nNo “school” Ferien für alle"


def day_event(name: str = "Thanksgiving break", uid: str = "break-1@schoolday") -> DayEvent:
    return DayEvent(uid, name, dt.date(2026, 11, 25), dt.date(2026, 11, 27), VERSION)


def bell(local: str, minutes: int, zone: str = ZONE) -> TimedEvent:
    start = dt.datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
    return TimedEvent(
        f"bell-{local}", "Period", start, start + dt.timedelta(minutes=minutes), VERSION
    )


def feed(*events: Any, zone: str = ZONE, name: str = "Maple High") -> Feed:
    return Feed(name, zone, events)


def read(data: bytes) -> Any:
    return Calendar.from_ical(data)


def only_event(data: bytes) -> Any:
    (event,) = read(data).walk("VEVENT")
    return event


def test_a_feed_of_one_break_is_written_so() -> None:
    lines = render(feed(day_event())).decode().split("\r\n")
    zone = lines.index("BEGIN:VTIMEZONE"), lines.index("END:VTIMEZONE")
    assert lines[: zone[0]] + lines[zone[1] + 1 :] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Schoolday//Schoolday//EN",
        "CALSCALE:GREGORIAN",
        "NAME:Maple High",
        "X-WR-CALNAME:Maple High",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
        "X-WR-TIMEZONE:America/Chicago",
        "BEGIN:VEVENT",
        "SUMMARY:Thanksgiving break",
        "DTSTART;VALUE=DATE:20261125",
        "DTEND;VALUE=DATE:20261128",
        "DTSTAMP:20260701T093000Z",
        "UID:break-1@schoolday",
        "SEQUENCE:3",
        "LAST-MODIFIED:20260701T093000Z",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_a_period_is_written_by_the_schools_clock() -> None:
    event = only_event(render(feed(bell("2026-11-23T09:00", 43))))
    assert event["DTSTART"].params["TZID"] == ZONE
    assert event.to_ical().splitlines()[2:4] == [
        b"DTSTART;TZID=America/Chicago:20261123T090000",
        b"DTEND;TZID=America/Chicago:20261123T094300",
    ]
    assert "TRANSP" not in event


@pytest.mark.parametrize(
    ("local", "written", "instant"),
    [
        pytest.param("2026-10-30T08:30", "083000", "13:30", id="before-it-goes-back"),
        pytest.param("2026-11-01T00:30", "003000", "05:30", id="in-the-night-that-it-goes-back"),
        pytest.param("2026-11-01T01:30", "013000", "06:30", id="in-the-first-of-two-hours"),
        pytest.param("2026-11-01T08:30", "083000", "14:30", id="after-it-went-back"),
        pytest.param("2027-03-14T01:30", "013000", "07:30", id="before-it-goes-forward"),
        pytest.param("2027-03-14T02:30", "033000", "08:30", id="in-an-hour-that-there-is-not"),
        pytest.param("2027-03-15T08:30", "083000", "13:30", id="after-it-went-forward"),
    ],
)
def test_a_period_rings_at_its_instant_when_clocks_change(
    local: str, written: str, instant: str
) -> None:
    event = only_event(render(feed(bell(local, 20))))
    start = event["DTSTART"].dt
    assert event["DTSTART"].to_ical().decode().endswith(f"T{written}")
    assert f"{start.astimezone(dt.UTC):%H:%M}" == instant
    assert event["DTEND"].dt.astimezone(dt.UTC) - start.astimezone(dt.UTC) == dt.timedelta(
        minutes=20
    )


def test_a_feed_without_events_is_a_calendar_all_the_same() -> None:
    calendar = read(render(feed()))
    assert [each.name for each in calendar.subcomponents] == ["VTIMEZONE"]


def test_the_order_of_events_is_theirs_and_not_that_of_the_rows() -> None:
    events = (
        day_event(uid="break-2"),
        day_event(uid="break-1"),
        day_event()._replace(first_day=dt.date(2026, 9, 7), uid="break-9"),
    )
    written = {render(feed(*order)) for order in permutations(events)}
    (data,) = written
    uids = [str(each["UID"]) for each in read(data).walk("VEVENT")]
    assert uids == ["break-9", "break-1", "break-2"]


def test_a_calendars_name_is_escaped_in_both_properties() -> None:
    text = render(feed(name=AWKWARD)).replace(b"\r\n ", b"").decode()
    escaped = "Fall\\; break\\, 2026\\\\27\\nNo “school” Ferien für alle"
    assert f"\r\nNAME:{escaped}\r\n" in text
    assert f"\r\nX-WR-CALNAME:{escaped}\r\n" in text


def test_a_note_is_a_description() -> None:
    event = only_event(render(feed(day_event()._replace(note="Holiday"))))
    assert event["DESCRIPTION"] == "Holiday"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_whatever_an_event_is_called_comes_back_and_breaks_no_line(name: str) -> None:
    data = render(feed(day_event(name)))
    lines = data.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert [line for line in lines if line.startswith(b"BEGIN:")][2:] == [
        b"BEGIN:STANDARD",
        b"BEGIN:DAYLIGHT",
        b"BEGIN:STANDARD",
        b"BEGIN:VEVENT",
    ]
    assert all(line.decode() for line in lines[:-1])  # no character is cut in two
    event = only_event(data)
    assert str(event["SUMMARY"]) == storable(name)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (
        dt.date(2026, 11, 25),
        dt.date(2026, 11, 28),
    )


def storable(name: str) -> str:
    """Return a text as RFC 5545 can say it: without controls, lines ended in one way."""
    lines = name.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each for each in lines if each in "\t\n" or (each >= " " and each != "\x7f"))


PROGRAM = """
import sys
from tests.scheduling.ical.test_writing import AWKWARD, bell, day_event, feed
from scheduling.ical.writing import render
sys.stdout.buffer.write(render(feed(day_event(AWKWARD), bell("2026-11-23T09:00", 43))))
"""


def test_another_process_writes_the_same_bytes() -> None:
    written = {
        subprocess.run(  # noqa: S603
            [sys.executable, "-c", PROGRAM],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert written == {render(feed(day_event(AWKWARD), bell("2026-11-23T09:00", 43)))}
