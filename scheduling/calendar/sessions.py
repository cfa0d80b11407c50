"""Sessions: the school days of a person in instants, from the first bell to the last."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from zoneinfo import ZoneInfo

from scheduling.calendar.bells import Bell, heard, ring
from scheduling.calendar.days import Day
from scheduling.calendar.facts import Template, Year
from scheduling.calendar.tracks import own


@dataclass(frozen=True, slots=True)
class Session:
    """A school day with bells: from its first bell to its last, `starts_at <= t < ends_at`.

    It is never empty. `year` and `template` are the day's.
    """

    date: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime
    year: Year
    template: Template

    def bells(self, person: frozenset[str], zone: ZoneInfo) -> tuple[Bell, ...]:
        """Return the bells of the person whose session it is, as far as they are heard."""
        return heard(ring(own(self.template, person), self.date, zone))


def sessions(days: Iterable[Day], person: frozenset[str], zone: ZoneInfo) -> Iterator[Session]:
    """Yield the sessions of some days, in order.

    They are disjoint, for one begins only when all before it have ended: where the clock skips a
    whole date, the bells of two dates ring at once.
    """
    so_far = dt.datetime.min.replace(tzinfo=dt.UTC)
    for day in days:
        if not day.is_school_day or day.year is None or day.template is None:
            continue
        bells = heard(ring(own(day.template, person), day.date, zone))
        if not bells:
            continue
        starts_at = max(so_far, min(bell.starts_at for bell in bells))
        ends_at = max(bell.ends_at for bell in bells)
        if starts_at < ends_at:
            yield Session(day.date, starts_at, ends_at, day.year, day.template)
            so_far = ends_at


Bound = Callable[[Session], dt.datetime]

STARTS_AT: Bound = attrgetter("starts_at")
ENDS_AT: Bound = attrgetter("ends_at")


@dataclass(frozen=True, slots=True)
class Timeline:
    """A person's sessions of all years, looked up around an instant whose local date is `today`.

    `starts` are the first dates of the years in order, `of_year` gives the sessions of the year
    at a position among them. Years far from the instant are asked for only if nearer ones have
    no session to offer.
    """

    starts: Sequence[dt.date]
    of_year: Callable[[int], Sequence[Session]]

    def under_way(self, instant: dt.datetime, today: dt.date) -> Session | None:
        """Return the session that holds `instant`."""
        latest = self._latest(STARTS_AT, instant, today)
        return latest if latest and instant < latest.ends_at else None

    def last_ended(self, instant: dt.datetime, today: dt.date) -> Session | None:
        """Return the last session whose last bell is not after `instant`."""
        return self._latest(ENDS_AT, instant, today)

    def first_ahead(self, instant: dt.datetime, today: dt.date) -> Session | None:
        """Return the first session whose first bell is after `instant`."""
        current = bisect_right(self.starts, today) - 1
        for position in range(max(current, 0), len(self.starts)):
            year = self.of_year(position)
            begun = bisect_right(year, instant, key=STARTS_AT)
            if begun < len(year):
                return year[begun]
        return None

    def _latest(self, bound: Bound, instant: dt.datetime, today: dt.date) -> Session | None:
        for position in reversed(range(bisect_right(self.starts, today))):
            year = self.of_year(position)
            reached = bisect_right(year, instant, key=bound)
            if reached:
                return year[reached - 1]
        return None


def count_left(
    days: Iterable[Day], year: Sequence[Session], instant: dt.datetime, today: dt.date
) -> int:
    """Count the school days of a year whose last bell is after `instant`.

    One without a session is left until its date is over.
    """
    with_bells = {each.date for each in year}
    silent = (day for day in days if day.is_school_day and day.date not in with_bells)
    ended = bisect_right(year, instant, key=ENDS_AT)
    return len(year) - ended + sum(today <= day.date for day in silent)
