"""What one school's facts say to everybody: its years, resolved, and the bells of each date."""

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.calendar.bells import (
    Bell,
    Hours,
    hours_of,
    midnights,
    ring,
    ring_unsteadily,
    steady_midnight,
    to_instant,
)
from scheduling.calendar.days import Day, staff_days, student_day
from scheduling.calendar.facts import School, Year
from scheduling.calendar.keeping import keeping
from scheduling.calendar.tracks import in_order, is_staff_only
from scheduling.calendar.weeks import Numbers, Week, number_weeks, year_weeks

ALWAYS = dt.datetime.min.replace(tzinfo=dt.UTC)
NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)

DATES_KEPT = 800
"""How many dates are kept once computed: two years, as many as 400 dates in a row can touch."""


@dataclass(frozen=True, slots=True)
class YearTable:
    """A year resolved: the answers for its dates in order, and the numbers of its weeks."""

    year: Year
    days: tuple[Day, ...]
    numbers: Numbers

    def on(self, date: dt.date) -> Day:
        """Return the answer for a date of the year."""
        return self.days[(date - self.year.start_date).days]

    def weeks(self) -> tuple[Week, ...]:
        """Return every calendar week that touches the year, in order."""
        return tuple(year_weeks(self.year, self.days, self.numbers))


class Tables:
    """The years of a school, found by date or by instant, and resolved when first asked about.

    What is computed is kept and never changes, so threads may share it: at worst two of them
    compute the same thing, and one of the two results is kept. A year is named by its position.
    """

    def __init__(self, school: School) -> None:
        self.school = school
        self.zone = ZoneInfo(school.timezone)
        self._starts = [year.start_date for year in school.years]
        self._midnights = [to_instant(start, dt.time.min, self.zone) for start in self._starts]
        self._positions = {year.id: position for position, year in enumerate(school.years)}
        self.for_staff = keeping(self._for_staff)
        self.for_students = keeping(self._for_students)
        self.bells = keeping(self._bells, DATES_KEPT)
        self.midnight = keeping(self._steady_midnight, DATES_KEPT)
        self.hours = keeping(self._in_order)

    def position_of(self, year: Year) -> int:
        """Return the position of one of the school's years."""
        return self._positions[year.id]

    def year_on(self, date: dt.date) -> int | None:
        """Return the position of the year that covers `date`."""
        position = bisect_right(self._starts, date) - 1
        covered = position >= 0 and self.school.years[position].covers(date)
        return position if covered else None

    def year_begun(self, instant: dt.datetime) -> int:
        """Return the position of the last year that has begun at an instant; -1 if none has."""
        return bisect_right(self._midnights, instant) - 1

    def begins(self, position: int) -> dt.datetime:
        """Return when a year begins; before the first there has always been a summer."""
        if position < 0:
            return ALWAYS
        return self._midnights[position] if position < len(self._midnights) else NEVER

    def _for_staff(self, position: int) -> YearTable:
        """Return the year at a position, with the staff's school days."""
        year = self.school.years[position]
        days = tuple(staff_days(self.school, year))
        return YearTable(year, days, number_weeks(self.school, year, days))

    def _for_students(self, position: int) -> YearTable:
        """Return the year at a position, with the students' school days."""
        table = self.for_staff(position)
        if not any(map(is_staff_only, self.school.templates.values())):
            return table
        days = tuple(map(student_day, table.days))
        return YearTable(table.year, days, number_weeks(self.school, table.year, days))

    def _bells(self, date: dt.date, template: UUID) -> tuple[Bell, ...]:
        """Return every bell of a template on a date, on whatever track, in order."""
        hours, midnight = self.hours(template), self.midnight(date)
        if midnight is None:
            return ring_unsteadily(hours, date, self.zone)
        return ring(hours, date, midnight)

    def _in_order(self, template: UUID) -> tuple[Hours, ...]:
        return tuple(map(hours_of, in_order(self.school.templates[template].periods)))

    def _steady_midnight(self, date: dt.date) -> dt.datetime | None:
        """Return the instant at which a date begins, or None if the clock may change on it."""
        return steady_midnight(date, self.zone)

    def midnights(self, date: dt.date) -> tuple[dt.datetime, ...]:
        """Return the instants at which a date begins; there may be two."""
        midnight = self.midnight(date)
        return (midnight,) if midnight else tuple(midnights(date, self.zone))
