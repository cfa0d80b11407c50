"""Calendar weeks, Monday first, and their numbers in a quarter, a term and a year."""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from uuid import UUID

from scheduling.calendar.days import Day
from scheduling.calendar.facts import Quarter, School, Term, Year, by_date

DAYS_SINCE_MONDAY = [dt.timedelta(days=days) for days in range(7)]

Numbers = Mapping[UUID, Mapping[dt.date, int]]
"""For the id of each span of a year: the number of each week, by its Monday."""


@dataclass(frozen=True, slots=True)
class WeekNumbers:
    """The numbers of a date's week, from 1; `None` where there is no span or no number.

    Where semesters and trimesters run side by side, the term's number is the semester's.
    """

    quarter: int | None = None
    term: int | None = None
    year: int | None = None


one_object = cache(WeekNumbers)
"""Equal numbers are one object: a week's dates share it, and so do schools."""


@dataclass(frozen=True, slots=True)
class Week:
    """A calendar week of a year; `position` counts them all from 1, `number` those that count.

    Only its days inside the year are looked at. Its numbers in a quarter and a term are those of
    its first school day. `school_days` is a count.
    """

    position: int
    monday: dt.date
    number: int | None
    quarter_number: int | None
    term_number: int | None
    first_school_day: dt.date | None
    last_school_day: dt.date | None
    school_days: int

    def covers(self, date: dt.date) -> bool:
        """Return whether `date` is one of the week's seven days."""
        return monday_of(date) == self.monday


def monday_of(date: dt.date) -> dt.date:
    """Return the Monday on or before `date`."""
    return date - DAYS_SINCE_MONDAY[date.weekday()]


def number_weeks(school: School, year: Year, days: Sequence[Day]) -> Numbers:
    """Number the weeks of the year and of each of its terms and quarters, densely from 1.

    A week counts in a span if one of the span's dates in it is a school day, or one of the
    school's weekdays in a break that `counts_weeks`.
    """
    paid = by_date([each for each in year.breaks if each.counts_weeks], year)
    counted = [
        day.date
        for day, its_break in zip(days, paid, strict=True)
        if day.is_school_day or (its_break and day.date.weekday() in school.weekdays)
    ]
    mondays = [monday_of(date) for date in counted]
    quarters = [quarter for term in year.terms for quarter in term.quarters]
    spans: list[Year | Term | Quarter] = [year, *year.terms, *quarters]
    return {
        span.id: _number(
            mondays[bisect_left(counted, span.start_date) : bisect_right(counted, span.end_date)]
        )
        for span in spans
    }


def _number(mondays: Iterable[dt.date]) -> dict[dt.date, int]:
    return {monday: number for number, monday in enumerate(dict.fromkeys(mondays), start=1)}


def week_numbers(day: Day, numbers: Numbers) -> WeekNumbers:
    """Return the numbers of the week of `day`, whatever kind of day it is."""
    monday = monday_of(day.date)
    term = min(day.terms, key=lambda each: not each.is_semester, default=None)
    return one_object(
        numbers[day.quarter.id].get(monday) if day.quarter else None,
        numbers[term.id].get(monday) if term else None,
        numbers[day.year.id].get(monday) if day.year else None,
    )


def year_weeks(year: Year, days: Sequence[Day], numbers: Numbers) -> Iterator[Week]:
    """Yield every calendar week that touches the year, in order."""
    weeks = groupby(days, key=lambda day: monday_of(day.date))
    for position, (monday, week) in enumerate(weeks, start=1):
        open_days = [day for day in week if day.is_school_day]
        first = week_numbers(open_days[0], numbers) if open_days else WeekNumbers()
        yield Week(
            position=position,
            monday=monday,
            number=numbers[year.id].get(monday),
            quarter_number=first.quarter,
            term_number=first.term,
            first_school_day=open_days[0].date if open_days else None,
            last_school_day=open_days[-1].date if open_days else None,
            school_days=len(open_days),
        )
