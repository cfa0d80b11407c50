"""The calendar of one school: ask it about a date, a week, a year or an instant."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from zoneinfo import ZoneInfo

from scheduling.calendar.answers import DailySchedule, Now
from scheduling.calendar.bells import heard, ring, to_instant
from scheduling.calendar.days import Day, outside_year, staff_days, student_days
from scheduling.calendar.facts import School, Year, dates
from scheduling.calendar.minutes import InstructionalMinutes, instructional_minutes, year_minutes
from scheduling.calendar.sessions import Session, sessions
from scheduling.calendar.timeline import Era, Held, Timeline
from scheduling.calendar.tracks import Selection, own, select
from scheduling.calendar.weeks import (
    Numbers,
    Week,
    WeekNumbers,
    number_weeks,
    week_numbers,
    year_weeks,
)

PEOPLE_REMEMBERED = 64
"""How many people keep what was computed for them: callers combine tracks freely."""


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
    """What one school's facts say. A year is compiled when it is first asked about, and kept.

    Tracks are asked for by name. Everybody's periods (track `""`) are always among the person's;
    `none` asks for nothing else, `all` shows the other tracks' periods too, and `staff` makes
    school days the staff's.
    """

    def __init__(self, school: School) -> None:
        self.school = school
        self.zone = ZoneInfo(school.timezone)
        self._known_tracks = school.tracks
        self._starts = [year.start_date for year in school.years]
        self._midnights = [
            to_instant(start, dt.time.min, self.zone).timestamp() for start in self._starts
        ]
        self._positions = {year.id: position for position, year in enumerate(school.years)}
        self._table = cache(self._resolve)
        self._view = lru_cache(maxsize=PEOPLE_REMEMBERED)(partial(View, self))

    def seen_by(self, tracks: Iterable[str] = ()) -> "View":
        """Return the calendar as those on these tracks see it."""
        return self._view(select(tracks, self._known_tracks))

    def day(self, date: dt.date, tracks: Iterable[str] = ()) -> DailySchedule:
        """Return the daily schedule of `date`; without tracks it shows `all`."""
        return self.seen_by(tracks).day(date)

    def days(
        self, start: dt.date, end: dt.date, tracks: Iterable[str] = ()
    ) -> tuple[DailySchedule, ...]:
        """Return the daily schedules of `start`..`end`, both included."""
        view = self.seen_by(tracks)
        return tuple(view.day(date) for date in dates(start, end))

    def now(self, instant: dt.datetime, tracks: Iterable[str] = ()) -> Now:
        """Return what is on at an aware instant; without tracks, for everybody."""
        return self.seen_by(tracks).now(instant)

    def week_numbers(self, date: dt.date, tracks: Iterable[str] = ()) -> WeekNumbers:
        """Return the numbers of the week of `date`."""
        return self.seen_by(tracks).day(date).week

    def weeks(self, year: Year, tracks: Iterable[str] = ()) -> tuple[Week, ...]:
        """Return every calendar week that touches one of the school's years."""
        return self.seen_by(tracks).table(self._positions[year.id]).weeks()

    def instructional_minutes(self, year: Year, tracks: Iterable[str] = ()) -> InstructionalMinutes:
        """Return the minutes of one of the school's years; without tracks, everybody's."""
        view = self.seen_by(tracks)
        table = view.table(self._positions[year.id])
        return year_minutes(table.year, table.weeks(), table.days, view.minutes)

    def year_on(self, date: dt.date) -> int | None:
        """Return the position of the year that covers `date`."""
        position = bisect_right(self._starts, date) - 1
        covered = position >= 0 and self.school.years[position].covers(date)
        return position if covered else None

    def era_at(self, timestamp: float) -> int:
        """Return the position of the last year that has begun at an instant; -1 if none has."""
        return bisect_right(self._midnights, timestamp) - 1

    def table(self, position: int, *, is_staff: bool) -> YearTable:
        """Return the year at a position, resolved for the staff or for the students."""
        return self._table(position, is_staff)

    def _resolve(self, position: int, is_staff: bool) -> YearTable:
        year = self.school.years[position]
        days = staff_days(self.school, year)
        if not is_staff:
            days = student_days(days)
        return YearTable(year, days, number_weeks(self.school, year, days))


class View:
    """A school's calendar as some person has it: each answer is computed once, then looked up."""

    def __init__(self, calendar: Calendar, selection: Selection) -> None:
        self._calendar = calendar
        self._selection = selection
        self._schedules: dict[dt.date, DailySchedule] = {}
        self._timelines: dict[int, Timeline] = {}
        self._held = cache(self._compile_held)
        self.minutes = cache(self._minutes)

    def day(self, date: dt.date) -> DailySchedule:
        """Return the daily schedule of `date`."""
        known = self._schedules.get(date)
        if known is not None:
            return known
        position = self._calendar.year_on(date)
        if position is None:
            return self._schedule(outside_year(date), WeekNumbers())  # there are too many to keep
        table = self.table(position)
        day = table.on(date)
        self._schedules[date] = self._schedule(day, week_numbers(day, table.numbers))
        return self._schedules[date]

    def now(self, instant: dt.datetime) -> Now:
        """Return what is on at an aware instant."""
        if instant.tzinfo is None:
            raise ValueError("An instant needs a time zone.")
        at = instant.astimezone(dt.UTC)
        timestamp = at.timestamp()
        era = self._calendar.era_at(timestamp)
        timeline = self._timelines.get(era)
        if timeline is None:
            timeline = self._timelines[era] = self._era(era).timeline()
        return Now(self._calendar.school, at, timeline.at(timestamp))

    def table(self, position: int) -> YearTable:
        """Return the year at a position, with the person's school days."""
        return self._calendar.table(position, is_staff=self._selection.is_staff)

    def _schedule(self, day: Day, week: WeekNumbers) -> DailySchedule:
        bells = ring(self._selection.listed(day.template), day.date, self._calendar.zone)
        theirs = [bell for bell in heard(bells) if bell.period.track in self._selection.person]
        return DailySchedule(
            school=self._calendar.school,
            day=day,
            week=week,
            starts_at=min((bell.starts_at for bell in theirs), default=None),
            ends_at=max((bell.ends_at for bell in theirs), default=None),
            instructional_minutes=self.minutes(day),
            periods=bells,
        )

    def _minutes(self, day: Day) -> int:
        cap = self._calendar.school.passing_minutes_cap
        return instructional_minutes(own(day.template, self._selection.person), cap)

    def _era(self, position: int) -> Era:
        years = self._calendar.school.years
        earlier, later = reversed(range(position)), range(position + 1, len(years))
        last = next((self._held(each)[-1] for each in earlier if self._held(each)), None)
        first = next((self._held(each)[0] for each in later if self._held(each)), None)
        return Era(
            school=self._calendar.school,
            zone=self._calendar.zone,
            year=years[position] if position >= 0 else None,
            days=self.table(position).days if position >= 0 else (),
            held=self._held(position) if position >= 0 else (),
            before=last.session if last else None,
            after=first,
        )

    def _compile_held(self, position: int) -> Sequence[Held]:
        person, zone = self._selection.person, self._calendar.zone
        return [Held.by(person, zone, each) for each in self._sessions(position)]

    def _sessions(self, position: int) -> Iterable[Session]:
        return sessions(self.table(position).days, self._selection.person, self._calendar.zone)
