"""A date's answer: is it a school day, why, and which template rings."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from scheduling.calendar.facts import (
    Break,
    Override,
    Quarter,
    Rule,
    School,
    Template,
    Term,
    Year,
    covering,
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


@dataclass(frozen=True, slots=True)
class Day:
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


def staff_days(school: School, year: Year) -> tuple[Day, ...]:
    """Return every date of the year in order, as the staff have it: `staff_only` is open.

    The rotation is one for the whole school and goes by the students' days, since the bells of a
    day may depend on it: a day without students neither uses up nor shows a cycle day.
    """
    return tuple(_staff_days(school, year))


def student_days(days: tuple[Day, ...]) -> tuple[Day, ...]:
    """Return the staff's days as the students have them: closed where all periods are staff's."""
    return tuple(
        replace(day, is_school_day=False, reason="staff_only")
        if is_staff_only(day.template)
        else day
        for day in days
    )


def _staff_days(school: School, year: Year) -> Iterator[Day]:
    rotation = Rotation(year, school.weekdays)
    quarters = [quarter for term in year.terms for quarter in term.quarters]
    for date in dates(year.start_date, year.end_date):
        override = covering(year.overrides, date)
        turn = rotation.turn(date, override)
        day = _decide(school, year, date, override, rotation.label(turn))
        has_students = day.is_school_day and not is_staff_only(day.template)
        yield replace(
            day,
            quarter=covering(quarters, date),
            cycle_day=rotation.label(turn) if has_students else None,
        )
        rotation = rotation.after(turn, is_school_day=has_students)


def _decide(
    school: School, year: Year, date: dt.date, override: Override | None, cycle_day: str | None
) -> Day:
    terms = tuple(term for term in year.terms if term.covers(date))
    blank = Day(date, is_school_day=False, reason="weekend", year=year, terms=terms)
    if override is not None:
        return _overridden(blank, override, school)
    school_break = covering(year.breaks, date)
    if school_break is not None:
        return replace(blank, reason="break", label=school_break.name, school_break=school_break)
    if year.terms and not terms:
        return replace(blank, reason="between_terms")
    if date.weekday() not in school.weekdays:
        return blank
    return _ordinary(blank, year, school, cycle_day)


def _overridden(blank: Day, override: Override, school: School) -> Day:
    return replace(
        blank,
        is_school_day=not override.closed,
        reason="override",
        label=override.name,
        template=school.templates[override.template] if override.template else None,
    )


def _ordinary(blank: Day, year: Year, school: School, cycle_day: str | None) -> Day:
    rule = most_specific_rule(year.rules, blank.date, cycle_day)
    if rule is not None:
        template = school.templates[rule.template]
        return replace(blank, is_school_day=True, reason="rule", template=template)
    default = school.default_template
    reason: Reason = "default" if default else "no_schedule"
    return replace(blank, is_school_day=True, reason=reason, template=default)


def most_specific_rule(
    rules: tuple[Rule, ...], date: dt.date, cycle_day: str | None
) -> Rule | None:
    """Return the rule for `date`: weekday and cycle day, then cycle day, then weekday.

    Two rules of one specificity for one date are refused when they are entered.
    """
    matching = (rule for rule in rules if _matches(rule, date, cycle_day))
    return max(matching, key=_specificity, default=None)


def _matches(rule: Rule, date: dt.date, cycle_day: str | None) -> bool:
    return (
        (not rule.weekdays or date.weekday() in rule.weekdays)
        and (not rule.cycle_day or rule.cycle_day == cycle_day)
        and (rule.valid_from is None or rule.valid_from <= date)
        and (rule.valid_to is None or date <= rule.valid_to)
    )


def _specificity(rule: Rule) -> tuple[bool, bool]:
    return bool(rule.cycle_day), bool(rule.weekdays)
