"""How often something may happen in a stretch of time, counted so that no race lets more through.

Redis counts for all processes together. Without it, and while it is away, every process counts for
itself: that costs exactness, never an error.
"""

import math
import time
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, NamedTuple

from core import redis


class Taken(NamedTuple):
    """What became of one try, and what is left of its window."""

    allowed: bool
    limit: int
    remaining: int
    reset_seconds: int
    """Until the next window, rounded up: whoever waits as long is in it."""


class _Window(NamedTuple):
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
    account = _accounts.of(name, window)
    number = account.next_number(limit)
    if number is None:
        number = _reserve(account, name, window, limit)
    reset_seconds = math.ceil((window.number + 1) * seconds - now)
    return Taken(number <= limit, limit, max(0, limit - account.made), reset_seconds)


@dataclass(slots=True)
class _Account:
    """What this process knows of one name in one window.

    Tries are numbered through all processes. A process that is asked a lot reserves many numbers
    at once, so that it need not ask Redis each time: an eighth of what it has counted itself, and
    never more than a thirty-second of what is left. So the last tries are numbered one by one, and
    a process that falls silent keeps few numbers from the others.
    """

    counted: int = 0
    """Tries of this process."""
    alone: int = 0
    """Of them, those that no Redis numbered."""
    highest: int = 0
    """The last number that is known to be reserved, by whatever process."""
    reserved: list[int] = field(default_factory=list)

    @property
    def made(self) -> int:
        """How many tries are known to have been made, or are kept by other processes."""
        return self.highest - len(self.reserved)

    def next_number(self, limit: int) -> int | None:
        """Return a number that is at hand, or is known to be too high."""
        with _lock:
            self.counted += 1
            if self.reserved:
                return self.reserved.pop()
            return limit + 1 if self.highest >= limit else None

    def share(self, limit: int) -> int:
        """Return how many numbers to reserve at once."""
        return max(1, min(self.counted // 8, (limit - self.highest) // 32, 1000))

    def receive(self, last: int, share: int) -> int:
        """Take the first of the reserved numbers, and keep the others."""
        with _lock:
            self.highest = max(self.highest, last)
            self.reserved.extend(range(last, last - share + 1, -1))
        return last - share + 1

    def number_alone(self) -> int:
        with _lock:
            self.alone += 1
            self.highest = max(self.highest, self.alone)
            return self.alone


def _reserve(account: _Account, name: str, window: _Window, limit: int) -> int:
    """Return the number of a try: INCR is atomic, and no key is left behind without an end."""
    if not redis.is_configured():
        return account.number_alone()
    share = account.share(limit)

    def reserved(client: Any, make_key: Any) -> int:
        key = make_key(f"limit:{window.seconds}:{window.number}:{name}")
        pipeline = client.pipeline()
        pipeline.incrby(key, share)
        pipeline.expire(key, 2 * window.seconds)  # the clocks of two hosts may differ
        return int(pipeline.execute()[0])

    try:
        return account.receive(redis.ask(reserved), share)
    except redis.Away:
        return account.number_alone()


class _Accounts:
    """The accounts of the windows that are not long over."""

    def __init__(self) -> None:
        self._windows: dict[_Window, dict[str, _Account]] = {}

    def of(self, name: str, window: _Window) -> _Account:
        names = self._windows.get(window)
        account = None if names is None else names.get(name)
        return self._opened(name, window) if account is None else account

    def _opened(self, name: str, window: _Window) -> _Account:
        with _lock:
            if window not in self._windows:
                self._forget_before(window)
                self._windows[window] = {}
            return self._windows[window].setdefault(name, _Account())

    def _forget_before(self, window: _Window) -> None:
        """Keep the last window, too: a thread may have looked at the clock before it ended."""
        for each in list(self._windows):
            if each.seconds == window.seconds and each.number < window.number - 1:
                del self._windows[each]


_accounts = _Accounts()
_lock = Lock()
"""Held for the time of a few lines, never while Redis is asked."""
