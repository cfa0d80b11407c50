"""What the history says of orgs and sessions that were deleted before there was a roster."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from scheduling.models import AcademicYear, District, Quarter, School, Term
from scheduling.oneroster.rows import OrgRow, SessionRow


def buried_orgs() -> list[OrgRow]:
    """Return the districts and schools that are gone, as they were last."""
    return [
        *(
            OrgRow(pk=pk, district_id=pk, sourced_id=sourced_id, type="district", name=name)
            for pk, sourced_id, name in _last(District, "id", "sourced_id", "name")
        ),
        *(
            OrgRow(
                pk=pk,
                district_id=district,
                sourced_id=sourced_id,
                type="school",
                name=name,
                parent_id=district,
            )
            for pk, district, sourced_id, name in _last(
                School, "id", "district_id", "sourced_id", "name"
            )
        ),
    ]


def buried_sessions(schools: dict[UUID, tuple[UUID, str]]) -> list[SessionRow]:
    """Return the years, terms and quarters that are gone, those before what was part of them.

    `schools` are the districts and the names of schools; what was of another one is left out.
    """
    years = {pk: end.year for pk, end in _ends()}
    found = [
        _row("schoolYear", line, schools, years, line[0]) for line in _of(AcademicYear, "name")
    ]
    years_of_terms = dict(Term.objects.values_list("pk", "academic_year_id"))
    for line in _of(Term, "name", "academic_year_id"):
        years_of_terms[line[0]] = line[-1]
        found.append(_row("term", line, schools, years, line[-1], line[-1]))
    for line in _of(Quarter, "quarter_type", "term_id"):
        year = years_of_terms.get(line[-1])
        found.append(_row("gradingPeriod", line, schools, years, year, line[-1]))
    return [row for row in found if row is not None]


def _row(
    kind: str,
    line: tuple[Any, ...],
    schools: dict[UUID, tuple[UUID, str]],
    years: dict[UUID, int],
    year: UUID | None,
    parent: UUID | None = None,
) -> SessionRow | None:
    pk, school, sourced_id, start, end, title = line[:6]
    if school not in schools or year not in years:
        return None
    district, name = schools[school]
    return SessionRow(
        pk=pk,
        district_id=district,
        sourced_id=sourced_id,
        type=kind,
        school_id=school,
        org_sourced_id=name,
        year_id=year,
        parent_id=parent,
        title=title,
        start_date=start,
        last_day=end,
        school_year=years[year],
    )


def _ends() -> Iterator[tuple[UUID, Any]]:
    """Yield the last day of every year there is or was."""
    yield from AcademicYear.objects.order_by().values_list("pk", "end_date")
    yield from _last(AcademicYear, "id", "end_date")


def _of(model: Any, *more: str) -> Iterator[tuple[Any, ...]]:
    return _last(model, "id", "school_id", "sourced_id", "start_date", "end_date", *more)


def _last(model: Any, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Yield what the tombstones of a model say."""
    tombstones = model.history.filter(history_type="-").order_by("history_id")
    return iter(tombstones.values_list(*columns))
