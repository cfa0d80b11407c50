"""What Prometheus reads."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.conftest import plant_maple
from tests.config.test_door import DAY, ask

pytestmark = pytest.mark.django_db

TOKEN = "a-long-random-token"  # noqa: S105


@pytest.fixture
def figures(application, settings) -> Iterator[Any]:
    """Return a function that reads one figure."""
    settings.METRICS_TOKEN = TOKEN

    def read(name: str) -> float:
        told = ask(application, "/metrics", Authorization=f"Bearer {TOKEN}")
        assert told.status == 200
        assert told.headers["Content-Type"].startswith("text/plain")
        found = re.search(rf"^{re.escape(name)} (.+)$", told.body.decode(), re.MULTILINE)
        return float(found[1]) if found else 0.0

    return read


def test_each_request_is_counted_by_its_route_with_the_door_or_without(
    application, figures
) -> None:
    plant_maple()
    route = "api/v1/schools/<str:school>/days/<str:date>"
    name = f'schoolday_request_seconds_count{{method="GET",route="{route}",status="200"}}'
    hit = 'schoolday_cache_answers_total{cache="door",result="hit"}'
    counted, hits = figures(name), figures(hit)
    for _ in range(3):
        assert ask(application, DAY).status == 200
    assert (figures(name) - counted, figures(hit) - hits) == (3, 2)


def test_what_has_no_route_is_counted_together(application, figures) -> None:
    name = 'schoolday_request_seconds_count{method="other",route="",status="404"}'
    before = figures(name)
    ask(application, "/nowhere", "BREW")
    ask(application, "/nowhere/else", "BREW")
    assert figures(name) - before == 2


@pytest.mark.parametrize("shown", [{}, {"Authorization": "Bearer other"}, {"Authorization": TOKEN}])
def test_strangers_find_nothing_there(application, figures, shown: dict[str, str]) -> None:
    assert ask(application, "/metrics", **shown).status == 404


def test_without_a_token_there_is_nothing_to_be_found(application, settings) -> None:
    settings.METRICS_TOKEN = ""
    assert ask(application, "/metrics", Authorization="Bearer ").status == 404
