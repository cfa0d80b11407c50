"""A person's time, cut into stretches in which the answer for an instant stays the same.

Between two bells, two ends of bells and two midnights nothing changes but the clock. So what is
true of an instant is computed once for the stretch that holds it, and found by bisection. Stretches
are kept by the UTC date, on which no clock changes.
"""

import datetime as dt

from scheduling.calendar.attendance import Attendance
from scheduling.calendar.chapters import Chapters
from scheduling.calendar.keeping import keeping
from scheduling.calendar.stretches import Course, Stretch
from scheduling.calendar.tables import DATES_KEPT


class Timeline:
    """All of a person's time; a date of it is computed when it is first asked about, and kept."""

    def __init__(self, attendance: Attendance) -> None:
        self._attendance = attendance
        self._tables = attendance.tables
        self._chapters = Chapters(attendance)
        self.course = keeping(self._course, DATES_KEPT)

    def at(self, instant: dt.datetime) -> Stretch:
        """Return the stretch that holds an instant, which is in UTC."""
        return self.course(instant.toordinal()).at(instant)

    def _course(self, ordinal: int) -> Course:
        """Return the course of the UTC date of an ordinal; its first stretch may begin before."""
        date = dt.date.fromordinal(ordinal)
        first = dt.datetime.combine(date, dt.time.min, dt.UTC)
        last = dt.datetime.combine(date, dt.time.max, dt.UTC)
        starts: list[dt.datetime] = []
        stretches: list[Stretch] = []
        for position in range(self._tables.year_begun(first), self._tables.year_begun(last) + 1):
            roll = self._attendance.roll(position)
            for index in range(roll.ended(first), roll.ended(last) + 1):
                chapter = self._chapters.course(position, index)
                on = chapter.between(first, last)
                starts += chapter.starts[on]
                stretches += chapter.stretches[on]
        return Course(tuple(starts), tuple(stretches))
