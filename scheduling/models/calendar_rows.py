"""From rows to the pure calendar: a school's years are loaded in at most seven queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from scheduling.calendar import facts
from scheduling.calendar.calendar import Calendar
from scheduling.calendar.days import WEEKDAYS

if TYPE_CHECKING:
    from scheduling.models.school import School

FactT = TypeVar("FactT")


def calendar_of(school: "School", start: dt.date, end: dt.date) -> Calendar:
    """Return the calendar of the school's years that touch `start`..`end`, and their neighbours.

    The neighbours bound the summers on both sides. Whatever is asked of the calendar costs no
    further query.
    """
    years = list(_years_around(list(school.academic_years.order_by("start_date")), start, end))
    return Calendar(
        facts.School(
            id=school.pk,
            slug=school.slug,
            name=school.name,
            timezone=school.timezone,
            weekdays=_numbers(school.weekdays),
            passing_minutes_cap=school.passing_minutes_cap,
            revision=school.revision,
            years=_year_facts(years),
            templates=_template_facts(school),
        )
    )


def _years_around(years: Sequence[Any], start: dt.date, end: dt.date) -> Iterable[Any]:
    """Keep the years that touch the range, and one on either side."""
    before = [year for year in years if year.end_date < start]
    after = [year for year in years if year.start_date > end]
    touching = [year for year in years if year.start_date <= end and year.end_date >= start]
    return [*before[-1:], *touching, *after[:1]]


def _numbers(weekdays: Iterable[str]) -> frozenset[int]:
    return frozenset(WEEKDAYS.index(day) for day in weekdays)


def _year_facts(years: Sequence[Any]) -> tuple[facts.Year, ...]:
    if not years:
        return ()
    ids = [year.pk for year in years]
    model = type(years[0])
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


def _template_facts(school: "School") -> dict[UUID, facts.Template]:
    """Load bell schedules and their periods in two queries."""
    found = {}
    for template in school.period_templates.prefetch_related("periods"):
        periods = tuple(
            facts.Period(
                each.pk,
                each.number,
                each.name,
                each.type,
                each.track,
                each.start,
                each.end,
                each.length,
                each.passing,
            )
            for each in template.periods.all()
        )
        found[template.pk] = facts.Template(
            template.pk, template.code, template.name, template.is_default, periods
        )
    return found
