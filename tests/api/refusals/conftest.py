"""A world in which nothing is ever stored: it is made once for all tests of a module."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from rest_framework.test import APIClient

from api.problems import CONTENT_TYPE
from scheduling.models import PeriodTemplate, Revision, School
from tests.api.conftest import Maple, plant_maple
from tests.conftest import tracked_models
from tests.factories import (
    AcademicYearFactory,
    ApplicationFactory,
    BreakFactory,
    MembershipFactory,
    PeriodDefinitionFactory,
    PeriodTemplateFactory,
    ScheduleRuleFactory,
    SchoolFactory,
    TermFactory,
    bearer,
)

JSON = "application/json"


@dataclass
class World:
    """Maple High, with Birch High that the caller reaches too, and Hidden High that it does not."""

    admin: APIClient
    """A program that is admin of Maple's district."""
    root: APIClient
    """A program that may do everything."""
    names: dict[str, str]
    """The ids of rows, by what tables of requests call them."""
    before: dict[str, Any]
    """All that could be stored, before the first request."""

    def ask(self, method: str, path: str, body: Any = None, client: APIClient | None = None) -> Any:
        """Send a request whose path and body say `@year` and the like for ids."""
        text = b"" if body is None else self.named(json.dumps(body)).encode()
        caller = client or self.caller(path)
        return caller.generic(method.upper(), f"/api/v1/{self.named(path)}", text, JSON)

    def caller(self, path: str) -> APIClient:
        """Return who may do most at an address."""
        return self.root if path.startswith("districts") else self.admin

    def named(self, text: str) -> str:
        """Write ids for their names, the longest of which come first."""
        for name in sorted(self.names, key=len, reverse=True):
            text = text.replace(f"@{name}", self.names[name])
        return text

    def refuses(
        self,
        response: Any,
        errors: set[tuple[str, str]],
        status: int = 400,
        code: str = "invalid",
    ) -> None:
        """Require that a request was refused for these reasons, and that nothing is stored."""
        assert (response.status_code, response.json()["code"]) == (status, code), response.json()
        assert response.headers["Content-Type"] == CONTENT_TYPE
        found = {(each["pointer"], each["code"]) for each in response.json()["errors"]}
        assert found == errors, response.json()
        assert all_that_is_stored() == self.before


def all_that_is_stored() -> dict[str, Any]:
    """Return how many rows there are, with their past, and where each school stands."""
    models = [*tracked_models(), *(each.history.model for each in tracked_models()), Revision]
    tables = [model._meta.db_table for model in models]
    counts = ", ".join(f"(SELECT COUNT(*) FROM {table})" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}")
        found = dict(zip(tables, cursor.fetchone(), strict=True))
    schools = School.objects.order_by("pk").values_list("pk", "revision", "revision_token")
    return {**found, "schools": list(schools)}


@pytest.fixture(scope="module")
def shared_world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(shared_world, db) -> World:
    return shared_world


def make_world() -> World:
    maple = plant_maple()
    program = ApplicationFactory.create()
    MembershipFactory.create(application=program, district=maple.school.district, role="admin")
    names = {**of_maple(maple), **of_others(maple)}
    return World(
        admin=APIClient(headers=bearer(program)),
        root=APIClient(headers=bearer(ApplicationFactory.create(user__is_superuser=True))),
        names={
            **{name: str(row.pk) for name, row in names.items()},
            "lake": maple.school.district.slug,
        },
        before=all_that_is_stored(),
    )


def of_maple(maple: Maple) -> dict[str, Any]:
    """Make more rows of Maple, and name them all: one with a sourced id, and an odd year."""
    year = maple.year
    odd_year = AcademicYearFactory.create(
        school=maple.school,
        name="Camp",
        start_date=dt.date(2028, 7, 1),
        end_date=dt.date(2028, 7, 31),
    )
    dates = {"start_date": dt.date(2028, 7, 1), "end_date": dt.date(2028, 7, 3)}
    return {
        "district": maple.school.district,
        "school": maple.school,
        "year": year,
        "camp": odd_year,
        "term": maple.term,
        "spring": TermFactory.create(academic_year=year, term_type="SEM2"),
        "trimester": TermFactory.create(academic_year=year, term_type="TRI1"),
        "short": TermFactory.create(academic_year=odd_year, **dates),
        "quarter": maple.quarters[0],
        "second-quarter": maple.quarters[1],
        "regular": maple.regular,
        "late": maple.late_start,
        "empty": PeriodTemplateFactory.create(school=maple.school, code="empty"),
        "period": maple.periods[0],
        "second-period": maple.periods[1],
        "lunch": maple.periods[2],
        "rule": year.schedule_rules.get(),
        "cycle-rule": ScheduleRuleFactory.create(
            academic_year=year, template=maple.late_start, weekdays=[], cycle_day="A"
        ),
        "friday": ScheduleRuleFactory.create(
            academic_year=year, template=maple.regular, weekdays=["friday"]
        ),
        "summer": ScheduleRuleFactory.create(
            academic_year=year,
            template=maple.regular,
            weekdays=["friday"],
            valid_from=dt.date(2027, 6, 4),
        ),
        "break": year.breaks.get(),
        "winter": BreakFactory.create(
            academic_year=year,
            name="Winter",
            start_date=dt.date(2026, 12, 21),
            end_date=dt.date(2027, 1, 1),
            sourced_id="winter",
        ),
        "override": year.day_overrides.get(),
    }


def of_others(maple: Maple) -> dict[str, Any]:
    """Make Birch High in the same district and Hidden High in another, each with two rows."""
    birch = SchoolFactory.create(
        district=maple.school.district, slug="birch-high", metadata={"edfi_school_id": 7}
    )
    hidden = SchoolFactory.create(slug="hidden-high", is_public=False)
    rows: dict[str, Any] = {"hidden-district": hidden.district}
    for name, school in (("birch", birch), ("hidden", hidden)):
        template: PeriodTemplate = PeriodTemplateFactory.create(school=school)
        rows |= {
            name: school,
            f"{name}-year": AcademicYearFactory.create(school=school),
            f"{name}-template": template,
            f"{name}-period": PeriodDefinitionFactory.create(template=template),
        }
    return rows
