"""Fixtures for the resources: programs that may write, and less than a whole calendar."""

import datetime as dt

import pytest
from oauth2_provider.models import Application
from rest_framework.test import APIClient

from scheduling.models import PeriodDefinition, PeriodTemplate, School
from tests.factories import (
    ApplicationFactory,
    MembershipFactory,
    PeriodTemplateFactory,
    SchoolFactory,
    bearer,
)


@pytest.fixture
def program(maple) -> Application:
    """A program that is admin of Maple High's district."""
    program = ApplicationFactory.create()
    MembershipFactory.create(application=program, district=maple.school.district, role="admin")
    return program


@pytest.fixture
def admin(program) -> APIClient:
    return APIClient(headers=bearer(program))


@pytest.fixture
def elm(db) -> School:
    """A school with nothing in it."""
    return SchoolFactory.create(slug="elm")


@pytest.fixture
def bells(elm) -> PeriodTemplate:
    """A bell schedule of three classes."""
    bells = PeriodTemplateFactory.create(school=elm, code="regular")
    PeriodDefinition.objects.bulk_create(
        PeriodDefinition(template=bells, number=number, start=dt.time(8 + number), length=60)
        for number in (1, 2, 3)
    )
    return bells


@pytest.fixture
def superuser(db) -> APIClient:
    """A program that may do everything, districts included."""
    return APIClient(headers=bearer(ApplicationFactory.create(user__is_superuser=True)))
