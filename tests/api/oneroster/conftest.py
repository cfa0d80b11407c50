"""Fixtures: a district whose roster is known by heart, and a program that reads it."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from rest_framework.test import APIClient

from scheduling import models
from tests.api.oneroster.contract import SCHEMAS
from tests.factories import (
    AcademicYearFactory,
    ApplicationFactory,
    DistrictFactory,
    MembershipFactory,
    QuarterFactory,
    SchoolFactory,
    TermFactory,
    bearer,
)
from tests.kept import kept

ROOT_1_2 = "/ims/oneroster/rostering/v1p2"
ROOT_1_1 = "/ims/oneroster/v1p1"
ROOTS = [ROOT_1_2, ROOT_1_1, "/api/oneroster/v1p1"]
HERE = "http://testserver"


@dataclass
class Harbor:
    """A district with one school: a year, both semesters, the first with its quarters."""

    district: models.District
    school: models.School
    year: models.AcademicYear
    terms: list[models.Term]
    quarters: list[models.Quarter]


@pytest.fixture
def harbor(db) -> Harbor:
    return plant_harbor()


@kept
def plant_harbor() -> Harbor:
    return plant("d1", "sch1")


def plant(district: str, school: str, prefix: str = "", **more: Any) -> Harbor:
    """Make a district with ids that begin with a prefix."""
    where = DistrictFactory.create(sourced_id=district)
    own = SchoolFactory.create(
        district=where, sourced_id=school, name="St. Mary's High", is_public=False, **more
    )
    year = AcademicYearFactory.create(school=own, sourced_id=f"{prefix}y27")
    terms = [
        TermFactory.create(academic_year=year, term_type=kind, sourced_id=f"{prefix}{kind.lower()}")
        for kind in ("SEM1", "SEM2")
    ]
    quarters = [
        QuarterFactory.create(term=terms[0], sequence=number, sourced_id=f"{prefix}q{number}")
        for number in (1, 2)
    ]
    return Harbor(where, own, year, terms, quarters)


class Reader:
    """A program: whatever it reads is held against the standard."""

    def __init__(self, headers: dict[str, str], root: str = ROOT_1_2) -> None:
        self.client = APIClient(headers=headers)
        self.root = root

    def get(self, path: str, *, status: int = 200, **query: Any) -> Any:
        """Return an answer, which keeps to the standard's shapes."""
        response = self.client.get(f"{self.root}{path}", query or None)
        assert response.status_code == status, response.content
        require_shape(response, self.root, is_partial="fields" in query)
        return response

    def read(self, path: str, **query: Any) -> Any:
        """Return the one value of an answer."""
        (value,) = self.get(path, **query).json().values()
        return value

    def ids(self, path: str, **query: Any) -> list[str]:
        """Return the ids of a list."""
        return [each["sourcedId"] for each in self.read(path, **query)]


def require_shape(response: Any, root: str, *, is_partial: bool = False) -> None:
    """Require that a body is what the standard says, and nothing else."""
    assert response["Content-Type"] == "application/json"
    body = json.loads(response.content)
    version = "1.2" if root == ROOT_1_2 else "1.1"
    if response.status_code >= 400:
        name = f"status {version}"
    else:
        (key,) = body
        name = f"{key} selected" if is_partial else key
    validator = Draft202012Validator(SCHEMAS[name], format_checker=FormatChecker())
    assert [error.message for error in validator.iter_errors(body)] == []


def reader_of(place: Any, *scopes: str, root: str = ROOT_1_2) -> Reader:
    """Return a program with a role in a school or a district."""
    application = ApplicationFactory.create()
    field = "school" if isinstance(place, models.School) else "district"
    MembershipFactory.create(application=application, **{field: place})
    return Reader(bearer(application, *(scopes or ["calendar.read"])), root)


@pytest.fixture(params=ROOTS)
def reader(request, harbor) -> Reader:
    """A program that reads the district, under each root."""
    return reader_of(harbor.district, root=request.param)


@pytest.fixture
def program(harbor) -> Reader:
    """A program that reads the district by version 1.2."""
    return reader_of(harbor.district)
