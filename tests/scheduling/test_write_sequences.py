"""Whatever is written in whatever order: what is accepted never leaves an overlap."""

import datetime as dt
from itertools import combinations
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.revision import revise
from scheduling.models import AcademicYear, DayOverride, PeriodDefinition, Quarter, Term
from tests.factories import AcademicYearFactory, PeriodTemplateFactory, SchoolFactory, TermFactory

pytestmark = pytest.mark.django_db

quickly = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
FIRST = dt.date(2026, 8, 1)
days = st.integers(0, 60).map(lambda n: FIRST + dt.timedelta(days=n))
ways = st.sampled_from(["create", "save", "update", "bulk_create", "bulk_update", "delete"])


def write(model: Any, way: str, existing: int, values: dict[str, Any], parent: Any) -> None:
    """Write one row in one of the ways there are; a refusal leaves everything as it was."""
    rows = list(model.objects.filter(**parent).order_by("pk"))
    row = rows[existing % len(rows)] if rows else None
    try:
        with revise(next(iter(parent.values())).root_id):
            if way == "create":
                model.objects.create(**parent, **values)
            elif way == "bulk_create":
                model.objects.bulk_create([model(**parent, **values)])
            elif row is not None:
                change(model, way, row, values)
    except (ValidationError, IntegrityError):
        pass


def change(model: Any, way: str, row: Any, values: dict[str, Any]) -> None:
    if way == "delete":
        row.delete()
    elif way == "update":
        model.objects.filter(pk=row.pk).update(**values)
    else:
        for name, value in values.items():
            setattr(row, name, value)
        if way == "save":
            row.save()
        else:
            model.objects.bulk_update([row], list(values))


def assert_no_shared_day(rows: list[Any]) -> None:
    for one, other in combinations(rows, 2):
        assert one.end_date < other.start_date or other.end_date < one.start_date, (one, other)


@quickly
@given(st.lists(st.tuples(ways, st.integers(0, 5), st.integers(1, 2), days, days), max_size=12))
def test_quarters_never_overlap_and_stay_in_their_term(steps) -> None:
    term = TermFactory.create(
        academic_year__start_date=FIRST, start_date=FIRST, end_date=FIRST + dt.timedelta(days=40)
    )
    for way, existing, sequence, start, end in steps:
        values = {
            "sequence": sequence,
            "quarter_type": f"Q{sequence}",
            "start_date": start,
            "end_date": end,
        }
        write(Quarter, way, existing, values, {"term": term})
    quarters = list(term.quarters.all())
    assert len(quarters) <= 2
    assert_no_shared_day(quarters)
    assert all(term.covers(q.start_date) and term.covers(q.end_date) for q in quarters)


@quickly
@given(st.lists(st.tuples(ways, st.integers(0, 5), days, days), max_size=12))
def test_overrides_never_overlap_and_stay_in_their_year(steps) -> None:
    year = AcademicYearFactory.create(start_date=FIRST, end_date=FIRST + dt.timedelta(days=50))
    for way, existing, start, end in steps:
        values = {"name": "Closed", "closed": True, "start_date": start, "end_date": end}
        write(DayOverride, way, existing, values, {"academic_year": year})
    overrides = list(year.day_overrides.all())
    assert_no_shared_day(overrides)
    assert all(year.covers(o.start_date) and year.covers(o.end_date) for o in overrides)


@quickly
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["year", "term"]), ways, st.integers(0, 5), days, days,
            st.sampled_from(["SEM1", "SEM2", "TRI1", "TRI2", "TRI3"]),
        ),
        max_size=12,
    )
)  # fmt: skip
def test_years_and_terms_never_overlap_whichever_end_moves(steps) -> None:
    school = SchoolFactory.create()
    for kind, way, existing, start, end, term_type in steps:
        dates = {"start_date": start, "end_date": end}
        if kind == "year":
            write(AcademicYear, way, existing, {"name": f"{start}", **dates}, {"school": school})
        elif year := AcademicYear.objects.filter(school=school).first():
            values = {
                "term_type": term_type,
                "structure": term_type[:3],
                "sequence": int(term_type[-1]),
                **dates,
            }
            write(Term, way, existing, values, {"academic_year": year})
    years = list(AcademicYear.objects.filter(school=school))
    assert_no_shared_day(years)
    for year in years:
        terms = list(year.terms.all())
        for structure in ("SEM", "TRI"):
            assert_no_shared_day([term for term in terms if term.structure == structure])
        assert all(year.covers(term.start_date) and year.covers(term.end_date) for term in terms)


@quickly
@given(
    st.lists(
        st.tuples(
            ways, st.integers(0, 5), st.integers(0, 6), st.integers(0, 30),
            st.sampled_from([20, 40, 60]), st.sampled_from(["", "a", "b"]),
        ),
        max_size=14,
    )
)  # fmt: skip
def test_periods_of_one_person_never_overlap(steps) -> None:
    template = PeriodTemplateFactory.create()
    for way, existing, number, slot, length, track in steps:
        start = dt.time(8 + slot // 6, slot % 6 * 10)
        values = {
            "number": number, "start": start, "length": length, "track": track, "type": "lunch",
        }  # fmt: skip
        write(PeriodDefinition, way, existing, values, {"template": template})
    for one, other in combinations(template.periods.all(), 2):
        if one.track == other.track or not one.track or not other.track:
            assert one.end <= other.start or other.end <= one.start, (one, other)
