"""Where a semester is cut into its two quarters."""

import datetime as dt
from collections.abc import Collection

from scheduling.calendar.facts import ONE_DAY, dates

SUNDAY = 6

Halves = tuple[tuple[dt.date, dt.date], tuple[dt.date, dt.date]]
"""The first and the last date of each half, both included; the halves touch."""


def halves(start: dt.date, end: dt.date) -> Halves:
    """Cut `start`..`end` by days: the first half is never the longer one.

    Raises:
        ValueError: A half would have fewer than two days.
    """
    half = (end - start).days // 2
    if half < 2:
        raise ValueError("The dates are too close together: each half needs at least two days.")
    return _cut(start, start + dt.timedelta(days=half - 1), end)


def balanced(start: dt.date, end: dt.date, school_days: Collection[dt.date]) -> Halves:
    """Cut `start`..`end` after the Sunday that best balances the school days.

    The earliest of equally good Sundays wins; without one that leaves two days on either side,
    the cut is that of `halves`.

    Raises:
        ValueError: A half would have fewer than two days.
    """
    sundays = [
        date for date in dates(start + ONE_DAY, end - 2 * ONE_DAY) if date.weekday() == SUNDAY
    ]
    if not sundays:
        return halves(start, end)
    inside = [date for date in school_days if start <= date <= end]
    best = min(sundays, key=lambda sunday: abs(_imbalance(sunday, inside)))
    return _cut(start, best, end)


def _imbalance(last: dt.date, school_days: Collection[dt.date]) -> int:
    return sum(1 if date <= last else -1 for date in school_days)


def _cut(start: dt.date, last: dt.date, end: dt.date) -> Halves:
    return (start, last), (last + ONE_DAY, end)
