"""Fixtures for tests over HTTP: a client, and a small school whose answers are known by heart."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from rest_framework.test import APIClient

from scheduling import models
from tests.api.access_world import World, built
from tests.api.calendars import caller
from tests.factories import (
    AcademicYearFactory,
    BreakFactory,
    DayOverrideFactory,
    PeriodDefinitionFactory,
    PeriodTemplateFactory,
    QuarterFactory,
    ScheduleRuleFactory,
    SchoolFactory,
    TermFactory,
)
from tests.kept import kept


@pytest.fixture
def client() -> APIClient:
    return APIClient()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), built() as world:
        yield world


@dataclass
class Maple:
    """Maple High: one semester of 2026-2027, and a late start on Mondays."""

    school: models.School
    year: models.AcademicYear
    term: models.Term
    quarters: list[models.Quarter]
    regular: models.PeriodTemplate
    late_start: models.PeriodTemplate
    periods: list[models.PeriodDefinition]
    """Those of the late start, in order; the last is lunch on the track `lunch-a`."""

    @property
    def as_told(self) -> dict[str, str]:
        return {
            "id": str(self.school.id),
            "slug": "maple-high",
            "name": "Maple High",
            "timezone": "America/Chicago",
        }


@pytest.fixture
def maple(db) -> Maple:
    return plant_maple()


@pytest.fixture
def editor(maple) -> dict[str, str]:
    """Return the headers of a program that may change Maple High's calendar."""
    return caller(school=maple.school, role="editor")


@pytest.fixture
def admin(maple) -> dict[str, str]:
    """Return the headers of a program that may change Maple High itself."""
    return caller(school=maple.school, role="admin")


@kept
def plant_maple() -> Maple:
    school = SchoolFactory.create(slug="maple-high")
    year = AcademicYearFactory.create(school=school, cycle_days=["A", "B"])
    term = TermFactory.create(academic_year=year)
    quarters = [QuarterFactory.create(term=term, sequence=number) for number in (1, 2)]
    regular = PeriodTemplateFactory.create(school=school, code="regular", is_default=True)
    PeriodDefinitionFactory.create(template=regular, start=dt.time(8, 30), length=58, passing=6)
    late_start = PeriodTemplateFactory.create(school=school, code="late-start", name="Late start")
    first = {"start": dt.time(9), "length": 43, "passing": 6}
    second = {"start": dt.time(9, 49), "length": 43, "passing": 0}
    lunch = {"name": "Lunch A", "type": "lunch", "track": "lunch-a", "start": dt.time(10, 32)}
    periods = [
        PeriodDefinitionFactory.create(template=late_start, **first),
        PeriodDefinitionFactory.create(template=late_start, **second),
        PeriodDefinitionFactory.create(template=late_start, length=30, passing=0, **lunch),
    ]
    ScheduleRuleFactory.create(academic_year=year, template=late_start, weekdays=["monday"])
    BreakFactory.create(academic_year=year)
    DayOverrideFactory.create(academic_year=year)
    school.refresh_from_db()
    return Maple(school, year, term, quarters, regular, late_start, periods)


@pytest.fixture
def oak(db) -> models.School:
    return SchoolFactory.create(slug="oak", is_public=False)


@pytest.fixture
def sis(oak) -> APIClient:
    """Return an information system that may edit the school."""
    return APIClient(headers=caller(school=oak, role="editor"))
