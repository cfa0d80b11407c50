"""A school's calendar of any size, as a document and as rows that are saved one by one."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from scheduling.models import (
    AcademicYear,
    Break,
    DayOverride,
    District,
    PeriodDefinition,
    PeriodTemplate,
    Quarter,
    ScheduleRule,
    School,
    Term,
)

FIRST_YEAR = 1950
BREAKS, RULES, OVERRIDES, PERIODS = 30, 3, 60, 13
ROWS_OF_YEAR = 1 + 2 + 4 + BREAKS + RULES + OVERRIDES
ROWS_OF_TEMPLATE = 1 + PERIODS
WEEKDAYS = ("monday", "tuesday", "wednesday")

Row = dict[str, Any]


def document(slug: str, years: int, templates: int) -> Row:
    """Return a calendar document; every row has the key that an information system gives it."""
    return {
        "format": "schoolday/1",
        "district": {"slug": "bench", "name": "Bench"},
        "school": {"slug": slug, "name": slug.title(), "timezone": "America/Chicago"},
        "period_templates": [_template(number) for number in range(templates)],
        "academic_years": [_year(FIRST_YEAR + number) for number in range(years)],
    }


def rows_of(years: int, templates: int) -> int:
    """Return how many rows such a document has, but for the school."""
    return years * ROWS_OF_YEAR + templates * ROWS_OF_TEMPLATE


def empty_school(slug: str) -> School:
    """Return a new school without a calendar."""
    district = District.objects.filter(slug="bench").first() or District(slug="bench", name="Bench")
    district.save()
    school = School(slug=slug, name=slug.title(), timezone="America/Chicago", district=district)
    school.save()
    return school


def saves(school: School, doc: Row) -> Iterator[Callable[[], None]]:
    """Give, row by row, what saves it: parents first, as a program without bulk paths has to."""
    templates: dict[str, PeriodTemplate] = {}
    for row in doc["period_templates"]:
        template = PeriodTemplate(school=school, **_without(row, "periods"))
        templates[template.code] = template
        yield template.save
        for each in row["periods"]:
            start = dt.time.fromisoformat(each["start"])
            yield PeriodDefinition(template=template, **{**each, "start": start}).save
    for row in doc["academic_years"]:
        year = AcademicYear(school=school, **_dated(row))
        yield year.save
        yield from _saves_below(year, row, templates)


def _saves_below(
    year: AcademicYear, doc: Row, templates: Mapping[str, PeriodTemplate]
) -> Iterator[Callable[[], None]]:
    for row in doc["terms"]:
        term = Term(academic_year=year, **_dated(row))
        yield lambda term=term: term.save(generate_quarters=False)  # type: ignore[misc]
        for each in row["quarters"]:
            yield Quarter(term=term, **_dated(each)).save
    for row in doc["breaks"]:
        yield Break(academic_year=year, **_dated(row)).save
    for model, key in ((ScheduleRule, "schedule_rules"), (DayOverride, "day_overrides")):
        for row in doc[key]:
            values = {**_dated(row), "template": templates[row["template"]]}
            yield model(academic_year=year, **values).save


def _template(number: int) -> Row:
    minutes = [7 * 60 + number % 30 + 50 * place for place in range(PERIODS)]
    return {
        "code": f"kind-{number}",
        "name": f"Kind {number}",
        "is_default": number == 0,
        "sourced_id": f"t-{number}",
        "periods": [
            {
                "number": place,
                "name": f"Period {place}",
                "start": f"{minute // 60:02}:{minute % 60:02}",
                "length": 44,
                "passing": 6,
                "sourced_id": f"p-{number}-{place}",
            }
            for place, minute in enumerate(minutes, start=1)
        ],
    }


def _year(first: int) -> Row:
    start = dt.date(first, 8, 1)
    return {
        "name": f"{first}-{first + 1}",
        **_span(start, 0, 330),
        "sourced_id": f"y-{first}",
        "terms": [_term(start, number) for number in (1, 2)],
        "breaks": [
            {"name": f"Break {n}", "sourced_id": f"b-{first}-{n}", **_span(start, 9 * n + 3, 1)}
            for n in range(BREAKS)
        ],
        "schedule_rules": [
            {"template": f"kind-{n + 1}", "weekdays": [WEEKDAYS[n]], "sourced_id": f"r-{first}-{n}"}
            for n in range(RULES)
        ],
        "day_overrides": [
            {
                "name": f"Special {n}",
                "template": f"kind-{n % 9 + 1}",
                "sourced_id": f"o-{first}-{n}",
                **_span(start, 5 * n + 1, 0),
            }
            for n in range(OVERRIDES)
        ],
    }


def _term(start: dt.date, number: int) -> Row:
    first = 160 * (number - 1)
    return {
        "term_type": f"SEM{number}",
        "name": f"Semester {number}",
        "sourced_id": f"s-{start.year}-{number}",
        **_span(start, first, 150),
        "quarters": [
            {
                "quarter_type": f"Q{2 * (number - 1) + place}",
                "sourced_id": f"q-{start.year}-{number}-{place}",
                **_span(start, first + 75 * (place - 1), 74),
            }
            for place in (1, 2)
        ],
    }


def _span(start: dt.date, first: int, days: int) -> Row:
    """Return a range of dates that begins so many days after another date."""
    begin = start + dt.timedelta(days=first)
    return {"start_date": str(begin), "end_date": str(begin + dt.timedelta(days=days))}


def _dated(row: Row) -> Row:
    """Return a row's columns, with dates for what a document writes as text."""
    plain = _without(row, "terms", "breaks", "schedule_rules", "day_overrides", "quarters")
    return {
        name: dt.date.fromisoformat(value) if name.endswith("_date") else value
        for name, value in plain.items()
    }


def _without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}
