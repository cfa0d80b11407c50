"""Attendance: when one person has school, year by year."""

import datetime as dt
from collections.abc import Iterable, Iterator

from scheduling.calendar.bells import Bell, heard, span_of, steady_midnight
from scheduling.calendar.days import Day, staff_days, student_day
from scheduling.calendar.facts import Template
from scheduling.calendar.held import Held
from scheduling.calendar.keeping import keeping
from scheduling.calendar.plans import plan_of
from scheduling.calendar.sessions import Roll, Session, disjoint
from scheduling.calendar.tables import Tables, YearTable
from scheduling.calendar.tracks import Selection

LAST_FEW = 16
"""How much is kept of what only serves to compute neighbouring dates."""


class Attendance:
    """The sessions of a person, each year's computed when it is first asked about, and kept.

    A year is named by its position, a session by its year's and its own.
    """

    def __init__(self, tables: Tables, selection: Selection) -> None:
        self.tables = tables
        self.selection = selection
        self.roll = keeping(self._roll)
        self.held = keeping(self._held, LAST_FEW)
        self._first = keeping(self._first_held)
        self._plans = {
            each.id: plan_of(each, selection.person, tables.school.passing_minutes_cap)
            for each in tables.school.templates.values()
        }

    def year(self, position: int) -> YearTable:
        """Return the year at a position, with the person's school days."""
        if self.selection.is_staff:
            return self.tables.for_staff(position)
        return self.tables.for_students(position)

    def bells(self, date: dt.date, template: Template) -> tuple[Bell, ...]:
        """Return the bells of the person on a date, as far as they are heard."""
        return heard(self.selection.own(self.tables.bells(date, template.id)))

    def minutes(self, day: Day) -> int:
        """Return the minutes of instruction of a day."""
        return self._plans[day.template.id].minutes if day.template else 0

    def last_before(self, position: int) -> Session | None:
        """Return the last session of the years before a position."""
        earlier = (self.roll(each).sessions for each in reversed(range(position)))
        return next((each[-1] for each in earlier if each), None)

    def first_after(self, position: int) -> Held | None:
        """Return the first session of the years after a position."""
        later = range(position + 1, len(self.tables.school.years))
        return next((held for held in map(self._first, later) if held), None)

    def _held(self, position: int, index: int) -> Held:
        return self._hold(self.roll(position).sessions[index])

    def _first_held(self, position: int) -> Held | None:
        """Return the first session of a year; the days after it are not looked at."""
        days = staff_days(self.tables.school, self.tables.school.years[position])
        theirs = days if self.selection.is_staff else map(student_day, days)
        session = next(self._sessions(theirs), None)
        return self._hold(session) if session else None

    def _hold(self, session: Session) -> Held:
        return Held.by(session, self.bells(session.date, session.template))

    def _roll(self, position: int) -> Roll:
        """Return the roll of a year; before the first year it is empty."""
        if position < 0:
            return Roll()
        days = self.year(position).days
        school_days = (day.date for day in days if day.is_school_day)
        return Roll.of(tuple(self._sessions(days)), school_days)

    def _sessions(self, days: Iterable[Day]) -> Iterator[Session]:
        return disjoint(session for day in days for session in self._session(day))

    def _session(self, day: Day) -> Iterator[Session]:
        """Yield the session of a day, if it has one: from the first bell heard to the last."""
        if not day.is_school_day or day.year is None or day.template is None:
            return
        midnight = steady_midnight(day.date, self.tables.zone)
        if midnight is None:
            span = span_of(self.bells(day.date, day.template))
        else:
            span = self._plans[day.template.id].span(midnight)
        if span is not None:
            yield Session(day.date, *span, day.year, day.template)
