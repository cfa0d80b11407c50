"""The calendar of one school: ask it about a date, a week, a year or an instant."""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache, partial

from scheduling.calendar.answers import DailySchedule, Now
from scheduling.calendar.facts import School, Year
from scheduling.calendar.keeping import keeping
from scheduling.calendar.minutes import InstructionalMinutes
from scheduling.calendar.tables import Tables
from scheduling.calendar.tracks import select
from scheduling.calendar.view import View
from scheduling.calendar.weeks import Week, WeekNumbers

PEOPLE_REMEMBERED = 64
"""How many people keep what was computed for them: callers combine tracks freely."""


class Calendar:
    """What one school's facts say, computed as far as it is asked about, and kept.

    Tracks are asked for by name. Everybody's periods (track `""`) are always among the person's;
    `none` asks for nothing else, `all` shows the other tracks' periods too, and `staff` makes
    school days the staff's.

    Threads may share a calendar: what it keeps follows from its facts alone.
    """

    def __init__(self, school: School) -> None:
        self.school = school
        self._tables = Tables(school)
        self.zone = self._tables.zone
        self._known_tracks = school.tracks
        self._view = lru_cache(maxsize=PEOPLE_REMEMBERED)(partial(View, self._tables))
        self._asked = keeping(self._select, PEOPLE_REMEMBERED)

    def seen_by(self, tracks: Iterable[str] = ()) -> View:
        """Return the calendar as those on these tracks see it."""
        return self._asked(tuple(tracks))

    def day(self, date: dt.date, tracks: Iterable[str] = ()) -> DailySchedule:
        """Return the daily schedule of `date`; without tracks it shows `all`."""
        return self.seen_by(tracks).day(date)

    def days(
        self, start: dt.date, end: dt.date, tracks: Iterable[str] = ()
    ) -> tuple[DailySchedule, ...]:
        """Return the daily schedules of `start`..`end`, both included."""
        return self.seen_by(tracks).days(start, end)

    def now(self, instant: dt.datetime, tracks: Iterable[str] = ()) -> Now:
        """Return what is on at an aware instant; without tracks, for everybody."""
        return self.seen_by(tracks).now(instant)

    def week_numbers(self, date: dt.date, tracks: Iterable[str] = ()) -> WeekNumbers:
        """Return the numbers of the week of `date`."""
        return self.seen_by(tracks).day(date).week

    def weeks(self, year: Year, tracks: Iterable[str] = ()) -> tuple[Week, ...]:
        """Return every calendar week that touches one of the school's years."""
        return self.seen_by(tracks).weeks(self._tables.position_of(year))

    def instructional_minutes(self, year: Year, tracks: Iterable[str] = ()) -> InstructionalMinutes:
        """Return the minutes of one of the school's years; without tracks, everybody's."""
        return self.seen_by(tracks).instructional_minutes(self._tables.position_of(year))

    def _select(self, asked: tuple[str, ...]) -> View:
        return self._view(select(asked, self._known_tracks))
