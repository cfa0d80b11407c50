"""Routines: how a session goes, whenever that is. Where the clock is steady, it is always the same.

So a routine is worked out once for a bell schedule and a person, and a date only adds its midnight.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from scheduling.calendar.bells import Bell, Hours, heard, ring
from scheduling.calendar.clock import IntervalType, by_bell, tiles
from scheduling.calendar.tracks import Selection

SOME_DATE = dt.date(2001, 1, 1)
ITS_MIDNIGHT = dt.datetime.combine(SOME_DATE, dt.time.min, dt.UTC)

BOUNDS: Any = attrgetter("starts_at", "ends_at")


class Step(NamedTuple):
    """What is true of a session from a time to the next step; times count from an origin.

    Bells are told by their places among those of the session: the one of the period that is under
    way, and the next to ring. The place behind the last stands for none.
    """

    at: dt.timedelta
    type: IntervalType
    name: str
    bell: int
    begins: dt.timedelta
    ends: dt.timedelta
    next_bell: int


class Routine(NamedTuple):
    """The bells of a session, by their places among all of the template's, and its steps."""

    order: tuple[int, ...]
    times: tuple[dt.timedelta, ...]
    steps: tuple[Step, ...]


def steady_routine(hours: Iterable[Hours], selection: Selection) -> Routine:
    """Return how a person's session goes on any date with a steady clock, counted from midnight."""
    return routine_of(ring(hours, SOME_DATE, ITS_MIDNIGHT), selection, None, ITS_MIDNIGHT)


def routine_of(
    bells: tuple[Bell, ...],
    selection: Selection,
    starts_at: dt.datetime | None,
    origin: dt.datetime,
) -> Routine:
    """Return how a person's session goes when a template's bells ring so.

    It begins with the first bell, unless it is told when.
    """
    own = sorted(heard(selection.own(bells)), key=by_bell)
    places = {bell.period.id: place for place, bell in enumerate(bells)}
    order = tuple([places[bell.period.id] for bell in own])
    steps = tuple(_steps(own, starts_at or own[0].starts_at, origin))
    return Routine(order, tuple([each.at for each in steps]), steps)


def _steps(bells: Sequence[Bell], starts_at: dt.datetime, origin: dt.datetime) -> Iterator[Step]:
    starts = [each.starts_at for each in bells]
    places = {bell.period.id: place for place, bell in enumerate(bells)}
    for interval in tiles(bells, starts_at):
        at, ends = BOUNDS(interval)
        begins = at - origin
        place = places[interval.period.period.id] if interval.period else len(bells)
        while at < ends:
            following = bisect_right(starts, at)
            yield Step(
                at - origin, interval.type, interval.name, place, begins, ends - origin, following
            )
            at = starts[following] if following < len(bells) else ends
