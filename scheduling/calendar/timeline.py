"""A person's time, cut into stretches in which the answer for an instant stays the same.

Between two bells, two ends of bells and two midnights nothing changes but the clock. So what is
true of an instant is computed once for the stretch that holds it, and found by bisection.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from scheduling.calendar.bells import Bell
from scheduling.calendar.clock import Interval, by_bell, gap, tiles
from scheduling.calendar.days import Day
from scheduling.calendar.facts import ONE_DAY, School, Year, dates
from scheduling.calendar.sessions import Session

LONG_AGO = dt.datetime(1, 1, 3, tzinfo=dt.UTC)
"""Before anything, and still a date everywhere on earth."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is true from one change to the next; see `answers.Now` for what the fields mean."""

    interval: Interval
    next_period: Bell | None
    next_school_day: Session | None
    previous_school_day: Session | None
    school_days_left: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The stretches of one academic year and of the summer after it, by their first instants."""

    starts: Sequence[float]
    stretches: Sequence[Stretch]

    def at(self, timestamp: float) -> Stretch:
        """Return the stretch that holds an instant; one before the first is in the first."""
        return self.stretches[max(bisect_right(self.starts, timestamp) - 1, 0)]


@dataclass(frozen=True, slots=True)
class Held:
    """A session of a person with what rings in it, in order, and its intervals."""

    session: Session
    bells: tuple[Bell, ...]
    intervals: tuple[Interval, ...]

    @classmethod
    def by(cls, person: frozenset[str], zone: ZoneInfo, session: Session) -> "Held":
        """Return a session as a person has it."""
        bells = tuple(sorted(session.bells(person, zone), key=by_bell))
        return cls(session, bells, tuple(tiles(bells, session.starts_at)))

    def changes(self) -> Iterator[dt.datetime]:
        """Yield the instants of the session from which on another answer is true."""
        yield self.session.starts_at
        for bell in self.bells:
            yield bell.starts_at
            yield bell.ends_at

    def next_bell(self, instant: dt.datetime) -> Bell | None:
        """Return the first bell to ring after `instant`."""
        rung = bisect_right(self.bells, instant, key=STARTS_AT)
        return self.bells[rung] if rung < len(self.bells) else None

    def interval(self, instant: dt.datetime) -> Interval:
        """Return the interval that holds an instant of the session."""
        return self.intervals[bisect_right(self.intervals, instant, key=STARTS_AT) - 1]


STARTS_AT: Any = attrgetter("starts_at")


@dataclass(frozen=True, slots=True)
class Era:
    """The time from the first midnight of a year to that of the next: the year and its summer.

    `days` are the year's, as the person has them, `held` its sessions in order; `before` is the
    last session of the years before it, `after` the first of those that follow. Before the first
    known year there is an era without a year.
    """

    school: School
    zone: ZoneInfo
    year: Year | None
    days: Sequence[Day]
    held: Sequence[Held]
    before: Session | None
    after: Held | None

    def timeline(self) -> Timeline:
        """Compute every stretch."""
        marks = sorted({*self._midnights(), *(at for each in self.held for at in each.changes())})
        return Timeline(tuple(at.timestamp() for at in marks), tuple(self._stretches(marks)))

    def _midnights(self) -> Iterator[dt.datetime]:
        """Yield the instants at which the local date may change, up to the end of the year."""
        if self.year is None:
            yield LONG_AGO
            return
        for date in dates(self.year.start_date, self.year.end_date + ONE_DAY):
            for fold in (0, 1):  # where the clock is put back at midnight, there are two
                midnight = dt.datetime.combine(date, dt.time.min, self.zone)
                yield midnight.replace(fold=fold).astimezone(dt.UTC)

    def _stretches(self, marks: Sequence[dt.datetime]) -> Iterator[Stretch]:
        with_bells = {each.session.date for each in self.held}
        open_days = (day.date for day in self.days if day.is_school_day)
        silent = [date for date in open_days if date not in with_bells]
        ended = 0
        for at in marks:
            while ended < len(self.held) and self.held[ended].session.ends_at <= at:
                ended += 1
            yield self._stretch(at, ended, silent)

    def _stretch(self, at: dt.datetime, ended: int, silent: Sequence[dt.date]) -> Stretch:
        """Return what is true from `at` on, when so many sessions have ended."""
        today = at.astimezone(self.zone).date()
        current = self._session(ended)
        is_on = current is not None and current.session.starts_at <= at
        following = self._session(ended + is_on) or self.after
        previous = self.held[ended - 1].session if ended else self.before
        ahead = following.session if following else None
        is_in_year = self.year is not None and self.year.covers(today)
        return Stretch(
            interval=current.interval(at)
            if current is not None and is_on
            else gap(previous, ahead, today, self.school.weekdays),
            next_period=(current.next_bell(at) if current is not None and is_on else None)
            or (following.next_bell(at) if following else None),
            next_school_day=ahead,
            previous_school_day=previous,
            school_days_left=len(self.held) - ended + len(silent) - bisect_left(silent, today)
            if is_in_year
            else 0,
        )

    def _session(self, position: int) -> Held | None:
        return self.held[position] if position < len(self.held) else None
