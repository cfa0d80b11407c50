"""An instant's answer: the one interval that holds it.

A session is tiled by periods and passings, and what lies between two sessions is one gap, see
`gaps`. Tiles are cut in instants, each beginning where the ones before it have ended, so they meet
on nights of clock changes too.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import attrgetter
from typing import Any, Literal, NamedTuple

from scheduling.calendar.bells import Bell

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
