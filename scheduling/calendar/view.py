"""A school's calendar as some person has it."""

import datetime as dt

from scheduling.calendar.answers import DailySchedule, Now
from scheduling.calendar.attendance import Attendance
from scheduling.calendar.days import outside_year
from scheduling.calendar.keeping import keeping
from scheduling.calendar.minutes import InstructionalMinutes, year_minutes
from scheduling.calendar.tables import DATES_KEPT, Tables
from scheduling.calendar.timeline import Timeline
from scheduling.calendar.tracks import Selection
from scheduling.calendar.weeks import Week, WeekNumbers, week_numbers


class View:
    """Each answer is computed when it is first asked for, then looked up."""

    def __init__(self, tables: Tables, selection: Selection) -> None:
        self._tables = tables
        self._attendance = Attendance(tables, selection)
        self._timeline = Timeline(self._attendance)
        self._on = keeping(self._schedule, DATES_KEPT)

    def day(self, date: dt.date) -> DailySchedule:
        """Return the daily schedule of `date`."""
        return self._on(date.toordinal())

    def days(self, start: dt.date, end: dt.date) -> tuple[DailySchedule, ...]:
        """Return the daily schedules of `start`..`end`, both included."""
        return tuple(map(self._on, range(start.toordinal(), end.toordinal() + 1)))

    def now(self, instant: dt.datetime) -> Now:
        """Return what is on at an aware instant."""
        if instant.tzinfo is None:
            raise ValueError("An instant needs a time zone.")
        at = instant.astimezone(dt.UTC)
        return Now(self._tables.school, at, self._timeline.at(at))

    def weeks(self, position: int) -> tuple[Week, ...]:
        """Return every calendar week that touches the year at a position."""
        return self._attendance.year(position).weeks()

    def instructional_minutes(self, position: int) -> InstructionalMinutes:
        """Return the minutes of the year at a position."""
        table = self._attendance.year(position)
        return year_minutes(table.year, table.weeks(), table.days, self._attendance.minutes)

    def _schedule(self, ordinal: int) -> DailySchedule:
        date = dt.date.fromordinal(ordinal)
        position = self._tables.year_on(date)
        if position is None:
            return self._outside(date)
        table = self._attendance.year(position)
        day = table.on(date)
        bells = self._tables.bells(date, day.template.id) if day.template else ()
        span = self._attendance.span(date, day.template) if day.template else None
        return DailySchedule(
            school=self._tables.school,
            day=day,
            week=week_numbers(day, table.numbers),
            starts_at=span[0] if span else None,
            ends_at=span[1] if span else None,
            instructional_minutes=self._attendance.minutes(day),
            periods=self._attendance.selection.listed(bells),
        )

    def _outside(self, date: dt.date) -> DailySchedule:
        """Return the daily schedule of a date that no year covers: nothing is known of it."""
        return DailySchedule(
            school=self._tables.school,
            day=outside_year(date),
            week=WeekNumbers(),
            starts_at=None,
            ends_at=None,
            instructional_minutes=0,
            periods=(),
        )
