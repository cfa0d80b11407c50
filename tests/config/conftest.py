"""Fixtures for what a server calls."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections


@pytest.fixture
def application(settings) -> Iterator[Any]:
    settings.LOGGING_CONFIG = None  # is configured by now
    from config.wsgi import application  # noqa: PLC0415

    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)  # the test still needs its own
    yield application
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
