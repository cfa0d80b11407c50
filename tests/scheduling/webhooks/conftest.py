"""Fixtures for webhooks: a receiver on this machine, and a school that tells it."""

from collections.abc import Iterator
from typing import Any

import pytest

from scheduling.models import Webhook
from tests.factories import AcademicYearFactory, BreakFactory, WebhookFactory
from tests.scheduling.webhooks.receiver import Receiver, receiving


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.OUTBOUND_LOOPBACK = True
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def year(db: None) -> Any:
    return AcademicYearFactory.create(school__slug="maple-high")


@pytest.fixture
def webhook(receiver: Receiver, year: Any) -> Webhook:
    return WebhookFactory.create(school=year.school, url=receiver.url)


@pytest.fixture
def change(year: Any) -> Any:
    """Return what changes the school's calendar each time that it is called."""
    breaks = []

    def change() -> None:
        if breaks:
            breaks[0].name = f"{breaks[0].name}!"
            breaks[0].save()
        else:
            breaks.append(BreakFactory.create(academic_year=year))

    return change
