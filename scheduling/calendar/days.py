"""A date's answer: is it a school day, why, and which template rings."""

import datetime as dt
from collections.abc import Iterator
from typing import Literal, NamedTuple

from scheduling.calendar.facts import (
    Break,
    Override,
    Quarter,
    Rule,
    School,
    Template,
    Term,
    Year,
    all_by_date,
    by_date,
    dates,
)
from scheduling.calendar.rotation import Rotation
from scheduling.calendar.tracks import is_staff_only

Reason = Literal[
    "outside_year",
    "override",
    "break",
    "between_terms",
    "weekend",
    "rule",
    "default",
    "no_schedule",
    "staff_only",
]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Day(NamedTuple):
    """What the calendar says about one date; no bell has rung yet.

    A closed day has neither template nor cycle day. A `staff_only` day keeps its template, though
    it is no school day for students. `label` is the name of the override or the break that
    decided, `school_break` is that break. A school day need not have a template: `no_schedule`.
    """

    date: dt.date
    is_school_day: bool
    reason: Reason
    label: str | None = None
    year: Year | None = None
    terms: tuple[Term, ...] = ()
    quarter: Quarter | None = None
    cycle_day: str | None = None
    school_break: Break | None = None
    template: Template | None = None

    @property
    def weekday(self) -> str:
        """The English name of the weekday, in lower case."""
        return WEEKDAYS[self.date.weekday()]


def outside_year(date: dt.date) -> Day:
    """Return the answer for a date that no academic year covers."""
    return Day(date, is_school_day=False, reason="outside_year")


def student_day(day: Day) -> Day:
    """Return the staff's day as the students have it: closed where all periods are staff's."""
    if not is_staff_only(day.template):
        return day
    return day._replace(is_school_day=False, reason="staff_only")


class Circumstances(NamedTuple):
    """What the facts say about a date, apart from the rotation."""

    date: dt.date
    override: Override | None
    school_break: Break | None
    terms: tuple[Term, ...]
    quarter: Quarter | None


def circumstances(year: Year) -> Iterator[Circumstances]:
    """Yield what the facts say about each date of the year, in order."""
    quarters = [quarter for term in year.terms for quarter in term.quarters]
    return map(
        Circumstances,
        dates(year.start_date, year.end_date),
        by_date(year.overrides, year),
        by_date(year.breaks, year),
        all_by_date(year.terms, year),
        by_date(quarters, year),
    )


def staff_days(school: School, year: Year) -> Iterator[Day]:
    """Yield every date of the year in order, as the staff have it: `staff_only` is open.

    The rotation is one for the whole school and goes by the students' days, since the bells of a
    day may depend on it: a day without students neither uses up nor shows a cycle day.
    """
    rotation = Rotation(year, school.weekdays)
    rulings = Rulings(school, year)
    for known in circumstances(year):
        turn = rotation.turn(known.date, known.override)
        cycle_day = rotation.label(turn)
        ruling = rulings.on(known, cycle_day)
        yield Day(
            known.date,
            ruling.is_school_day,
            ruling.reason,
            ruling.label,
            year,
            known.terms,
            known.quarter,
            cycle_day if ruling.has_students else None,
            ruling.school_break,
            ruling.template,
        )
        rotation = rotation.after(turn, is_school_day=ruling.has_students)


class Ruling(NamedTuple):
    """Whether a date is a school day, why, by what name, and which template rings."""

    is_school_day: bool
    reason: Reason
    label: str | None = None
    template: Template | None = None
    school_break: Break | None = None
    has_students: bool = False


WEEKEND = Ruling(is_school_day=False, reason="weekend")
BETWEEN_TERMS = Ruling(is_school_day=False, reason="between_terms")


def opened(reason: Reason, template: Template | None, label: str | None = None) -> Ruling:
    """Return the ruling that there is school."""
    has_students = not is_staff_only(template)
    return Ruling(True, reason, label, template, has_students=has_students)


class Rulings:
    """How the dates of a year are decided; what many dates have in common is ruled once."""

    def __init__(self, school: School, year: Year) -> None:
        self._school = school
        self._year = year
        self._by_rule = [
            (rule, opened("rule", school.templates[rule.template]))
            for rule in sorted(year.rules, key=_specificity, reverse=True)
        ]
        default = school.default_template
        self._otherwise = opened("default" if default else "no_schedule", default)

    def on(self, known: Circumstances, cycle_day: str | None) -> Ruling:
        """Return what decides a date."""
        if known.override is not None:
            return self._overridden(known.override)
        if known.school_break is not None:
            its_break = known.school_break
            return Ruling(False, "break", its_break.name, school_break=its_break)
        if self._year.terms and not known.terms:
            return BETWEEN_TERMS
        if known.date.weekday() not in self._school.weekdays:
            return WEEKEND
        return self.by_rule(known.date, cycle_day)

    def _overridden(self, override: Override) -> Ruling:
        template = self._school.templates[override.template] if override.template else None
        if override.closed:
            return Ruling(False, "override", override.name, template)
        return opened("override", template, override.name)

    def by_rule(self, date: dt.date, cycle_day: str | None) -> Ruling:
        """Return what the rules say: weekday and cycle day, then cycle day, then weekday.

        Two rules of one specificity for one date are refused when they are entered.
        """
        for rule, ruling in self._by_rule:
            if _matches(rule, date, cycle_day):
                return ruling
        return self._otherwise


def _matches(rule: Rule, date: dt.date, cycle_day: str | None) -> bool:
    return (
        (not rule.weekdays or date.weekday() in rule.weekdays)
        and (not rule.cycle_day or rule.cycle_day == cycle_day)
        and (rule.valid_from is None or rule.valid_from <= date)
        and (rule.valid_to is None or date <= rule.valid_to)
    )


def _specificity(rule: Rule) -> tuple[bool, bool]:
    return bool(rule.cycle_day), bool(rule.weekdays)
