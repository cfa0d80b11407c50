"""Time zones as feeds tell them, held against the IANA database."""

import datetime as dt
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scheduling.ical.zones import onsets, time_zone

HOUR = dt.timedelta(hours=1)
YEARS = dt.date(2024, 1, 1), dt.date(2029, 1, 1)
ZONES = [
    "America/Chicago",
    "Africa/Casablanca",  # twice a year, a month apart, by the moon
    "America/Nuuk",
    "Asia/Kolkata",
    "Australia/Lord_Howe",  # by half an hour
    "Etc/UTC",
    "Europe/Dublin",  # whose winter time is the odd one
]


def told(zone: str, start: dt.date, after: dt.date) -> list[tuple[dt.datetime, Any, Any]]:
    """Return from when on which offset holds, and the one before, as a reader understands it."""
    return [
        (
            (part["DTSTART"].dt - part["TZOFFSETFROM"].td).replace(tzinfo=dt.UTC),
            part["TZOFFSETFROM"].td,
            part["TZOFFSETTO"].td,
        )
        for part in time_zone(ZoneInfo(zone), start, after).subcomponents
    ]


@pytest.mark.parametrize("zone", ZONES)
def test_every_offset_of_the_years_is_told(zone: str) -> None:
    changes = told(zone, *YEARS)
    moment, end = changes[0][0], dt.datetime.combine(YEARS[1], dt.time.min, ZoneInfo(zone))
    wrong = []
    while moment < end.astimezone(dt.UTC):
        offset = next(after for since, _before, after in reversed(changes) if since <= moment)
        if offset != moment.astimezone(ZoneInfo(zone)).utcoffset():
            wrong.append(moment)
        moment += HOUR
    assert wrong == []


@pytest.mark.parametrize("zone", ZONES)
def test_a_change_begins_where_the_offset_before_it_ends(zone: str) -> None:
    changes = told(zone, *YEARS)
    assert changes[0][1] == changes[0][2]
    assert all(later[1] == earlier[2] for earlier, later in pairwise(changes))


def test_a_clock_that_is_put_forward_changes_at_the_time_before() -> None:
    text = time_zone(
        ZoneInfo("America/Chicago"), dt.date(2027, 1, 1), dt.date(2027, 6, 1)
    ).to_ical()
    assert (
        b"DTSTART:20270314T020000\r\nTZNAME:CDT\r\nTZOFFSETFROM:-0600\r\nTZOFFSETTO:-0500" in text
    )


def test_a_date_that_was_left_out_is_a_change_of_a_day() -> None:
    first, change = onsets(ZoneInfo("Pacific/Apia"), dt.date(2011, 12, 1), dt.date(2012, 1, 31))
    assert change.offset - first.offset == dt.timedelta(days=1)
    assert (change.instant + change.before).isoformat() == "2011-12-30T00:00:00+00:00"
