"""How often something may happen in a stretch of time, counted so that no race lets more through.

Redis counts for all processes together. Without it, and while it is away, every process counts for
itself: that costs exactness, never an error.
"""

import logging
import math
import time
from collections import Counter
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.core.cache import caches
from django_redis.cache import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

RETRY_SECONDS = 5
"""How long a Redis that did not answer is left alone: asking it in vain takes time."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one try, and what is left of its window."""

    allowed: bool
    limit: int
    remaining: int
    reset_seconds: int
    """Until the next window, rounded up: whoever waits as long is in it."""


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of the clock. One follows the other, and they are the same for everybody."""

    seconds: int
    number: int


def take(name: str, limit: int, seconds: int) -> Taken:
    """Count one more try under a name, and say whether it is among the first `limit`.

    A window begins at every multiple of `seconds` on the clock, with 60 at every full minute. No
    more than `limit` tries of one window are allowed, whoever makes them at the same moment.
    """
    now = time.time()
    window = _Window(seconds, int(now // seconds))
    count = _count(name, window)
    reset_seconds = math.ceil((window.number + 1) * seconds - now)
    return Taken(count <= limit, limit, max(0, limit - count), reset_seconds)


def _count(name: str, window: _Window) -> int:
    cache = caches["default"]
    if not isinstance(cache, RedisCache) or _redis.is_left_alone:
        return _process.count(name, window)
    try:
        return _redis.count(cache, name, window)
    except (RedisError, OSError) as error:
        logger.warning("Redis does not count requests, each process does: %s", error)
        _redis.leave_alone()
        return _process.count(name, window)


class _Redis:
    """The counters that all processes share."""

    def __init__(self) -> None:
        self._back_at = 0.0

    @property
    def is_left_alone(self) -> bool:
        return time.monotonic() < self._back_at

    def leave_alone(self) -> None:
        self._back_at = time.monotonic() + RETRY_SECONDS

    def count(self, cache: Any, name: str, window: _Window) -> int:
        """Count in one round trip: INCR is atomic, and no key is left behind without an end."""
        key = cache.make_key(f"limit:{window.seconds}:{window.number}:{name}")
        pipeline = cache.client.get_client(write=True).pipeline()
        pipeline.incr(key)
        pipeline.expire(key, 2 * window.seconds)  # the clocks of two hosts may differ
        return int(pipeline.execute()[0])


class _Process:
    """The counters of this process, of the windows that are not long over."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: dict[_Window, Counter[str]] = {}

    def count(self, name: str, window: _Window) -> int:
        with self._lock:
            if window not in self._counts:
                self._forget_before(window)
            counts = self._counts.setdefault(window, Counter())
            counts[name] += 1
            return counts[name]

    def _forget_before(self, window: _Window) -> None:
        """Keep the last window, too: a thread may have looked at the clock before it ended."""
        for each in list(self._counts):
            if each.seconds == window.seconds and each.number < window.number - 1:
                del self._counts[each]


_redis = _Redis()
_process = _Process()
