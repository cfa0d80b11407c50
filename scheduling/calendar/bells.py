"""Bells: a period of a date, in instants. A bell rings at a wall-clock time, all year."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

from scheduling.calendar.facts import Period

DAY_END = dt.time.max


@dataclass(frozen=True, slots=True)
class Bell:
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


def heard(bells: Iterable[Bell]) -> tuple[Bell, ...]:
    """Return the bells that the clock has not swallowed."""
    return tuple(bell for bell in bells if bell.starts_at < bell.ends_at)


def ring(periods: Iterable[Period], date: dt.date, zone: ZoneInfo) -> tuple[Bell, ...]:
    """Return the periods as they ring on `date`, in the same order."""
    rung = tuple(periods)
    if not rung:
        return ()
    offset = steady_offset(date, zone)
    if offset is None:
        return tuple(
            Bell(date, each, to_instant(date, each.start, zone), to_instant(date, each.end, zone))
            for each in rung
        )
    midnight = dt.datetime.combine(date, dt.time.min, dt.UTC) - offset
    return tuple(
        Bell(date, each, midnight + since_midnight(each.start), midnight + since_midnight(each.end))
        for each in rung
    )


def steady_offset(date: dt.date, zone: ZoneInfo) -> dt.timedelta | None:
    """Return the offset of the school's clock from UTC, or None if it may change on `date`.

    It is compared at both midnights, on the far side of whatever happens there: no clock on
    record has changed twice within a day.
    """
    first, last = (
        dt.datetime.combine(date, dt.time.min, zone),
        dt.datetime.combine(date, DAY_END, zone),
    )
    offset = first.utcoffset()
    return offset if offset == last.replace(fold=1).utcoffset() else None


@cache
def since_midnight(time: dt.time) -> dt.timedelta:
    """Return how long after midnight a time of day is, on a clock that does not change."""
    return dt.timedelta(hours=time.hour, minutes=time.minute, seconds=time.second)
