"""A long walk of writes and reads: with its memory the service says what it says without any."""

import pytest
from django.db import connection

from scheduling.models import School
from tests.api.conftest import Maple, plant_maple
from tests.factories import ApplicationFactory, MembershipFactory, bearer
from tests.proofs.asking import Caller
from tests.proofs.serving import CACHES, Service, serving
from tests.proofs.walking import WRITES, Pair, Walk, differences

pytestmark = pytest.mark.django_db(transaction=True)

FORGETFUL = "tests.proofs.forgetful_settings"
READS = 199
"""For every write."""


def steps() -> int:
    """Return how far to go: without Redis, which is one cache less, only a part of the way."""
    return 10_000 if connection.vendor == "postgresql" else 2_000


@pytest.fixture(scope="module")
def forgetful(django_db_setup):
    with serving(0, DJANGO_SETTINGS_MODULE=FORGETFUL) as service:
        yield service


@pytest.fixture(scope="module")
def mindful(django_db_setup):
    with serving(3600) as service:
        yield service


def tokens(school: School) -> list[str]:
    viewer, stranger = ApplicationFactory.create_batch(2)
    MembershipFactory.create(application=viewer, school=school, role="viewer")
    known = [bearer(each)["authorization"] for each in (viewer, stranger)]
    return [*known * 3, "Bearer nonsense", "Basic eDp5"]


def look(service: Service, maple: Maple) -> None:
    """Let a process that believes for an hour see what another one has written."""
    with Caller(service.url) as caller:
        for name in (maple.school.slug, maple.school.pk):
            caller.ask(f"/api/v1/schools/{name}/days/today", Cache_Control="no-cache")


def test_every_answer_is_the_same_with_and_without_memory(mindful, forgetful) -> None:
    maple = plant_maple()
    walk = Walk(1, maple.school, tokens(maple.school))
    with Pair(mindful.url, forgetful.url) as pair:
        for _ in range(steps() // (1 + READS)):
            walk.chance.choice(WRITES)(maple, walk.chance)
            look(mindful, maple)
            assert differences(pair, walk, READS) == []
    hits = mindful.hits()
    assert hits["door"] > steps() / 10
    assert all(hits[cache] for cache in CACHES)


def test_a_memory_that_misses_a_write_is_caught(mindful, forgetful) -> None:
    maple = plant_maple()
    walk = Walk(1, maple.school, tokens(maple.school))
    with Pair(mindful.url, forgetful.url) as pair:
        look(mindful, maple)
        assert differences(pair, walk, READS) == []
        walk.chance.choice(WRITES[:4])(maple, walk.chance)
        assert len(differences(pair, walk, READS)) > READS / 10
