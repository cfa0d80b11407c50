"""Bells: a period of a date, in instants. A bell rings at a wall-clock time, all year."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from scheduling.calendar.facts import Period


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
    return tuple(
        Bell(
            date,
            period,
            to_instant(date, period.start, zone),
            to_instant(date, period.end, zone),
        )
        for period in periods
    )
