"""What the pure calendar costs: seconds per operation, on a real school.

Palo Alto High School as its students published it in `tests/data/bell_schedules.json`: sixteen bell
schedules, four of them in every week, and 89 special days in the year that is measured. The year
has semesters and quarters, cut as the service cuts them, and stands between two neighbours.
"""

import datetime as dt
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from scheduling.calendar import facts
from scheduling.calendar.calendar import Calendar
from scheduling.calendar.days import WEEKDAYS
from scheduling.calendar.splits import halves
from scheduling.importers.bell_schedules import YearSpan, convert

DATA = Path(__file__).parents[1] / "tests" / "data" / "bell_schedules.json"
SCHOOL = "paly"
YEARS = tuple(
    YearSpan(f"{fall}-{fall + 1}", dt.date(fall, 8, 13), dt.date(fall + 1, 5, 31))
    for fall in (2017, 2018, 2019)
)
MEASURED = 1
REPEATS = 7
NOON = dt.time(12)

Row = dict[str, Any]


def instant() -> float:
    """Ask a compiled calendar what is on, all through the year."""
    calendar = compiled()
    first = dt.datetime.combine(_measured().start_date, dt.time.min, dt.UTC)
    instants = [first + dt.timedelta(minutes=37 * step) for step in range(10_000)]
    for each in instants:
        calendar.now(each)
    return per_operation(lambda: [calendar.now(each) for each in instants], len(instants))


def date() -> float:
    """Ask a compiled calendar for one date after the other."""
    calendar = compiled()
    dates = list(facts.dates(*_span())) * 20
    return per_operation(lambda: [calendar.day(each) for each in dates], len(dates))


def year() -> float:
    """Ask a compiled calendar for 365 dates at once: the year and the summer after it."""
    calendar, (first, last) = compiled(), _span()
    return per_operation(lambda: [calendar.days(first, last) for _ in range(20)], 20)


def compile_year() -> float:
    """Compile a year from its facts: every daily schedule, and what is on at every instant."""
    return per_operation(compiled, 1)


def first_date() -> float:
    """Ask a calendar that has compiled nothing for one date, late in the year."""
    asked = YEARS[MEASURED].end_date - dt.timedelta(days=30)
    return per_operation(lambda: Calendar(school()).day(asked), 1)


def first_instant() -> float:
    """Ask a calendar that has compiled nothing what is on, late in the year."""
    asked = dt.datetime.combine(YEARS[MEASURED].end_date, dt.time(18), dt.UTC)
    return per_operation(lambda: Calendar(school()).now(asked), 1)


def compiled() -> Calendar:
    """Return a calendar that has everything of the year at hand."""
    calendar, its_year = Calendar(school()), _measured()
    calendar.days(its_year.start_date, its_year.end_date)
    for each in facts.dates(its_year.start_date, its_year.end_date + facts.ONE_DAY):
        calendar.now(dt.datetime.combine(each, NOON, dt.UTC))
    return calendar


def per_operation(work: Callable[[], object], operations: int) -> float:
    """Return the median time of several runs, in seconds per operation."""
    work()
    return median(_timed(work) for _ in range(REPEATS)) / operations


def _timed(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def _measured() -> facts.Year:
    return school().years[MEASURED]


def _span() -> tuple[dt.date, dt.date]:
    """Return 365 dates from the first of the year."""
    return _measured().start_date, _measured().start_date + dt.timedelta(days=364)


@cache
def school() -> facts.School:
    """Return the facts of the school, as the importer reads them."""
    schools = {each["id"]: each for each in json.loads(DATA.read_text("utf-8"))}
    source = convert(schools[SCHOOL], years=YEARS, timezone="America/Los_Angeles").document
    templates = [_template(row) for row in source["period_templates"]]
    return facts.School(
        id=_id("school"),
        slug=source["school"]["slug"],
        name=source["school"]["name"],
        timezone=source["school"]["timezone"],
        weekdays=_numbers(source["school"]["weekdays"]),
        passing_minutes_cap=10,
        revision=1,
        years=tuple(_year_facts(row) for row in source["academic_years"]),
        templates={each.id: each for each in templates},
    )


def _year_facts(row: Row) -> facts.Year:
    start, end = _dates(row)
    return facts.Year(
        id=_id(row["name"]),
        name=row["name"],
        start_date=start,
        end_date=end,
        cycle_days=(),
        cycle_policy="pause",
        cycle_start=None,
        terms=tuple(_terms(start, end)),
        breaks=(),
        rules=tuple(_rule(rule) for rule in row["schedule_rules"]),
        overrides=tuple(_override(override) for override in row["day_overrides"]),
    )


def _terms(start: dt.date, end: dt.date) -> list[facts.Term]:
    return [
        facts.Term(
            _id(f"SEM{number} {first}"),
            f"SEM{number}",
            f"Semester {number}",
            first,
            last,
            tuple(_quarters(number, first, last)),
        )
        for number, (first, last) in enumerate(halves(start, end), start=1)
    ]


def _quarters(semester: int, start: dt.date, end: dt.date) -> list[facts.Quarter]:
    types = {sequence: f"Q{sequence + (semester - 1) * 2}" for sequence in (1, 2)}
    return [
        facts.Quarter(
            _id(f"{types[sequence]} {first}"),
            types[sequence],
            sequence,
            first,
            last,
            facts.quarter_label(types[sequence], f"SEM{semester}"),
        )
        for sequence, (first, last) in enumerate(halves(start, end), start=1)
    ]


def _template(row: Row) -> facts.Template:
    periods = tuple(_period(row["code"], each) for each in row["periods"])
    return facts.Template(_id(row["code"]), row["code"], row["name"], row["is_default"], periods)


def _period(code: str, row: Row) -> facts.Period:
    start = dt.datetime.combine(dt.date.min, dt.time.fromisoformat(row["start"]))
    end = start + dt.timedelta(minutes=row["length"])
    return facts.Period(
        id=_id(f"{code} {row['number']}"),
        number=row["number"],
        name=row["name"],
        type=row["type"],
        track=row.get("track", ""),
        start=start.time(),
        end=end.time(),
        length=row["length"],
        passing=row["passing"],
    )


def _rule(row: Row) -> facts.Rule:
    template = _id(row["template"])
    return facts.Rule(_id(f"rule {row}"), template, _numbers(row["weekdays"]), "", None, None)


def _override(row: Row) -> facts.Override:
    template = row.get("template")
    return facts.Override(
        id=_id(f"override {row['start_date']}"),
        name=row["name"],
        start_date=_dates(row)[0],
        end_date=_dates(row)[1],
        closed=template is None,
        template=_id(template) if template else None,
        cycle_day="",
        holds_cycle=False,
    )


def _dates(row: Row) -> tuple[dt.date, dt.date]:
    return dt.date.fromisoformat(row["start_date"]), dt.date.fromisoformat(row["end_date"])


def _numbers(weekdays: list[str]) -> frozenset[int]:
    return frozenset(WEEKDAYS.index(each) for each in weekdays)


def _id(name: str) -> UUID:
    return uuid5(NAMESPACE_OID, name)
