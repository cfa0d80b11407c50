"""From rows to the pure calendar: a school's years are loaded in at most six queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from core.revision import plain, school_model
from scheduling.calendar import facts
from scheduling.calendar.calendar import Calendar
from scheduling.calendar.days import WEEKDAYS

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

    The neighbours bound the summers on both sides. The first query reads the token with the years,
    the last one reads it again with the bells: equal means that no write came between. If one did,
    all is read again: a calendar of two states might name a bell schedule that is gone. Raises
    School.DoesNotExist.
    """
    loaded = _load(school_id, start, end)
    for _try in range(1, TRIES):
        if loaded.token is not None:
            break
        loaded = _load(school_id, start, end)
    return loaded


def _load(school_id: UUID, start: dt.date, end: dt.date) -> Loaded:
    school, every_year = _school_and_years(school_id)
    years = list(_years_around(every_year, start, end))
    year_facts = _year_facts(years)
    token, templates = _token_and_templates(school_id)
    calendar = Calendar(
        facts.School(
            id=school_id,
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


class _School(NamedTuple):
    slug: str
    name: str
    timezone: str
    weekdays: list[str]
    passing_minutes_cap: int
    revision: int
    revision_token: UUID


class _Year(NamedTuple):
    pk: UUID
    name: str
    start_date: dt.date
    end_date: dt.date
    cycle_days: list[str]
    cycle_policy: Any
    cycle_start: dt.date | None


def _school_and_years(school_id: UUID) -> tuple[_School, list[_Year]]:
    """Read a school and its years in order: a line for each year, or for none."""
    schools = plain(school_model()).filter(pk=school_id)
    columns = [*_School._fields, *(f"academic_years__{name}" for name in _Year._fields)]
    lines = list(schools.order_by("academic_years__start_date").values_list(*columns))
    if not lines:
        raise school_model().DoesNotExist
    width = len(_School._fields)
    years = [_Year(*line[width:]) for line in lines if line[width] is not None]
    return _School(*lines[0][:width]), years


def _years_around(years: Sequence[_Year], start: dt.date, end: dt.date) -> Iterable[_Year]:
    """Keep the years that touch the range, and one on either side."""
    before = [year for year in years if year.end_date < start]
    after = [year for year in years if year.start_date > end]
    touching = [year for year in years if year.start_date <= end and year.end_date >= start]
    return [*before[-1:], *touching, *after[:1]]


def _numbers(weekdays: Iterable[str]) -> frozenset[int]:
    return frozenset(WEEKDAYS.index(day) for day in weekdays)


def _year_facts(years: Sequence[_Year]) -> tuple[facts.Year, ...]:
    if not years:
        return ()
    ids = [year.pk for year in years]
    model = school_model()._meta.get_field("academic_years").related_model
    terms = _terms(model, ids)
    breaks = _children(model, "breaks", ids, _break)
    rules = _children(model, "schedule_rules", ids, _rule)
    overrides = _children(model, "day_overrides", ids, _override)
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


def _rows(model: Any, relation: str, ids: Sequence[UUID]) -> Any:
    related = model._meta.get_field(relation).related_model
    return related.objects.filter(academic_year__in=ids)


def _children(
    model: Any, relation: str, ids: Sequence[UUID], fact: Any
) -> Mapping[UUID, tuple[Any, ...]]:
    found: defaultdict[UUID, tuple[Any, ...]] = defaultdict(tuple)
    rows = _rows(model, relation, ids)
    order = "start_date" if relation != "schedule_rules" else "id"
    for row in rows.order_by(order, "id"):
        found[row.academic_year_id] += (fact(row),)
    return found


def _terms(model: Any, ids: Sequence[UUID]) -> Mapping[UUID, tuple[facts.Term, ...]]:
    """Load terms and their quarters in one query: a line for each quarter, or for none."""
    lines = _rows(model, "terms", ids).order_by("start_date", "id", "quarters__sequence")
    columns = (
        "academic_year_id", "id", "term_type", "name", "start_date", "end_date",
        "quarters__id", "quarters__quarter_type", "quarters__sequence",
        "quarters__start_date", "quarters__end_date",
    )  # fmt: skip
    quarters: dict[tuple[Any, ...], list[facts.Quarter]] = {}
    for line in lines.values_list(*columns):
        kept = quarters.setdefault(line[:6], [])
        pk, quarter_type, sequence, start, end = line[6:]
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


def _token_and_templates(school_id: UUID) -> tuple[UUID | None, dict[UUID, facts.Template]]:
    """Read bell schedules and their periods, and the token of that moment, with one query."""
    template = "id", "code", "name", "is_default"
    period = "id", "number", "name", "type", "track", "start", "end", "length", "passing"
    lines = list(
        plain(school_model())
        .filter(pk=school_id)
        .order_by(*(f"period_templates__{name}" for name in _TEMPLATE_ORDER))
        .values_list(
            "revision_token",
            *(f"period_templates__{name}" for name in template),
            *(f"period_templates__periods__{name}" for name in period),
        )
    )
    width = 1 + len(template)
    templates: dict[UUID, facts.Template] = {}
    for (pk, code, name, is_default), group in groupby(lines, itemgetter(slice(1, width))):
        periods = tuple(facts.Period(*line[width:]) for line in group if line[width] is not None)
        if pk is not None:
            templates[pk] = facts.Template(pk, code, name, is_default, periods)
    return (lines[0][0] if lines else None), templates


_TEMPLATE_ORDER = "name", "id", "periods__start", "periods__number"
