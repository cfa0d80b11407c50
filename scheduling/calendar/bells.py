"""Bells: a period of a date, in instants. A bell rings at a wall-clock time, all year."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduling.calendar.facts import Period

LAST_MOMENT = dt.time.max.replace(fold=1)
"""The last moment of a date; where the clock shows it twice, the second."""

Span = tuple[dt.datetime, dt.datetime]
"""From the first instant to the last, which is not part of it."""


class Bell(NamedTuple):
    """A period as it rings on `date`: UTC instants, `starts_at <= t < ends_at`.

    In a night on which the clock is put forward, a period may be empty or even reversed: the
    clock has swallowed it.
    """

    date: dt.date
    period: Period
    starts_at: dt.datetime
    ends_at: dt.datetime


def to_instant(date: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    """Return the UTC instant at which the school's clock shows `date` and `time`.

    As in RFC 5545, a time that the clock skips is read with the offset before the change, and of
    a time that it shows twice, the first is meant. Python's `fold=0` says just that.
    """
    return dt.datetime.combine(date, time, tzinfo=zone).astimezone(dt.UTC)


def heard(bells: tuple[Bell, ...]) -> tuple[Bell, ...]:
    """Return the bells that the clock has not swallowed."""
    return tuple([bell for bell in bells if bell.starts_at < bell.ends_at])


def span_of(bells: Collection[Bell]) -> Span | None:
    """Return when the first of the bells rings and when the last has ended, if there are any."""
    if not bells:
        return None
    return min([bell.starts_at for bell in bells]), max([bell.ends_at for bell in bells])


class Hours(NamedTuple):
    """A period, and how long after midnight it begins and ends on a clock that does not change."""

    period: Period
    begins: dt.timedelta
    ends: dt.timedelta


def hours_of(period: Period) -> Hours:
    """Return the hours of a period."""
    return Hours(period, since_midnight(period.start), since_midnight(period.end))


def ring(hours: Iterable[Hours], date: dt.date, midnight: dt.datetime) -> tuple[Bell, ...]:
    """Return periods as they ring on a date that begins at `midnight`, with a steady clock."""
    return tuple(
        [Bell(date, period, midnight + begins, midnight + ends) for period, begins, ends in hours]
    )


def ring_unsteadily(hours: Iterable[Hours], date: dt.date, zone: ZoneInfo) -> tuple[Bell, ...]:
    """Return periods as they ring on a date on which the clock changes."""
    return tuple(
        Bell(date, each, to_instant(date, each.start, zone), to_instant(date, each.end, zone))
        for each, _, _ in hours
    )


def steady_midnight(date: dt.date, zone: ZoneInfo) -> dt.datetime | None:
    """Return the instant at which `date` begins, or None if the clock may change on it.

    Without a change, a time of day is as long after it as it is after midnight. The offset is
    compared at both midnights, on the far side of whatever happens there: no clock on record has
    changed twice within a day.
    """
    offset = dt.datetime.combine(date, dt.time.min, zone).utcoffset()
    if offset is None or offset != dt.datetime.combine(date, LAST_MOMENT, zone).utcoffset():
        return None
    return dt.datetime.combine(date, dt.time.min, dt.UTC) - offset


def midnights(date: dt.date, zone: ZoneInfo) -> Iterator[dt.datetime]:
    """Yield the instants at which `date` begins: two, if the clock goes back to its midnight."""
    midnight = dt.datetime.combine(date, dt.time.min, zone)
    yield midnight.astimezone(dt.UTC)
    again = midnight.replace(fold=1)
    if again.utcoffset() != midnight.utcoffset():
        yield again.astimezone(dt.UTC)


def since_midnight(time: dt.time) -> dt.timedelta:
    """Return how long after midnight a time of day is, on a clock that does not change."""
    return dt.timedelta(hours=time.hour, minutes=time.minute, seconds=time.second)
