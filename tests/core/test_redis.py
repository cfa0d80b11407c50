"""The connection to Redis that each thread keeps."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from redis import Redis

from core import redis

pytestmark = pytest.mark.skipif(not settings.REDIS_URL, reason="needs Redis")


def connection_id() -> int:
    """Return the number that Redis gave to the connection of this thread."""
    return redis.ask(lambda client, _make_key: client.client_id())


def test_a_thread_keeps_its_connection_and_shares_it_with_no_other() -> None:
    with ThreadPoolExecutor(1) as other:
        theirs = {other.submit(connection_id).result() for _ in range(3)}

    assert len({connection_id() for _ in range(3)} | theirs) == 2


def test_a_connection_that_redis_has_closed_is_opened_again() -> None:
    closed = connection_id()
    with Redis.from_url(settings.REDIS_URL) as somebody:
        assert somebody.client_kill_filter(_id=str(closed)) == 1

    assert connection_id() > closed
