"""Redis and PostgreSQL in trouble while readers ask and another process writes.

What can be told is right, the rest is refused as promised, and all is well once it is over. Beside
the service stands one that does not expect such trouble.
"""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import connection

from core import redis
from tests.factories import ApplicationFactory, MembershipFactory, bearer
from tests.proofs.asking import Caller, Told
from tests.proofs.numbered import DAY, plant
from tests.proofs.racing import Race
from tests.proofs.servers import OwnPostgres, OwnRedis
from tests.proofs.serving import serving, staged

pytestmark = pytest.mark.django_db(transaction=True)

ENOUGH = 40
"""Answers that are awaited in every state of things."""
KEPT = "*:daily_schedule:*"


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def folder() -> Iterator[Path]:
    """Yield a folder that another user may enter."""
    with TemporaryDirectory(prefix="schoolday-proofs-") as folder:
        yield Path(folder)


def go_on(race: Race) -> None:
    """Wait for some more answers, and for a write."""
    answers, writes = len(race.seen), len(race.written().numbers)
    race.wait_until(
        lambda: len(race.seen) > answers + ENOUGH and len(race.written().numbers) > writes
    )


def be_refused(race: Race) -> None:
    """Wait for some answers that tell nothing."""
    enough = len(race.refused()) + ENOUGH
    race.wait_until(lambda: len(race.refused()) > enough)


def statuses(race: Race) -> set[int]:
    return {seen.told.status for seen in race.seen}


def test_trouble_with_redis_costs_no_answer(stack, tmp_path) -> None:
    if not redis.is_configured():
        pytest.skip("This run has no Redis.")
    own = OwnRedis(stack)
    own.start()
    stage = stack.enter_context(staged(0.25, REDIS_URL=own.url))
    naive = stack.enter_context(serving(0, REDIS_URL=own.url, WRONG="no_redis_expected"))
    race = Race(plant(), stage.services, tmp_path / "writes")

    def is_used() -> bool:
        return any(own.client.scan_iter(KEPT, count=1000))

    with race.running(stage.writer), Caller(naive.url) as caller:
        race.wait_until(is_used)
        own.client.config_set("maxmemory-policy", "noeviction")

        own.client.flushall()
        race.wait_until(is_used)

        own.client.config_set("maxmemory", "1mb")
        race.wait_until(own.refusals)
        go_on(race)
        assert fails(caller)
        own.client.config_set("maxmemory", "0")
        own.client.flushall()
        race.wait_until(is_used)

        os.kill(own.pid, signal.SIGSTOP)
        go_on(race)
        assert fails(caller)
        os.kill(own.pid, signal.SIGCONT)
        own.client.flushall()
        race.wait_until(is_used)

        own.end(signal.SIGKILL)
        go_on(race)
        assert fails(caller)
        own.start()
        race.wait_until(is_used)
    assert statuses(race) <= {200, 304}
    assert (race.stale(), race.torn()) == ([], [])


def fails(caller: Caller) -> bool:
    """Return whether a service fails that is asked for the newest answer."""
    return caller.ask(DAY, Cache_Control="no-cache").status == 500


def is_promised(told: Told) -> bool:
    """Return whether an answer says, as documented, that there is none at the moment."""
    problem = json.loads(told.body)
    return (told.status, problem["status"], problem["code"]) == (503, 503, "unavailable") and (
        told.headers["content-type"] == "application/problem+json"
        and int(told.headers["retry-after"]) > 0
    )


def test_a_postgres_that_restarts_is_told_of_and_found_again(stack, folder, tmp_path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("This run has no PostgreSQL.")
    school = plant()
    program = ApplicationFactory.create()
    MembershipFactory.create(application=program, school_id=school.id, role="admin")
    known = {"Authorization": bearer(program)["authorization"], "Content_Type": "application/json"}
    requests = [
        ("/api/v1/terms",),
        (DAY,),
        (f"/api/v1/schools/{school.id}", "PATCH", '{"name": "Oak"}'),
    ]
    own = OwnPostgres(stack, folder)
    stage = stack.enter_context(staged(0.25, DATABASE_URL=own.url))
    naive = stack.enter_context(serving(0, DATABASE_URL=own.url, WRONG="no_outage_expected"))
    race = Race(school, stage.services, tmp_path / "writes")
    with (
        race.running(stage.writer),
        Caller(naive.url) as caller,
        Caller(stage.services[0].url) as other,
    ):
        for how in (signal.SIGINT, signal.SIGQUIT):
            go_on(race)
            own.end(how)
            be_refused(race)
            assert all(is_promised(other.ask(*request, **known)) for request in requests)
            assert caller.ask(DAY).status == 500
            own.start()
        go_on(race)
    assert statuses(race) <= {200, 304, 503}
    assert all(is_promised(seen.told) for seen in race.refused())
    assert (race.stale(), race.torn()) == ([], [])
