"""A person's time, cut into stretches in which the answer for an instant stays the same.

Between two bells, two ends of bells and two midnights nothing changes but the clock. So what is
true of an instant is computed once for the stretch that holds it, and found by bisection. Stretches
are kept by the UTC date, on which no clock changes.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from operator import itemgetter
from typing import Any, NamedTuple

from scheduling.calendar.attendance import LAST_FEW, Attendance
from scheduling.calendar.bells import Bell, midnights
from scheduling.calendar.clock import Interval, gap
from scheduling.calendar.held import Held, Moment
from scheduling.calendar.keeping import keeping
from scheduling.calendar.sessions import Session
from scheduling.calendar.tables import DATES_KEPT

AT: Any = itemgetter(0)
FIRST_INSTANT = dt.datetime(1, 1, 3, tzinfo=dt.UTC)
LAST_INSTANT = dt.datetime(9999, 12, 29, tzinfo=dt.UTC)
"""Before and after anything, and still dates everywhere on earth."""


class Standing(NamedTuple):
    """Where a person stands in the year; see `answers.Now` for what the fields mean."""

    next_school_day: Session | None
    previous_school_day: Session | None
    school_days_left: int

    def is_over(self, today: dt.date) -> bool:
        """Return whether the date of the last session is over."""
        return self.previous_school_day is not None and self.previous_school_day.date < today


class Stretch(NamedTuple):
    """What is true from one change to the next; stretches of one standing share it."""

    interval: Interval
    next_period: Bell | None
    standing: Standing


class Course(NamedTuple):
    """The stretches of a UTC date, by their first instants; the first is its midnight."""

    starts: tuple[dt.datetime, ...]
    stretches: tuple[Stretch, ...]

    def at(self, instant: dt.datetime) -> Stretch:
        """Return the stretch that holds an instant of the date."""
        return self.stretches[bisect_right(self.starts, instant) - 1]


class Place(NamedTuple):
    """An instant's place among the sessions of its year.

    `position` is that of the last year that has begun: its summer belongs to it. So many of the
    year's sessions have `ended`, and the next of them may be under way. `today` is the local date.
    """

    at: dt.datetime
    today: dt.date
    position: int
    ended: int
    is_on: bool


class Timeline:
    """All of a person's time; a date of it is computed when it is first asked about, and kept."""

    def __init__(self, attendance: Attendance) -> None:
        self._attendance = attendance
        self._tables = attendance.tables
        self.course = keeping(self._course, DATES_KEPT)
        self._standing = keeping(self._standing_of, LAST_FEW)
        self._gap = keeping(self._gap_after, LAST_FEW)

    def at(self, instant: dt.datetime) -> Stretch:
        """Return the stretch that holds an instant, which is in UTC."""
        return self.course(instant.toordinal()).at(instant)

    def _course(self, ordinal: int) -> Course:
        """Return the course of the UTC date of an ordinal."""
        date = dt.date.fromordinal(ordinal)
        first = dt.datetime.combine(date, dt.time.min, dt.UTC)
        last = dt.datetime.combine(date, dt.time.max, dt.UTC)
        turns = sorted({first, *(at for at in self._turns(first, last) if first < at <= last)})
        cut = [
            found
            for at, until in pairwise([*turns, last])
            for found in self._stretches(self._place(at), until)
        ]
        starts, stretches = zip(*cut, strict=True)
        return Course(starts, stretches)

    def _turns(self, first: dt.datetime, last: dt.datetime) -> Iterator[dt.datetime]:
        """Yield the instants of a UTC date at which a date or a session may begin or end."""
        last_begun = self._tables.year_begun(last)
        for position in range(max(self._tables.year_begun(first), 0), last_begun + 1):
            yield from self._midnights(position, first.toordinal())
            roll = self._attendance.roll(position)
            index = roll.ended(first)
            while roll.has_begun(index, last):
                yield from self._attendance.held(position, index).turns()
                index += 1

    def _midnights(self, position: int, ordinal: int) -> Iterator[dt.datetime]:
        """Yield the midnights of the year that a UTC date may hold, the one after it included."""
        year = self._tables.school.years[position]
        first = max(year.start_date.toordinal(), ordinal)
        last = min(year.end_date.toordinal(), ordinal) + 1
        for local in range(first, last + 1):
            yield from midnights(dt.date.fromordinal(local), self._tables.zone)

    def _place(self, at: dt.datetime) -> Place:
        position = self._tables.year_begun(at)
        roll = self._attendance.roll(position)
        ended = roll.ended(at)
        local = min(max(at, FIRST_INSTANT), LAST_INSTANT).astimezone(self._tables.zone)
        return Place(at, local.date(), position, ended, roll.has_begun(ended, at))

    def _stretches(self, place: Place, until: dt.datetime) -> Iterator[tuple[dt.datetime, Stretch]]:
        """Yield the stretches from a place on, until the next turn."""
        ahead = self._ahead(place.position, place.ended + place.is_on)
        standing = self._standing(place.position, place.ended, place.today, place.is_on)
        if not place.is_on:
            interval = self._gap(place.position, place.ended, standing.is_over(place.today))
            bell = ahead.next_bell(place.at) if ahead else None
            yield place.at, Stretch(interval, bell, standing)
            return
        for at, interval, next_bell in self._moments(place, until):
            bell = next_bell or (ahead.next_bell(at) if ahead else None)
            yield at, Stretch(interval, bell, standing)

    def _moments(self, place: Place, until: dt.datetime) -> Iterator[Moment]:
        """Yield the moments of the session under way, the first of them at the place itself."""
        moments = list(self._attendance.held(place.position, place.ended).moments())
        first = bisect_right(moments, place.at, key=AT) - 1
        yield Moment(place.at, moments[first].interval, moments[first].next_bell)
        for moment in moments[first + 1 :]:
            if moment.at >= until:
                return
            yield moment

    def _previous(self, position: int, ended: int) -> Session | None:
        """Return the last session to have ended, in the year or an earlier one."""
        if ended:
            return self._attendance.roll(position).sessions[ended - 1]
        return self._attendance.last_before(position)

    def _ahead(self, position: int, begun: int) -> Held | None:
        """Return the next session to begin, in the year or a later one."""
        if begun < len(self._attendance.roll(position).sessions):
            return self._attendance.held(position, begun)
        return self._attendance.first_after(position)

    def _standing_of(self, position: int, ended: int, today: dt.date, is_on: bool) -> Standing:
        """Return where the person stands, on a date, when so many sessions have ended."""
        ahead = self._ahead(position, ended + is_on)
        is_in_year = position >= 0 and self._tables.school.years[position].covers(today)
        return Standing(
            next_school_day=ahead.session if ahead else None,
            previous_school_day=self._previous(position, ended),
            school_days_left=self._attendance.roll(position).left(ended, today)
            if is_in_year
            else 0,
        )

    def _gap_after(self, position: int, ended: int, is_next_day: bool) -> Interval:
        """Return the interval after so many sessions of a year have ended."""
        ahead = self._ahead(position, ended)
        return gap(
            self._previous(position, ended),
            ahead.session if ahead else None,
            self._tables.school.weekdays,
            is_next_day=is_next_day,
        )
