"""Fixtures for the resources: Maple High and programs that may write, made once for a module."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

import pytest
from django.db import transaction
from oauth2_provider.models import Application
from rest_framework.test import APIClient

from tests.api.conftest import Maple, plant_maple
from tests.factories import ApplicationFactory, MembershipFactory, bearer


@dataclass
class World:
    maple: Maple
    program: Application
    """It is admin of Maple High's district."""
    admin: dict[str, str]
    """The headers that it sends."""
    superuser: dict[str, str]
    """What a program sends that may do everything."""


def make_world() -> World:
    maple, program = plant_maple(), ApplicationFactory.create()
    MembershipFactory.create(application=program, district=maple.school.district, role="admin")
    superuser = ApplicationFactory.create(user__is_superuser=True)
    return World(maple, program, bearer(program), bearer(superuser))


@pytest.fixture(scope="module")
def shared_world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(shared_world, db) -> World:
    """Copy the rows, which tests change, of a world that every test rolls back to."""
    return deepcopy(shared_world)


@pytest.fixture
def maple(world) -> Maple:
    return world.maple


@pytest.fixture
def program(world) -> Application:
    return world.program


@pytest.fixture
def admin(world) -> APIClient:
    return APIClient(headers=world.admin)


@pytest.fixture
def superuser(world) -> APIClient:
    return APIClient(headers=world.superuser)
