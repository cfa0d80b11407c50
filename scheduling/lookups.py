"""Reads that clients ask for all day long: of one committed state each, and cached where they last.

Each answer comes with the token of the state that it shows. A lookup that is cached takes `render`,
which turns the answer into the bytes of a body: that is what is kept, so a read from the cache
computes nothing and no cache ever holds an object of ours.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from core.cache import Answer, remembered
from core.models.abstracts import problem
from core.revision import is_revising
from scheduling import cache_keys, states
from scheduling.calendar import facts
from scheduling.calendar.answers import DailySchedule, Now
from scheduling.calendar.calendar import Calendar
from scheduling.calendar.days import Day, Reason
from scheduling.calendar.minutes import DayMinutes, SpanMinutes
from scheduling.calendar.weeks import Week, WeekNumbers
from scheduling.calendars import calendar_around
from scheduling.models.calendar_rows import Loaded
from scheduling.states import SchoolState

T = TypeVar("T")

Shown = tuple[UUID | None, T]
"""An answer, and the token of the state that it shows; None if it may be of several."""

QuarterReason = Reason | Literal["no_quarter"]

YearAsked = UUID | dt.date
"""A year by its id, or the one around a date: it holds the date, or is the next, or the last."""


@dataclass(frozen=True, slots=True)
class QuarterForDate:
    """The quarter of a date, if it has one, with its term and the numbers of its week.

    `reason` is the date's own, or `no_quarter` where the calendar knows the date's term, or has
    no terms at all, but no quarter: in a trimester, or on a day between two quarters.
    """

    school: facts.School
    date: dt.date
    quarter: facts.Quarter | None
    term: facts.Term | None
    week: WeekNumbers
    reason: QuarterReason


@dataclass(frozen=True, slots=True)
class YearWeeks:
    """Every calendar week of an academic year; a school without years has neither."""

    school: facts.School
    academic_year: facts.Year | None
    weeks: tuple[Week, ...] = ()


@dataclass(frozen=True, slots=True)
class YearMinutes:
    """A person's instructional minutes of an academic year; a school without years has none."""

    school: facts.School
    academic_year: SpanMinutes[facts.Year] | None
    terms: tuple[SpanMinutes[facts.Term], ...] = ()
    quarters: tuple[SpanMinutes[facts.Quarter], ...] = ()
    weeks: tuple[SpanMinutes[Week], ...] = ()
    days: tuple[DayMinutes, ...] = ()


def today(school: SchoolState) -> dt.date:
    """Return the date on the school's calendar now, or at the moment of its past state."""
    return school.date_at(school.now())


def end_of(date: dt.date, school: SchoolState) -> float:
    """Return when a date ends at the school, as a Unix time."""
    return states.end_of(date, ZoneInfo(school.timezone)).timestamp()


def daily_schedule(
    school: SchoolState,
    date: dt.date,
    tracks: Iterable[str],
    render: Callable[[DailySchedule], bytes],
) -> Answer:
    """Return the daily schedule of a date."""
    asked = sorted(set(tracks))
    name = cache_keys.key("daily_schedule", date=date, tracks=_digest(asked))
    return _remembered(school, name, date, lambda calendar: render(calendar.day(date, asked)))


def quarter_for_date(
    school: SchoolState, date: dt.date, render: Callable[[QuarterForDate], bytes]
) -> Answer:
    """Return the quarter of a date, or why it has none."""
    name = cache_keys.key("quarter_answer", date=date)
    return _remembered(school, name, date, lambda calendar: render(_quarter_on(calendar.day(date))))


def days(
    school: SchoolState, start: dt.date, end: dt.date, tracks: Iterable[str]
) -> Shown[tuple[DailySchedule, ...]]:
    """Return the daily schedules of `start`..`end`, both included."""
    loaded = calendar_around(school, start, end)
    return loaded.token, loaded.calendar.days(start, end, tracks)


def now(school: SchoolState, instant: dt.datetime, tracks: Iterable[str]) -> Shown[Now]:
    """Return what is on at an aware instant.

    The years beside the instant's may have no bells, as when a school was closed for a year:
    then all years are asked.
    """
    date = school.date_at(instant)
    loaded = calendar_around(school, date, date)
    answer = loaded.calendar.now(instant, tracks)
    if loaded.is_whole or (answer.previous_school_day and answer.next_school_day):
        return loaded.token, answer
    loaded = whole_calendar(school)
    return loaded.token, loaded.calendar.now(instant, tracks)


def weeks(school: SchoolState, year: YearAsked, tracks: Iterable[str]) -> Shown[YearWeeks]:
    """Return every calendar week of a year.

    Raises ValidationError, keyed `academic_year`, if the school has no year of the id.
    """
    loaded = whole_calendar(school)
    calendar = loaded.calendar
    found = asked_year(calendar, year)
    held = calendar.weeks(found, tracks) if found else ()
    return loaded.token, YearWeeks(calendar.school, found, held)


def instructional_minutes(
    school: SchoolState, year: YearAsked, tracks: Iterable[str]
) -> Shown[YearMinutes]:
    """Return the instructional minutes of a year; without tracks, everybody's.

    Raises ValidationError, keyed `academic_year`, if the school has no year of the id.
    """
    loaded = whole_calendar(school)
    calendar = loaded.calendar
    found = asked_year(calendar, year)
    if found is None:
        return loaded.token, YearMinutes(calendar.school, None)
    held = calendar.instructional_minutes(found, tracks)
    return loaded.token, YearMinutes(
        calendar.school, held.year, held.terms, held.quarters, held.weeks, held.days
    )


def asked_year(calendar: Calendar, asked: YearAsked) -> facts.Year | None:
    """Return the year that is asked for; None of a school without years.

    Raises ValidationError, keyed `academic_year`, if the school has no year of the id.
    """
    years = calendar.school.years
    if isinstance(asked, dt.date):
        ahead = (year for year in years if year.end_date >= asked)
        return next(ahead, years[-1] if years else None)
    for year in years:
        if year.id == asked:
            return year
    raise problem("academic_year", _("The school has no academic year of this id."), "not_found")


def _remembered(
    school: SchoolState, name: str, date: dt.date, render: Callable[[Calendar], bytes]
) -> Answer:
    """Return the answer that is kept under a name, or else render it from the calendar."""

    def fill() -> Answer:
        loaded = calendar_around(school, date, date)
        return loaded.token, render(loaded.calendar)

    return fill() if is_revising(school.id) else remembered(school.token, name, fill)


def whole_calendar(school: SchoolState) -> Loaded:
    """Return the calendar of all years."""
    return calendar_around(school, dt.date.min, dt.date.max)


def _digest(tracks: Iterable[str]) -> str:
    """Name a set of tracks in few letters: callers may ask for many, a key has its limits."""
    return blake2b(",".join(tracks).encode(), digest_size=16).hexdigest()


def _quarter_on(schedule: DailySchedule) -> QuarterForDate:
    day = schedule.day
    return QuarterForDate(
        school=schedule.school,
        date=day.date,
        quarter=day.quarter,
        term=min(day.terms, key=lambda each: not each.is_semester, default=None),
        week=schedule.week,
        reason="no_quarter" if day.quarter is None and _has_its_term(day) else day.reason,
    )


def _has_its_term(day: Day) -> bool:
    """Return whether a date in a year is in one of its terms, as far as it has terms."""
    return day.year is not None and bool(day.terms or not day.year.terms)
