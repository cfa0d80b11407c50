"""Stretches: a person's time, cut wherever the answer for an instant changes."""

import datetime as dt
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from scheduling.calendar.bells import Bell
from scheduling.calendar.clock import Interval
from scheduling.calendar.sessions import Session


class Standing(NamedTuple):
    """Where a person stands in the year; see `answers.Now` for what the fields mean."""

    next_school_day: Session | None
    previous_school_day: Session | None
    school_days_left: int


class Stretch(NamedTuple):
    """What is true from one change to the next; stretches of one standing share it."""

    interval: Interval
    next_period: Bell | None
    standing: Standing


Cut = list[tuple[dt.datetime, Stretch]]
"""Stretches in order, each with its first instant."""


class Course(NamedTuple):
    """Stretches in order, and their first instants."""

    starts: tuple[dt.datetime, ...]
    stretches: tuple[Stretch, ...]

    @classmethod
    def of(cls, cut: Cut) -> "Course":
        """Return the course of stretches."""
        return cls(tuple([at for at, _ in cut]), tuple([stretch for _, stretch in cut]))

    def at(self, instant: dt.datetime) -> Stretch:
        """Return the stretch that holds an instant."""
        return self.stretches[bisect_right(self.starts, instant) - 1]

    def between(self, first: dt.datetime, until: dt.datetime) -> slice:
        """Return which stretches hold some instant of `first <= t < until`."""
        before = bisect_right(self.starts, first) - 1
        return slice(max(before, 0), bisect_left(self.starts, until))
