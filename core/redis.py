"""Redis, which all processes share: where it is away, it is left alone for a while.

Whatever is kept there can be computed again, or is counted by each process for itself: trouble with
Redis costs speed, never an error. See docs/adr/0008.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import caches
from django_redis.cache import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

T = TypeVar("T")

RETRY_SECONDS = 5
"""How long a Redis that did not answer is left alone: asking it in vain takes time."""


class Away(Exception):  # noqa: N818  # it is no error: whoever asks does without
    """There is no Redis, or it does not answer."""


def is_configured() -> bool:
    """Return whether the processes share a Redis."""
    return isinstance(caches["default"], RedisCache)


def ask(question: Callable[[Any, Callable[[str], str]], T]) -> T:
    """Return what `question(client, make_key)` returns. Raises Away."""
    cache = caches["default"]
    if not isinstance(cache, RedisCache) or not _breaker.lets_through():
        raise Away
    try:
        answer = question(cache.client.get_client(write=True), cache.make_key)
    except (RedisError, OSError) as error:
        logger.warning("Redis is left alone for %s seconds: %s", RETRY_SECONDS, error)
        _breaker.open()
        raise Away from error
    _breaker.close()
    return answer


class _Breaker:
    """Open for RETRY_SECONDS after a failure; then one asker tries, while the others wait on."""

    def __init__(self) -> None:
        self._back_at = 0.0

    def open(self) -> None:
        self._back_at = time.monotonic() + RETRY_SECONDS

    def close(self) -> None:
        self._back_at = 0.0

    def lets_through(self) -> bool:
        if self._back_at and time.monotonic() < self._back_at:
            return False
        if self._back_at:
            self.open()  # for everybody but this one
        return True


_breaker = _Breaker()
