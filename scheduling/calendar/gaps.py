"""Gaps: what lies between two sessions, and what it is called."""

import datetime as dt
from typing import NamedTuple

from scheduling.calendar.bells import Bell
from scheduling.calendar.clock import Interval, IntervalType
from scheduling.calendar.facts import ONE_DAY, Break, Override, Year, dates
from scheduling.calendar.held import Held
from scheduling.calendar.sessions import Session


class Gap(NamedTuple):
    """The time between two successive sessions; before the first of all and after the last, too.

    It is one interval, which may be called otherwise once the date of the previous session is over.
    """

    previous: Session | None
    ahead: Held | None
    evening: Interval
    morning: Interval

    @classmethod
    def between(
        cls, previous: Session | None, ahead: Held | None, weekdays: frozenset[int]
    ) -> "Gap":
        """Return the gap between a session and the next."""
        following = ahead.session if ahead else None
        starts_at = previous.ends_at if previous else None
        ends_at = following.starts_at if following else None
        evening, morning = _calls(previous, following, weekdays)
        return cls(
            previous,
            ahead,
            Interval(*evening, None, starts_at, ends_at),
            Interval(*morning, None, starts_at, ends_at),
        )

    def on(self, today: dt.date) -> Interval:
        """Return what the gap is on a date."""
        is_over = self.previous is not None and self.previous.date < today
        return self.morning if is_over else self.evening

    @property
    def following(self) -> Session | None:
        """The next session."""
        return self.ahead.session if self.ahead else None

    def early_bells(self) -> list[dt.datetime]:
        """Return when a bell of the session ahead rings before that can begin."""
        return self.ahead.early_bells() if self.ahead else []

    def next_bell(self, instant: dt.datetime) -> Bell | None:
        """Return the first bell to ring after an instant, of those of the session ahead."""
        return self.ahead.next_bell(instant) if self.ahead else None


Call = tuple[IntervalType, str]


def _calls(
    previous: Session | None, following: Session | None, weekdays: frozenset[int]
) -> tuple[Call, Call]:
    """Return what a gap is called on the date of the session before it, and after that."""
    if previous is None or following is None or previous.year.id != following.year.id:
        return (("summer", "Summer"),) * 2
    first, last = previous.date + ONE_DAY, following.date - ONE_DAY
    if first <= last:
        return (("break", break_name(previous.year, first, last, weekdays)),) * 2
    return ("after_school", "After school"), ("before_school", "Before school")


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
