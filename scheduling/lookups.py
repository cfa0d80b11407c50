"""Reads that clients ask for all day long: of one committed state each, and cached where they last.

A lookup that is cached takes `shape`, which turns the answer into what JSON has: that is what is
kept, so a read from the cache computes nothing and no cache ever holds an object of ours.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.cache import cached, revision_token
from core.models.abstracts import problem
from scheduling import cache_keys
from scheduling.calendar import facts
from scheduling.calendar.answers import DailySchedule, Now
from scheduling.calendar.calendar import Calendar
from scheduling.calendar.days import Day, Reason
from scheduling.calendar.minutes import DayMinutes, SpanMinutes
from scheduling.calendar.weeks import Week, WeekNumbers
from scheduling.models import School
from scheduling.models.calendar_rows import calendar_of

AnswerT = TypeVar("AnswerT")

TRIES = 5
"""How often rows that a write has overtaken are read again."""

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


def today(school: School) -> dt.date:
    """Return the date on the school's calendar at this moment."""
    return _date_at(school, timezone.now())


def daily_schedule(
    school: School,
    date: dt.date,
    tracks: Iterable[str],
    shape: Callable[[DailySchedule], AnswerT],
) -> AnswerT:
    """Return the daily schedule of a date, shaped."""
    asked = sorted(set(tracks))
    return cached(
        school.pk,
        cache_keys.key("daily_schedule", date=date, tracks=_digest(asked)),
        lambda: shape(_calendar(school, date, date).day(date, asked)),
    )


def quarter_for_date(
    school: School, date: dt.date, shape: Callable[[QuarterForDate], AnswerT]
) -> AnswerT:
    """Return the quarter of a date, or why it has none, shaped."""
    return cached(
        school.pk,
        cache_keys.key("quarter_answer", date=date),
        lambda: shape(_quarter_on(_calendar(school, date, date).day(date))),
    )


def days(
    school: School, start: dt.date, end: dt.date, tracks: Iterable[str]
) -> tuple[DailySchedule, ...]:
    """Return the daily schedules of `start`..`end`, both included."""
    return _calendar(school, start, end).days(start, end, tracks)


def now(school: School, instant: dt.datetime, tracks: Iterable[str]) -> Now:
    """Return what is on at an aware instant.

    The years beside the instant's may have no bells, as when a school was closed for a year:
    then all years are asked.
    """
    date = _date_at(school, instant)
    calendar = _calendar(school, date, date)
    answer = calendar.now(instant, tracks)
    is_bounded = answer.previous_school_day and answer.next_school_day
    if is_bounded or len(calendar.school.years) == school.academic_years.count():
        return answer
    return _whole_calendar(school).now(instant, tracks)


def weeks(school: School, year: YearAsked, tracks: Iterable[str]) -> YearWeeks:
    """Return every calendar week of a year.

    Raises ValidationError, keyed `academic_year`, if the school has no year of the id.
    """
    calendar = _whole_calendar(school)
    found = _year(calendar, year)
    return YearWeeks(calendar.school, found, calendar.weeks(found, tracks) if found else ())


def instructional_minutes(school: School, year: YearAsked, tracks: Iterable[str]) -> YearMinutes:
    """Return the instructional minutes of a year; without tracks, everybody's.

    Raises ValidationError, keyed `academic_year`, if the school has no year of the id.
    """
    calendar = _whole_calendar(school)
    found = _year(calendar, year)
    if found is None:
        return YearMinutes(calendar.school, None)
    held = calendar.instructional_minutes(found, tracks)
    return YearMinutes(calendar.school, held.year, held.terms, held.quarters, held.weeks, held.days)


def _year(calendar: Calendar, asked: YearAsked) -> facts.Year | None:
    years = calendar.school.years
    if isinstance(asked, dt.date):
        ahead = (year for year in years if year.end_date >= asked)
        return next(ahead, years[-1] if years else None)
    for year in years:
        if year.id == asked:
            return year
    raise problem("academic_year", _("The school has no academic year of this id."), "not_found")


def _date_at(school: School, instant: dt.datetime) -> dt.date:
    return instant.astimezone(ZoneInfo(school.timezone)).date()


def _calendar(school: School, start: dt.date, end: dt.date) -> Calendar:
    """Return the calendar around `start`..`end`, from rows of one committed state.

    The caller's row may be older than the rows below it: if the token has moved, all are read
    again. A calendar of two states might name a bell schedule that is gone.
    """
    calendar = calendar_of(school, start, end)
    for _try in range(TRIES):
        if revision_token(school.pk) == school.revision_token:
            break
        school.refresh_from_db()
        calendar = calendar_of(school, start, end)
    return calendar


def _whole_calendar(school: School) -> Calendar:
    """Return the calendar of all years."""
    return _calendar(school, dt.date.min, dt.date.max)


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
