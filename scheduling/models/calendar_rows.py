"""From rows to the pure calendar: a school's years are loaded in at most six queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar
from uuid import UUID

from core.revision import school_model
from scheduling.calendar import facts
from scheduling.calendar.calendar import Calendar
from scheduling.calendar.days import WEEKDAYS
from scheduling.models.sources import (
    TEMPLATE,
    TERM,
    Line,
    RowsNow,
    RowSource,
    SchoolLine,
    YearLine,
)

FactT = TypeVar("FactT")

TRIES = 5
"""How often rows that a write has overtaken are read again."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A school's calendar as of one committed state.

    It answers for what lies between two years that it has, or is without years on that side:
    whatever is asked of these dates costs no further query.
    """

    token: UUID | None
    """Names the state; None if the rows may be of several."""
    calendar: Calendar
    after: dt.date
    before: dt.date
    """The last date of the year before, and the first of the one after; or the ends of time."""
    is_whole: bool
    """Whether it has all years of the school."""

    def covers(self, start: dt.date, end: dt.date) -> bool:
        """Return whether it answers for all these dates."""
        return self.is_whole or (self.after < start and end < self.before)


def calendar_of(school_id: UUID, start: dt.date, end: dt.date) -> Calendar:
    """Return the calendar of the school's years that touch `start`..`end`, and their neighbours.

    Raises School.DoesNotExist.
    """
    return load(school_id, start, end).calendar


def load(school_id: UUID, start: dt.date, end: dt.date) -> Loaded:
    """Return the calendar of the school's years that touch `start`..`end`, and their neighbours.

    The first query reads the token with the years, the last one reads it again with the bells:
    equal means that no write came between. If one did, all is read again: a calendar of two states
    might name a bell schedule that is gone. Raises School.DoesNotExist.
    """
    loaded = loaded_from(RowsNow(school_id), start, end)
    for _try in range(1, TRIES):
        if loaded.token is not None:
            break
        loaded = loaded_from(RowsNow(school_id), start, end)
    return loaded


def loaded_from(rows: RowSource, start: dt.date, end: dt.date) -> Loaded:
    """Return the calendar of the years that touch `start`..`end`, and their neighbours.

    The neighbours bound the summers on both sides. Raises School.DoesNotExist.
    """
    school, every_year = _school_and_years(rows)
    years = list(_years_around(every_year, start, end))
    year_facts = _year_facts(rows, years)
    token, templates = _token_and_templates(rows)
    calendar = Calendar(
        facts.School(
            id=rows.school_id,
            slug=school.slug,
            name=school.name,
            timezone=school.timezone,
            weekdays=_numbers(school.weekdays),
            passing_minutes_cap=school.passing_minutes_cap,
            revision=school.revision,
            years=year_facts,
            templates=templates,
        )
    )
    return Loaded(
        token if token == school.revision_token else None,
        calendar,
        after=max((each.end_date for each in years if each.end_date < start), default=dt.date.min),
        before=min(
            (each.start_date for each in years if each.start_date > end), default=dt.date.max
        ),
        is_whole=len(years) == len(every_year),
    )


def _school_and_years(rows: RowSource) -> tuple[SchoolLine, list[YearLine]]:
    lines = rows.years()
    if not lines:
        raise school_model().DoesNotExist
    width = len(SchoolLine._fields)
    years = [YearLine(*line[width:]) for line in lines if line[width] is not None]
    return SchoolLine(*lines[0][:width]), years


def _years_around(years: Sequence[YearLine], start: dt.date, end: dt.date) -> Iterable[YearLine]:
    """Keep the years that touch the range, and one on either side."""
    before = [year for year in years if year.end_date < start]
    after = [year for year in years if year.start_date > end]
    touching = [year for year in years if year.start_date <= end and year.end_date >= start]
    return [*before[-1:], *touching, *after[:1]]


def _numbers(weekdays: Iterable[str]) -> frozenset[int]:
    return frozenset(WEEKDAYS.index(day) for day in weekdays)


def _year_facts(rows: RowSource, years: Sequence[YearLine]) -> tuple[facts.Year, ...]:
    if not years:
        return ()
    ids = [year.pk for year in years]
    terms = _terms(rows.terms(ids))
    breaks = _by_year(rows.in_years("Break", ids), _break)
    rules = _by_year(rows.in_years("ScheduleRule", ids), _rule)
    overrides = _by_year(rows.in_years("DayOverride", ids), _override)
    return tuple(
        facts.Year(
            id=year.pk,
            name=year.name,
            start_date=year.start_date,
            end_date=year.end_date,
            cycle_days=tuple(year.cycle_days),
            cycle_policy=year.cycle_policy,
            cycle_start=year.cycle_start,
            terms=terms[year.pk],
            breaks=breaks[year.pk],
            rules=rules[year.pk],
            overrides=overrides[year.pk],
        )
        for year in years
    )


def _by_year(rows: Iterable[Any], fact: Callable[[Any], FactT]) -> Mapping[UUID, tuple[FactT, ...]]:
    found: defaultdict[UUID, tuple[FactT, ...]] = defaultdict(tuple)
    for row in rows:
        found[row.academic_year_id] += (fact(row),)
    return found


def _terms(lines: Iterable[Line]) -> Mapping[UUID, tuple[facts.Term, ...]]:
    width = len(TERM)
    quarters: dict[Line, list[facts.Quarter]] = {}
    for line in lines:
        kept = quarters.setdefault(line[:width], [])
        pk, quarter_type, sequence, start, end = line[width:]
        if pk is not None:
            label = facts.quarter_label(quarter_type, line[2])
            kept.append(facts.Quarter(pk, quarter_type, sequence, start, end, label))
    found: defaultdict[UUID, tuple[facts.Term, ...]] = defaultdict(tuple)
    for (year_id, pk, term_type, name, start, end), its_quarters in quarters.items():
        term = facts.Term(pk, term_type, name, start, end, tuple(its_quarters))
        found[year_id] += (term,)
    return found


def _break(row: Any) -> facts.Break:
    return facts.Break(row.pk, row.name, row.kind, row.start_date, row.end_date, row.counts_weeks)


def _rule(row: Any) -> facts.Rule:
    return facts.Rule(
        row.pk,
        row.template_id,
        _numbers(row.weekdays),
        row.cycle_day,
        row.valid_from,
        row.valid_to,
    )


def _override(row: Any) -> facts.Override:
    return facts.Override(
        row.pk,
        row.name,
        row.start_date,
        row.end_date,
        row.closed,
        row.template_id,
        row.cycle_day,
        row.holds_cycle,
    )


def _token_and_templates(rows: RowSource) -> tuple[UUID | None, dict[UUID, facts.Template]]:
    """Read bell schedules and their periods, and the token of that moment."""
    lines = rows.templates()
    width = 1 + len(TEMPLATE)
    templates: dict[UUID, facts.Template] = {}
    for (pk, code, name, is_default), group in groupby(lines, itemgetter(slice(1, width))):
        periods = tuple(facts.Period(*line[width:]) for line in group if line[width] is not None)
        if pk is not None:
            templates[pk] = facts.Template(pk, code, name, is_default, periods)
    return (lines[0][0] if lines else None), templates
