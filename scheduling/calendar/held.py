"""A session with all that rings in it."""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

from scheduling.calendar.bells import Bell
from scheduling.calendar.clock import Interval, by_bell, tiles
from scheduling.calendar.sessions import Session

STARTS_AT: Any = attrgetter("starts_at")
BOUNDS: Any = attrgetter("starts_at", "ends_at")


class Moment(NamedTuple):
    """What is true of a session from an instant to the next moment."""

    at: dt.datetime
    interval: Interval
    next_bell: Bell | None


@dataclass(frozen=True, slots=True)
class Held:
    """A session of a person with what rings in it, in order, and its intervals."""

    session: Session
    bells: tuple[Bell, ...]
    intervals: tuple[Interval, ...]

    @classmethod
    def by(cls, session: Session, bells: Iterable[Bell]) -> "Held":
        """Return a session in which these bells ring."""
        in_order = tuple(sorted(bells, key=by_bell))
        return cls(session, in_order, tuple(tiles(in_order, session.starts_at)))

    def turns(self) -> list[dt.datetime]:
        """Return when the session begins and ends, and which bells rang before it could begin."""
        early = self.bells[: bisect_left(self.bells, self.session.starts_at, key=STARTS_AT)]
        return [self.session.starts_at, self.session.ends_at, *(each.starts_at for each in early)]

    def moments(self) -> Iterator[Moment]:
        """Yield the moments from which another interval is on, or another bell is the next."""
        rung = 0
        for interval in self.intervals:
            at, ends_at = BOUNDS(interval)
            while at < ends_at:
                rung = bisect_right(self.bells, at, lo=rung, key=STARTS_AT)
                bell = self.bells[rung] if rung < len(self.bells) else None
                yield Moment(at, interval, bell)
                at = bell.starts_at if bell else ends_at

    def next_bell(self, instant: dt.datetime) -> Bell | None:
        """Return the first bell to ring after `instant`."""
        rung = bisect_right(self.bells, instant, key=STARTS_AT)
        return self.bells[rung] if rung < len(self.bells) else None
