"""The calendar of one school: ask it about a date, a week, a year or an instant."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from zoneinfo import ZoneInfo

from scheduling.calendar import clock
from scheduling.calendar.answers import DailySchedule, Now
from scheduling.calendar.bells import heard, ring
from scheduling.calendar.days import Day, outside_year, staff_days, student_days
from scheduling.calendar.facts import School, Year, dates
from scheduling.calendar.minutes import InstructionalMinutes, instructional_minutes, year_minutes
from scheduling.calendar.sessions import Session, Timeline, count_left, sessions
from scheduling.calendar.tracks import STAFF, Selection, own, select
from scheduling.calendar.weeks import (
    Numbers,
    Week,
    WeekNumbers,
    number_weeks,
    week_numbers,
    year_weeks,
)

PEOPLE_REMEMBERED = 64
"""How many pairs of a year and a person keep their sessions: callers combine tracks freely."""


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


class Calendar:
    """What one school's facts say. A year is resolved when it is first asked about, and kept.

    Tracks are asked for by name. Everybody's periods (track `""`) are always among the person's;
    `none` asks for nothing else, `all` shows the other tracks' periods too, and `staff` makes
    school days the staff's.
    """

    def __init__(self, school: School) -> None:
        self.school = school
        self.zone = ZoneInfo(school.timezone)
        self._known_tracks = school.tracks
        self._starts = [year.start_date for year in school.years]
        self._positions = {year.id: position for position, year in enumerate(school.years)}
        self._table = cache(self._resolve)
        self._sessions = lru_cache(maxsize=PEOPLE_REMEMBERED)(self._compile_sessions)

    def day(self, date: dt.date, tracks: Iterable[str] = ()) -> DailySchedule:
        """Return the daily schedule of `date`; without tracks it shows `all`."""
        return self._schedule(date, self._select(tracks))

    def days(
        self, start: dt.date, end: dt.date, tracks: Iterable[str] = ()
    ) -> tuple[DailySchedule, ...]:
        """Return the daily schedules of `start`..`end`, both included."""
        selection = self._select(tracks)
        return tuple(self._schedule(date, selection) for date in dates(start, end))

    def week_numbers(self, date: dt.date, tracks: Iterable[str] = ()) -> WeekNumbers:
        """Return the numbers of the week of `date`."""
        table = self._table_on(date, is_staff=self._select(tracks).is_staff)
        return week_numbers(table.on(date), table.numbers) if table else WeekNumbers()

    def weeks(self, year: Year, tracks: Iterable[str] = ()) -> tuple[Week, ...]:
        """Return every calendar week that touches one of the school's years."""
        return self._table(self._positions[year.id], self._select(tracks).is_staff).weeks()

    def instructional_minutes(self, year: Year, tracks: Iterable[str] = ()) -> InstructionalMinutes:
        """Return the minutes of one of the school's years; without tracks, everybody's."""
        selection = self._select(tracks)
        table = self._table(self._positions[year.id], selection.is_staff)
        minutes_of = partial(self._minutes, person=selection.person)
        return year_minutes(table.year, table.weeks(), table.days, minutes_of)

    def now(self, instant: dt.datetime, tracks: Iterable[str] = ()) -> Now:
        """Return what is on at an aware instant; without tracks, for everybody."""
        if instant.tzinfo is None:
            raise ValueError("An instant needs a time zone.")
        return self._now(instant.astimezone(dt.UTC), self._select(tracks).person)

    def _now(self, at: dt.datetime, person: frozenset[str]) -> Now:
        local_time = at.astimezone(self.zone)
        today = local_time.date()
        timeline = Timeline(self._starts, partial(self._sessions, person=person))
        session = timeline.under_way(at, today)
        previous, following = timeline.last_ended(at, today), timeline.first_ahead(at, today)
        bells = session.bells(person, self.zone) if session else ()
        later = following.bells(person, self.zone) if following else ()
        return Now(
            school=self.school,
            at=at,
            local_time=local_time,
            interval=clock.inside(session, bells, at)
            if session
            else clock.gap(previous, following, today, self.school.weekdays),
            next_period=clock.next_bell(bells, at) or clock.next_bell(later, at),
            next_school_day=following,
            previous_school_day=previous,
            school_days_left=self._school_days_left(at, today, person),
        )

    def _school_days_left(self, at: dt.datetime, today: dt.date, person: frozenset[str]) -> int:
        position = self._position_on(today)
        if position is None:
            return 0
        days = self._table(position, STAFF in person).days
        return count_left(days, self._sessions(position, person=person), at, today)

    def _schedule(self, date: dt.date, selection: Selection) -> DailySchedule:
        table = self._table_on(date, is_staff=selection.is_staff)
        day = table.on(date) if table else outside_year(date)
        bells = ring(selection.listed(day.template), date, self.zone)
        theirs = [bell for bell in heard(bells) if bell.period.track in selection.person]
        return DailySchedule(
            school=self.school,
            day=day,
            week=week_numbers(day, table.numbers) if table else WeekNumbers(),
            starts_at=min((bell.starts_at for bell in theirs), default=None),
            ends_at=max((bell.ends_at for bell in theirs), default=None),
            instructional_minutes=self._minutes(day, selection.person),
            periods=bells,
        )

    def _minutes(self, day: Day, person: frozenset[str]) -> int:
        return instructional_minutes(own(day.template, person), self.school.passing_minutes_cap)

    def _select(self, tracks: Iterable[str]) -> Selection:
        return select(tracks, self._known_tracks)

    def _position_on(self, date: dt.date) -> int | None:
        position = bisect_right(self._starts, date) - 1
        covered = position >= 0 and self.school.years[position].covers(date)
        return position if covered else None

    def _table_on(self, date: dt.date, *, is_staff: bool) -> YearTable | None:
        position = self._position_on(date)
        return None if position is None else self._table(position, is_staff)

    def _resolve(self, position: int, is_staff: bool) -> YearTable:
        year = self.school.years[position]
        days = staff_days(self.school, year)
        if not is_staff:
            days = student_days(days)
        return YearTable(year, days, number_weeks(self.school, year, days))

    def _compile_sessions(self, position: int, person: frozenset[str]) -> tuple[Session, ...]:
        return tuple(sessions(self._table(position, STAFF in person).days, person, self.zone))
