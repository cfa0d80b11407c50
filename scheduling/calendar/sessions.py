"""Sessions: the school days of a person in instants, from the first bell to the last."""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from scheduling.calendar.facts import Template, Year


class Session(NamedTuple):
    """A school day with bells: from its first bell to its last, `starts_at <= t < ends_at`.

    It is never empty. `year` and `template` are the day's.
    """

    date: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime
    year: Year
    template: Template


@dataclass(frozen=True, slots=True)
class Roll:
    """The sessions of a year, in order and disjoint, and the school days on which no bell rings."""

    sessions: tuple[Session, ...] = ()
    ends: tuple[dt.datetime, ...] = ()
    silent: tuple[dt.date, ...] = ()

    @classmethod
    def of(cls, sessions: tuple[Session, ...], school_days: Iterable[dt.date]) -> "Roll":
        """Return the roll of a year that has these sessions and school days."""
        with_bells = {each.date for each in sessions}
        silent = tuple(date for date in school_days if date not in with_bells)
        return cls(sessions, tuple(each.ends_at for each in sessions), silent)

    def around(self, index: int) -> tuple[Session | None, Session | None]:
        """Return the sessions before and behind a place among them, which may be an end."""
        previous = self.sessions[index - 1] if index else None
        return previous, self.sessions[index] if index < len(self.sessions) else None

    def ended(self, at: dt.datetime) -> int:
        """Return how many sessions have ended at an instant."""
        return bisect_right(self.ends, at)

    def left(self, ended: int, today: dt.date) -> int:
        """Return how many school days are not over; one without bells lasts until its date is."""
        return len(self.sessions) - ended + len(self.silent) - bisect_left(self.silent, today)


def disjoint(sessions: Iterable[Session]) -> Iterator[Session]:
    """Yield what is left of each session after all before it have ended, if anything is.

    Where the clock skips a whole date, the bells of two dates ring at once.
    """
    so_far = dt.datetime.min.replace(tzinfo=dt.UTC)
    for session in sessions:
        if session.ends_at <= so_far:
            continue
        yield session if so_far <= session.starts_at else session._replace(starts_at=so_far)
        so_far = session.ends_at
