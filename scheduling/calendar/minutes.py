"""Instructional minutes: how long school is held, by day, week, quarter, term and year."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from scheduling.calendar.days import Day
from scheduling.calendar.facts import Period, Quarter, Term, Year
from scheduling.calendar.weeks import Week

INSTRUCTIONAL_TYPES = frozenset({"class", "advisory", "exam"})

SpanT = TypeVar("SpanT", Year, Term, Quarter, Week)


@dataclass(frozen=True, slots=True)
class DayMinutes:
    """The minutes of one school day."""

    date: dt.date
    minutes: int


@dataclass(frozen=True, slots=True)
class SpanMinutes(Generic[SpanT]):
    """The minutes of a week, quarter, term or year, and how many school days they are from."""

    span: SpanT
    minutes: int
    school_days: int


@dataclass(frozen=True, slots=True)
class InstructionalMinutes:
    """A person's minutes of a year: `days` are its school days, the rest are sums of them."""

    year: SpanMinutes[Year]
    terms: tuple[SpanMinutes[Term], ...]
    quarters: tuple[SpanMinutes[Quarter], ...]
    weeks: tuple[SpanMinutes[Week], ...]
    days: tuple[DayMinutes, ...]


def instructional_minutes(periods: Sequence[Period], cap: int) -> int:
    """Return the minutes of a person who has these periods on a day.

    Class, advisory and exam count in full, and so do up to `cap` minutes of the passing after
    one of them, if the person's day goes on with any later period.
    """
    last_start = max((period.start for period in periods), default=dt.time.min)
    return sum(
        period.length + (min(period.passing, cap) if period.end <= last_start else 0)
        for period in periods
        if period.type in INSTRUCTIONAL_TYPES
    )


def year_minutes(
    year: Year, weeks: Iterable[Week], days: Iterable[Day], minutes_of: Callable[[Day], int]
) -> InstructionalMinutes:
    """Add up what `minutes_of` says of each school day among `days`."""
    held = tuple(DayMinutes(day.date, minutes_of(day)) for day in days if day.is_school_day)

    return InstructionalMinutes(
        year=_total(year, held),
        terms=tuple(_total(term, held) for term in year.terms),
        quarters=tuple(_total(each, held) for term in year.terms for each in term.quarters),
        weeks=tuple(_total(week, held) for week in weeks),
        days=held,
    )


def _total(span: SpanT, held: Sequence[DayMinutes]) -> SpanMinutes[SpanT]:
    minutes = [day.minutes for day in held if span.covers(day.date)]
    return SpanMinutes(span, sum(minutes), len(minutes))
