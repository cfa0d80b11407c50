"""An instant's answer: the one interval that holds it.

A session is tiled by periods and passings, and what lies between two sessions is one gap. Tiles
are cut in instants, each beginning where the ones before it have ended, so they meet on nights
of clock changes too.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import attrgetter
from typing import Any, Literal, NamedTuple

from scheduling.calendar.bells import Bell
from scheduling.calendar.facts import ONE_DAY, Break, Override, Year, dates
from scheduling.calendar.sessions import Session

IntervalType = Literal["period", "passing", "before_school", "after_school", "break", "summer"]

NAMES_KEPT = 4096

by_bell: Any = attrgetter("starts_at", "ends_at", "period.number")
"""Orders bells by when they ring."""


class Interval(NamedTuple):
    """A stretch of a person's time, `starts_at <= t < ends_at`; a bound is `None` if unknown.

    `period` is the one under way in an interval of that type. A gap between two school days is
    not cut at midnight: what it is called changes there, its bounds do not.
    """

    type: IntervalType
    name: str
    period: Bell | None
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None


@lru_cache(maxsize=NAMES_KEPT)
def passing_to(name: str) -> str:
    """Return what the passing time before a period is called: one text, however often it rings."""
    return f"Passing to {name}"


def tiles(bells: Iterable[Bell], starts_at: dt.datetime) -> Iterator[Interval]:
    """Yield the intervals of a session that begins at `starts_at`.

    Of two periods that overlap, the one that rings first is owned whole, the other has the rest.
    Between two periods it is passing, however long.
    """
    so_far = starts_at
    for bell in sorted(bells, key=by_bell):
        begins = max(so_far, bell.starts_at)
        if begins >= bell.ends_at:
            continue
        if so_far < begins:
            yield Interval("passing", passing_to(bell.period.name), None, so_far, begins)
        yield Interval("period", bell.period.name, bell, begins, bell.ends_at)
        so_far = bell.ends_at


def gap(
    previous: Session | None,
    following: Session | None,
    weekdays: frozenset[int],
    *,
    is_next_day: bool,
) -> Interval:
    """Return the whole interval between two successive sessions.

    `is_next_day` says whether the date of the first of them is over.
    """
    kind, name = _call(previous, following, weekdays, is_next_day=is_next_day)
    return Interval(
        type=kind,
        name=name,
        period=None,
        starts_at=previous.ends_at if previous else None,
        ends_at=following.starts_at if following else None,
    )


def _call(
    previous: Session | None,
    following: Session | None,
    weekdays: frozenset[int],
    *,
    is_next_day: bool,
) -> tuple[IntervalType, str]:
    if previous is None or following is None or previous.year.id != following.year.id:
        return "summer", "Summer"
    first, last = previous.date + ONE_DAY, following.date - ONE_DAY
    if first <= last:
        return "break", break_name(previous.year, first, last, weekdays)
    if is_next_day:
        return "before_school", "Before school"
    return "after_school", "After school"


def break_name(year: Year, first: dt.date, last: dt.date, weekdays: frozenset[int]) -> str:
    """Name the days `first`..`last`, on which no bell rings.

    By the break or closed override that has most of them, the first of equals.
    """
    off: list[Break | Override] = [*year.breaks, *(each for each in year.overrides if each.closed)]
    held = [each for each in off if each.days_within(first, last)]
    if held:
        by_start = sorted(held, key=lambda each: (each.start_date, each.name))
        return max(by_start, key=lambda each: each.days_within(first, last)).name
    is_weekend = all(date.weekday() not in weekdays for date in dates(first, last))
    return "Weekend" if is_weekend else "No school"
