"""A date's answer: is it a school day, why, and which template rings."""

import datetime as dt
from collections.abc import Iterator
from functools import partial
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


class Ruling(NamedTuple):
    """Whether a date is a school day, why, by what name, and which template rings."""

    is_school_day: bool
    reason: Reason
    label: str | None = None
    template: Template | None = None


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
    decide = partial(_decide, school, year, school.default_template)
    for known in circumstances(year):
        turn = rotation.turn(known.date, known.override)
        cycle_day = rotation.label(turn)
        ruling = decide(known, cycle_day)
        has_students = ruling.is_school_day and not is_staff_only(ruling.template)
        yield Day(
            date=known.date,
            is_school_day=ruling.is_school_day,
            reason=ruling.reason,
            label=ruling.label,
            year=year,
            terms=known.terms,
            quarter=known.quarter,
            cycle_day=cycle_day if has_students else None,
            school_break=known.school_break if ruling.reason == "break" else None,
            template=ruling.template,
        )
        rotation = rotation.after(turn, is_school_day=has_students)


def _decide(
    school: School,
    year: Year,
    default: Template | None,
    known: Circumstances,
    cycle_day: str | None,
) -> Ruling:
    if known.override is not None:
        return _overridden(known.override, school)
    if known.school_break is not None:
        return Ruling(is_school_day=False, reason="break", label=known.school_break.name)
    if year.terms and not known.terms:
        return Ruling(is_school_day=False, reason="between_terms")
    if known.date.weekday() not in school.weekdays:
        return Ruling(is_school_day=False, reason="weekend")
    rule = most_specific_rule(year.rules, known.date, cycle_day)
    if rule is not None:
        return Ruling(is_school_day=True, reason="rule", template=school.templates[rule.template])
    reason: Reason = "default" if default else "no_schedule"
    return Ruling(is_school_day=True, reason=reason, template=default)


def _overridden(override: Override, school: School) -> Ruling:
    template = school.templates[override.template] if override.template else None
    return Ruling(not override.closed, "override", override.name, template)


def most_specific_rule(
    rules: tuple[Rule, ...], date: dt.date, cycle_day: str | None
) -> Rule | None:
    """Return the rule for `date`: weekday and cycle day, then cycle day, then weekday.

    Two rules of one specificity for one date are refused when they are entered.
    """
    matching = [rule for rule in rules if _matches(rule, date, cycle_day)]
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
