"""Fixtures for tests over HTTP."""

import pytest
from rest_framework.test import APIClient


@pytest.fixture(autouse=True)
def uncollected_static_files(settings) -> None:
    """Keep whitenoise from warning that there are none: tests collect no static files."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture
def client() -> APIClient:
    return APIClient()
