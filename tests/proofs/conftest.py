"""Fixtures for the proofs: processes on the database of the test, right ones and wrong ones."""

from collections.abc import Iterator

import pytest

from tests.config.conftest import application
from tests.proofs.serving import Stage, staged


@pytest.fixture(scope="module")
def right(django_db_setup) -> Iterator[Stage]:
    """Yield the service: a process that looks each time, and one that believes for a moment."""
    with staged(0, 0.25) as stage:
        yield stage


@pytest.fixture(scope="module")
def usual(django_db_setup) -> Iterator[Stage]:
    """Yield a process that caches as is usually done, and a writer that does likewise."""
    with staged(0, WRONG="usual_cache", DOOR_MAX_BYTES="0") as stage:
        yield stage


__all__ = ["application"]
