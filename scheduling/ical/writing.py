"""A feed becomes text as RFC 5545 and RFC 7986 have it: equal feeds are equal bytes.

Nothing in it says when it was written, so that a program that polls sees no change where there is
none. It has no METHOD: with one, DTSTAMP would be the moment of sending.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component, Event, vDuration, vText

from scheduling.ical.events import DayEvent, Feed, FeedEvent, TimedEvent
from scheduling.ical.zones import time_zone

MEDIA_TYPE = "text/calendar"
PRODUCT = "-//Schoolday//Schoolday//EN"
REFRESH = dt.timedelta(hours=6)
"""How long a subscriber may wait before it asks again."""
NO_EVENTS_YEAR = 1970
"""The year whose offsets stand for those of a feed without events."""
CONTROLS = {code: None for code in (*range(0x20), 0x7F) if chr(code) not in "\t\n"}
"""What no text may hold; a lone carriage return would end the line."""


def render(feed: Feed) -> bytes:
    """Return a feed as a file: CRLF, lines of at most 75 octets, events by start and uid."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, _text(feed.name))
    calendar.add("x-wr-timezone", _text(feed.timezone))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    zone = ZoneInfo(feed.timezone)
    calendar.add_component(_time_zone(feed, zone))  # a calendar must hold something
    for event in sorted(feed.events, key=lambda each: each.order):
        calendar.add_component(_event(event, zone))
    return bytes(calendar.to_ical())


def _event(told: FeedEvent, zone: ZoneInfo) -> Component:
    event = Event()
    changed_at = told.version.changed_at.astimezone(dt.UTC)
    event.add("uid", _text(told.uid))
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", told.version.number)
    event.add("summary", _text(told.name))
    if told.note:
        event.add("description", _text(told.note))
    if isinstance(told, DayEvent):
        event.add("dtstart", told.first_day)
        event.add("dtend", told.last_day + dt.timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    else:
        event.add("dtstart", told.starts_at.astimezone(zone))
        event.add("dtend", told.ends_at.astimezone(zone))
    return event


def _time_zone(feed: Feed, zone: ZoneInfo) -> Component:
    """Return the offsets of whole years, the feed's first to its last."""
    years = {date.year for each in feed.events for date in _dates(each, zone)} or {NO_EVENTS_YEAR}
    first, after = dt.date(min(years), 1, 1), dt.date(max(years) + 1, 1, 1)
    return time_zone(zone, first, after)


def _dates(event: FeedEvent, zone: ZoneInfo) -> tuple[dt.date, dt.date]:
    if isinstance(event, TimedEvent):
        return event.starts_at.astimezone(zone).date(), event.ends_at.astimezone(zone).date()
    return event.first_day, event.last_day


def _text(text: str) -> vText:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return vText(lines.translate(CONTROLS))
