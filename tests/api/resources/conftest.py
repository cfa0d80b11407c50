"""Fixtures for the resources: programs that may write."""

import pytest
from oauth2_provider.models import Application
from rest_framework.test import APIClient

from tests.factories import ApplicationFactory, MembershipFactory, bearer


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
def superuser(db) -> APIClient:
    """A program that may do everything, districts included."""
    return APIClient(headers=bearer(ApplicationFactory.create(user__is_superuser=True)))
