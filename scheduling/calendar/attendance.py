"""Attendance: when one person has school, year by year."""

import datetime as dt
from collections.abc import Iterable, Iterator
from uuid import UUID

from scheduling.calendar.bells import Bell, Span, heard, span_of
from scheduling.calendar.days import Day, staff_days, student_day
from scheduling.calendar.facts import Template
from scheduling.calendar.held import Held
from scheduling.calendar.keeping import keeping
from scheduling.calendar.plans import Plan, plan_of
from scheduling.calendar.routines import Routine, routine_of, steady_routine
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
        self._routine = keeping(self._routine_of)
        self._plan = keeping(self._plan_of)

    def year(self, position: int) -> YearTable:
        """Return the year at a position, with the person's school days."""
        if self.selection.is_staff:
            return self.tables.for_staff(position)
        return self.tables.for_students(position)

    def bells(self, date: dt.date, template: Template) -> tuple[Bell, ...]:
        """Return the bells of the person on a date, as far as they are heard."""
        return heard(self.selection.own(self.tables.bells(date, template.id)))

    def span(self, date: dt.date, template: Template) -> Span | None:
        """Return when the first bell of the person rings on a date, and when the last has ended."""
        midnight = self.tables.midnight(date)
        if midnight is None:
            return span_of(self.bells(date, template))
        return self._plan(template.id).span(midnight)

    def minutes(self, day: Day) -> int:
        """Return the minutes of instruction of a day."""
        return self._plan(day.template.id).minutes if day.template else 0

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
        """Return a session with its bells; it goes as always, if nothing has moved its start."""
        date, template = session.date, session.template.id
        bells, midnight = self.tables.bells(date, template), self.tables.midnight(date)
        if midnight is not None:
            as_always = self._routine(template)
            if midnight + as_always.times[0] == session.starts_at:
                return Held.by(session, bells, as_always, midnight)
        origin = session.starts_at
        return Held.by(session, bells, routine_of(bells, self.selection, origin, origin), origin)

    def _plan_of(self, template: UUID) -> Plan:
        cap = self.tables.school.passing_minutes_cap
        return plan_of(self.tables.hours(template), self.selection.person, cap)

    def _routine_of(self, template: UUID) -> Routine:
        return steady_routine(self.tables.hours(template), self.selection)

    def _roll(self, position: int) -> Roll:
        """Return the roll of a year; before the first year it is empty."""
        if position < 0:
            return Roll()
        days = self.year(position).days
        school_days = (day.date for day in days if day.is_school_day)
        return Roll.of(tuple(self._sessions(days)), school_days)

    def _sessions(self, days: Iterable[Day]) -> Iterator[Session]:
        return disjoint(session for day in days if (session := self._session(day)))

    def _session(self, day: Day) -> Session | None:
        """Return the session of a day, if it has one: from the first bell heard to the last."""
        if not day.is_school_day or day.year is None or day.template is None:
            return None
        span = self.span(day.date, day.template)
        return Session(day.date, *span, day.year, day.template) if span else None
