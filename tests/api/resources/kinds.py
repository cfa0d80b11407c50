"""The ten resources in one table: how to make a valid body of each, and many rows of it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from api.urls import RESOURCES
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
from tests.api.conftest import Maple
from tests.factories import TermFactory

Body = dict[str, Any]
Rows = Callable[[Maple, int], list[Any]]

MAY_1 = dt.date(2027, 5, 1)


@dataclass(frozen=True)
class Kind:
    """A resource."""

    path: str
    model: type[Any]
    required: Callable[[Maple], Body]
    """Makes a valid body with nothing that could be left out."""
    more: Callable[[Maple], Body]
    """What else a body can say, none of it the default."""
    defaults: Body
    """What a row has where its body said nothing."""
    many: Rows
    """Makes so many more rows, equal in whatever rows can be equal in."""
    derived: Body = field(default_factory=dict)
    """What the service adds to both bodies."""
    below_school: bool = True

    @property
    def url(self) -> str:
        return f"/api/v1/{self.path}"

    @property
    def orderings(self) -> list[str]:
        columns = RESOURCES[self.path].ordering_fields
        return [sign + column for column in columns for sign in ("", "-")]

    @property
    def expandable(self) -> list[str]:
        return list(RESOURCES[self.path].serializer_class.EXPANDABLE)

    def full(self, maple: Maple) -> Body:
        return {**self.required(maple), **self.more(maple)}

    def told(self, maple: Maple, body: Body) -> Body:
        """Return what a new row of this body says, but for its tracking."""
        school = {"school": str(maple.school.id)} if self.below_school else {}
        return {**school, **self.defaults, **self.derived, **body}


def sis(n: int) -> Body:
    return {"sourced_id": f"sis-{n}", "metadata": {"room": {"wing": "B", "floors": [1, 2]}}}


NOTHING = {"sourced_id": "", "metadata": {}}


def dates(start: str, end: str) -> Body:
    return {"start_date": start, "end_date": end}


def districts(_maple: Maple, count: int) -> list[Any]:
    rows = [District(name="Lake District", slug=f"lake-{n}") for n in range(count)]
    return District.objects.bulk_create(rows)


def schools(maple: Maple, count: int) -> list[Any]:
    district, zone = maple.school.district, "America/Chicago"
    return School.objects.bulk_create(
        School(district=district, name="Elm", slug=f"elm-{n}", timezone=zone) for n in range(count)
    )


def years(maple: Maple, count: int) -> list[Any]:
    first = maple.school.academic_years.count()
    return AcademicYear.objects.bulk_create(
        AcademicYear(
            school=maple.school,
            name=f"Year {n}",
            start_date=dt.date(2030 + n, 8, 1),
            end_date=dt.date(2031 + n, 6, 1),
        )
        for n in range(first, first + count)
    )


def terms(maple: Maple, count: int) -> list[Any]:
    return Term.objects.bulk_create(
        Term(
            academic_year=year,
            term_type="SEM1",
            name="Autumn",
            start_date=year.start_date,
            end_date=dt.date(year.start_date.year, 12, 18),
        )
        for year in years(maple, count)
    )


def breaks(maple: Maple, count: int) -> list[Any]:
    return Break.objects.bulk_create(
        Break(academic_year=maple.year, name="Snow", start_date=MAY_1, end_date=MAY_1)
        for _n in range(count)
    )


def quarters(maple: Maple, count: int) -> list[Any]:
    return Quarter.objects.bulk_create(
        Quarter(
            term=term,
            quarter_type="Q1",
            sequence=1,
            start_date=term.start_date,
            end_date=term.start_date + dt.timedelta(days=60),
        )
        for term in terms(maple, count)
    )


def templates(maple: Maple, count: int) -> list[Any]:
    rows = PeriodTemplate.objects.bulk_create(
        PeriodTemplate(school=maple.school, code=f"finals-{n}", name="Finals") for n in range(count)
    )
    PeriodDefinition.objects.bulk_create(
        PeriodDefinition(template=row, number=number, start=dt.time(8 + number), length=60)
        for row in rows
        for number in (1, 2)
    )
    return rows


def periods(maple: Maple, count: int) -> list[Any]:
    values = {"type": "activity", "start": dt.time(13), "length": 60}
    return PeriodDefinition.objects.bulk_create(
        PeriodDefinition(template=maple.late_start, number=100 + n, track=f"club-{n}", **values)
        for n in range(count)
    )


def rules(maple: Maple, count: int) -> list[Any]:
    days = [MAY_1 + dt.timedelta(days=n) for n in range(count)]
    return ScheduleRule.objects.bulk_create(
        ScheduleRule(
            academic_year=maple.year,
            template=maple.regular,
            weekdays=["friday"],
            valid_from=day,
            valid_to=day,
        )
        for day in days
    )


def overrides(maple: Maple, count: int) -> list[Any]:
    days = [MAY_1 + dt.timedelta(days=n) for n in range(count)]
    return DayOverride.objects.bulk_create(
        DayOverride(
            academic_year=maple.year,
            name="Assembly",
            template=maple.regular,
            start_date=day,
            end_date=day,
        )
        for day in days
    )


def second_semester(maple: Maple) -> Body:
    """Return a term that has no quarters yet; the second time, the same one."""
    term = maple.year.terms.filter(term_type="SEM2").first()
    term = term or TermFactory.create(academic_year=maple.year, term_type="SEM2")
    return {"term": str(term.id)}


def in_year(maple: Maple) -> Body:
    return {"academic_year": str(maple.year.id)}


KINDS = [
    Kind(
        "districts",
        District,
        required=lambda _maple: {"name": "Lake District", "slug": "lake"},
        more=lambda _maple: sis(1),
        defaults=NOTHING,
        many=districts,
        below_school=False,
    ),
    Kind(
        "schools",
        School,
        required=lambda maple: {
            "district": str(maple.school.district_id),
            "name": "Elm Middle",
            "slug": "elm-middle",
            "timezone": "America/New_York",
        },
        more=lambda _maple: {
            "weekdays": ["monday", "saturday"],
            "is_public": True,
            "passing_minutes_cap": 5,
            **sis(2),
        },
        defaults={
            "weekdays": ["monday", "tuesday", "wednesday", "thursday", "friday"],
            "is_public": False,
            "passing_minutes_cap": 10,
            **NOTHING,
        },
        many=schools,
        below_school=False,
    ),
    Kind(
        "academic-years",
        AcademicYear,
        required=lambda maple: {
            "school": str(maple.school.id),
            "name": "2027-2028",
            **dates("2027-08-11", "2028-06-01"),
        },
        more=lambda _maple: {
            "cycle_days": ["A", "B", "C"],
            "cycle_policy": "calendar",
            "cycle_start": "2027-08-16",
            **sis(3),
        },
        defaults={"cycle_days": [], "cycle_policy": "pause", "cycle_start": None, **NOTHING},
        many=years,
    ),
    Kind(
        "terms",
        Term,
        required=lambda maple: {
            **in_year(maple),
            "term_type": "TRI2",
            **dates("2026-11-09", "2027-02-26"),
        },
        more=lambda _maple: {"sequence": 2, "name": "Winter", **sis(4)},
        defaults={"sequence": 2, "name": "Trimester 2", **NOTHING},
        many=terms,
    ),
    Kind(
        "breaks",
        Break,
        required=lambda maple: {
            **in_year(maple),
            "name": "Winter",
            **dates("2026-12-21", "2027-01-01"),
        },
        more=lambda _maple: {"kind": "staff_day", "counts_weeks": True, **sis(5)},
        defaults={"kind": "holiday", "counts_weeks": False, **NOTHING},
        many=breaks,
    ),
    Kind(
        "quarters",
        Quarter,
        required=lambda maple: {
            **second_semester(maple),
            "quarter_type": "Q4",
            **dates("2027-03-22", "2027-06-03"),
        },
        more=lambda _maple: {
            "sequence": 2,
            "sourced_id": "sis-6",
            "metadata": {"reporting_dates": {"grades_due": "2027-06-07"}},
        },
        defaults={"sequence": 2, **NOTHING},
        derived={"full_label": "Q4 (S2)"},
        many=quarters,
    ),
    Kind(
        "period-templates",
        PeriodTemplate,
        required=lambda maple: {
            "school": str(maple.school.id),
            "code": "finals",
            "name": "Finals",
        },
        more=lambda _maple: {"is_archived": True, **sis(7)},
        defaults={"is_default": False, "is_archived": False, **NOTHING},
        derived={"periods": []},
        many=templates,
    ),
    Kind(
        "period-definitions",
        PeriodDefinition,
        required=lambda maple: {
            "template": str(maple.late_start.id),
            "number": 7,
            "start": "13:00",
            "length": 45,
        },
        more=lambda _maple: {
            "name": "Homeroom",
            "type": "advisory",
            "passing": 4,
            "track": "grade-7",
            "irregular": True,
            "meta": {"room": "B 12"},
            "sourced_id": "sis-8",
        },
        defaults={
            "name": "Period 7",
            "type": "class",
            "passing": 0,
            "track": "",
            "irregular": False,
            "meta": {},
            "sourced_id": "",
        },
        derived={"end": "13:45"},
        many=periods,
    ),
    Kind(
        "schedule-rules",
        ScheduleRule,
        required=lambda maple: {
            **in_year(maple),
            "template": str(maple.regular.id),
            "cycle_day": "B",
        },
        more=lambda _maple: {
            "weekdays": ["tuesday", "friday"],
            "valid_from": "2026-09-01",
            "valid_to": "2026-12-01",
            **sis(9),
        },
        defaults={"weekdays": [], "valid_from": None, "valid_to": None, **NOTHING},
        many=rules,
    ),
    Kind(
        "day-overrides",
        DayOverride,
        required=lambda maple: {
            **in_year(maple),
            "name": "Finals",
            "closed": True,
            **dates("2026-12-16", "2026-12-17"),
        },
        more=lambda maple: {
            "closed": False,
            "template": str(maple.regular.id),
            "cycle_day": "B",
            **sis(10),
        },
        defaults={"template": None, "cycle_day": "", "holds_cycle": False, **NOTHING},
        many=overrides,
    ),
]

every_kind = pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.path) for kind in KINDS])


def kind_of(path: str) -> Kind:
    return next(kind for kind in KINDS if kind.path == path)
