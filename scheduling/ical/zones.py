"""A time zone as a feed tells it: every change of its clock in some years, one by one.

The library's own search steps over two changes that are close together, as around Ramadan in
Morocco, and tells of a clock that is put forward when it shows the later time. RFC 5545 has the
time before the change (3.6.5).
"""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Component, Timezone, TimezoneDaylight, TimezoneStandard

ONE_DAY = dt.timedelta(days=1)
ONE_SECOND = dt.timedelta(seconds=1)


class Onset(NamedTuple):
    """An instant from which on the clock goes by an offset from UTC, and the offset before."""

    instant: dt.datetime
    before: dt.timedelta
    local: dt.datetime

    @property
    def offset(self) -> dt.timedelta:
        """The offset from then on."""
        return _offset(self.local)


def time_zone(zone: ZoneInfo, start: dt.date, after: dt.date) -> Component:
    """Return the component that tells the offsets of a zone from `start` until `after`."""
    told = Timezone()
    told.add("tzid", zone.key)
    for onset in onsets(zone, start, after):
        told.add_component(_observance(onset))
    return told


def onsets(zone: ZoneInfo, start: dt.date, after: dt.date) -> Iterator[Onset]:
    """Yield the first offset of a stretch of dates, and each change of it, in order.

    The clock is looked at once a day: none on record has changed twice within one.
    """
    instant = dt.datetime.combine(start, dt.time.min, zone).astimezone(dt.UTC)
    end = dt.datetime.combine(after, dt.time.min, zone).astimezone(dt.UTC)
    offset = _offset(instant.astimezone(zone))
    yield Onset(instant, offset, instant.astimezone(zone))
    while instant < end:
        following = instant + ONE_DAY
        if _offset(following.astimezone(zone)) != offset:
            change = _first_other(zone, instant, following)
            yield Onset(change, offset, change.astimezone(zone))
            offset = _offset(following.astimezone(zone))
        instant = following


def _first_other(zone: ZoneInfo, before: dt.datetime, after: dt.datetime) -> dt.datetime:
    """Return the second in which the offset changes, given an instant on either side."""
    offset = _offset(before.astimezone(zone))
    while after - before > ONE_SECOND:
        middle = before + (after - before) // ONE_SECOND // 2 * ONE_SECOND
        if _offset(middle.astimezone(zone)) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(local: dt.datetime) -> dt.timedelta:
    return local.utcoffset() or dt.timedelta()


def _observance(onset: Onset) -> Component:
    told = TimezoneDaylight() if onset.local.dst() else TimezoneStandard()
    told.add("dtstart", (onset.instant + onset.before).replace(tzinfo=None))
    told.add("tzoffsetfrom", onset.before)
    told.add("tzoffsetto", onset.offset)
    told.add("tzname", str(onset.local.tzname()))
    return told
