"""School years around today, with terms, quarters and breaks by the rules that US schools go by.

A usual year begins on the second Wednesday of August and ends on the first Thursday of June. The
demo has to show something on every day it is tried, so in the summer its years are laid otherwise:
seen from June they end on June 30, as in the Northeast; seen from July or August they begin on
July 1, as where school is held all year round. So today lies in a year, whichever day it is.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from scheduling.importers.bell_schedules import YearSpan

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def nth(year: int, month: int, weekday: int, count: int) -> dt.date:
    """Return the first, second, ... such weekday of a month."""
    first = dt.date(year, month, 1)
    return first + dt.timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))


def after(date: dt.date, days: int) -> dt.date:
    """Return the date so many days later; a negative number is so many days earlier."""
    return date + dt.timedelta(days=days)


@dataclass(frozen=True, slots=True)
class SchoolYear(YearSpan):
    """A school year from one summer to the next: it holds Labor Day and Memorial Day."""

    @property
    def fall(self) -> int:
        """The calendar year in which it begins."""
        return self.start_date.year

    @property
    def spring(self) -> int:
        """The calendar year in which it ends."""
        return self.fall + 1

    @property
    def thanksgiving(self) -> dt.date:
        """The fourth Thursday of November."""
        return nth(self.fall, 11, THU, 4)

    @property
    def winter_break(self) -> dt.date:
        """The Monday of the week of Christmas; the week begins on Sunday."""
        christmas = dt.date(self.fall, 12, 25)
        return after(christmas, -((christmas.weekday() + 1) % 7) + 1)

    @property
    def spring_break(self) -> dt.date:
        """The third Monday of March."""
        return nth(self.spring, 3, MON, 3)

    @property
    def second_semester(self) -> dt.date:
        """A Tuesday: the teachers come back from the winter break a day before."""
        return after(self.winter_break, 15)

    @property
    def last_weekdays(self) -> list[dt.date]:
        """The last three days from Monday to Friday, in order."""
        days = (after(self.end_date, -back) for back in range(5))
        return sorted(islice((day for day in days if day.weekday() < SAT), 3))


def school_years(today: dt.date) -> tuple[SchoolYear, SchoolYear, SchoolYear]:
    """Return the last, this and the next school year; `today` lies in the second."""
    fall = today.year if today >= _usual_start(today.year) else today.year - 1
    starts_in_july = today.month > 6 and today < _usual_start(today.year)
    ends_late = today.month == 6 and today > _usual_end(today.year)
    fall += starts_in_july
    last, this, following = (
        SchoolYear(
            f"{each}-{each + 1}",
            dt.date(each, 7, 1) if starts_in_july else _usual_start(each),
            dt.date(each + 1, 6, 30) if ends_late else _usual_end(each + 1),
        )
        for each in (fall - 1, fall, fall + 1)
    )
    return last, this, following


def breaks(year: SchoolYear) -> list[dict[str, Any]]:
    """Return the breaks of the year, by date; each lies inside it and none meets another."""
    return [
        {
            "name": name,
            "kind": kind,
            "start_date": start.isoformat(),
            "end_date": after(start, days - 1).isoformat(),
        }
        for name, kind, start, days in _breaks(year)
        if year.start_date <= start <= year.end_date
    ]


def terms(year: SchoolYear, *, reports: bool) -> list[dict[str, Any]]:
    """Return both semesters with their quarters, which say when reports are due if asked to."""
    fall_holiday = nth(year.fall, 10, MON, 2)
    first = (year.start_date, after(fall_holiday, -3), after(fall_holiday, 1))
    second = (year.second_semester, after(year.spring_break, -3), after(year.spring_break, 7))
    return [
        _semester(1, (*first, after(year.winter_break, -3)), year if reports else None),
        _semester(2, (*second, year.end_date), year if reports else None),
    ]


def _usual_start(fall: int) -> dt.date:
    return nth(fall, 8, WED, 2)


def _usual_end(spring: int) -> dt.date:
    return nth(spring, 6, THU, 1)


def _breaks(year: SchoolYear) -> Iterator[tuple[str, str, dt.date, int]]:
    """Yield the name, kind, first day and number of days of whatever a long year would have."""
    fall, spring = year.fall, year.spring
    yield "Independence Day", "holiday", _observed(dt.date(fall, 7, 4)), 1
    yield "Labor Day", "holiday", nth(fall, 9, MON, 1), 1
    yield "Indigenous Peoples' Day", "holiday", nth(fall, 10, MON, 2), 1
    yield "Thanksgiving break", "vacation", after(year.thanksgiving, -1), 3
    yield "Winter break", "vacation", year.winter_break, 12
    yield "Teacher workday", "staff_day", after(year.second_semester, -1), 1
    yield "Martin Luther King Jr. Day", "holiday", nth(spring, 1, MON, 3), 1
    yield "Presidents' Day", "holiday", nth(spring, 2, MON, 3), 1
    yield "Spring break", "vacation", year.spring_break, 5
    yield "Memorial Day", "holiday", after(nth(spring, 6, MON, 1), -7), 1
    yield "Juneteenth", "holiday", _observed(dt.date(spring, 6, 19)), 1


def _observed(holiday: dt.date) -> dt.date:
    """Return the weekday on which a holiday is kept."""
    return after(holiday, {SAT: -1, SUN: 1}.get(holiday.weekday(), 0))


def _semester(
    number: int, bounds: tuple[dt.date, dt.date, dt.date, dt.date], reported: SchoolYear | None
) -> dict[str, Any]:
    start, middle, restart, end = bounds
    spans = {2 * number - 1: (start, middle), 2 * number: (restart, end)}
    return {
        "term_type": f"SEM{number}",
        "name": f"Semester {number}",
        "start_date": start.isoformat(),
        "end_date": end.isoformat(),
        "quarters": [
            {
                "quarter_type": f"Q{quarter}",
                "start_date": first.isoformat(),
                "end_date": last.isoformat(),
                **({"metadata": _reports(reported, last)} if reported else {}),
            }
            for quarter, (first, last) in spans.items()
        ],
    }


def _reports(year: SchoolYear, end: dt.date) -> dict[str, Any]:
    """Return when grades and reports of a quarter are due: on working days after its end."""
    working_days = list(islice(_working_days(year, after(end, 1)), 6))
    due = {"grades_due": 2, "reports_due": 4, "publish_date": 6}
    return {"reporting_dates": {name: working_days[nr - 1].isoformat() for name, nr in due.items()}}


def _working_days(year: SchoolYear, first: dt.date) -> Iterator[dt.date]:
    """Yield, from `first` on, the days from Monday to Friday without a break."""
    days_off = {after(start, day) for _, _, start, days in _breaks(year) for day in range(days)}
    day = first
    while True:
        if day.weekday() < SAT and day not in days_off:
            yield day
        day = after(day, 1)
