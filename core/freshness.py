"""What a process may believe of the database for a moment, so that it need not ask each time.

A memo is never older than it may be: its age counts from before the database was asked. A write of
this process is seen by its next read: what was asked before the commit is forgotten with it. Inside
an open transaction nothing is kept, for it may be rolled back.
"""

import time
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from django.db import connection

K = TypeVar("K")
V = TypeVar("V")

MOST = 20_000
"""Memos of one kind: beyond, all are forgotten and asked for anew."""


class Memos(Generic[K, V]):
    """Answers of one kind, each believed for `max_age()` seconds; 0 believes nothing."""

    def __init__(self, ask: Callable[[K], V | None], max_age: Callable[[], float]) -> None:
        self._ask = ask
        self._max_age = max_age
        self._kept: dict[K, tuple[float, int, V]] = {}

    def read(self, key: K, *, anew: bool = False) -> V | None:
        """Return the answer; `anew` asks the database whatever is kept. None is never kept."""
        now = time.monotonic()
        kept = self._kept.get(key)
        if kept is not None and not anew and kept[1] == _writes and now - kept[0] < self._max_age():
            return kept[2]
        writes = _writes
        answer = self._ask(key)
        if answer is None or connection.in_atomic_block:
            self._kept.pop(key, None)
        else:
            if len(self._kept) >= MOST:
                self._kept.clear()
            self._kept[key] = now, writes, answer
        return answer


def forget_all() -> None:
    """Believe nothing that was asked until now: this process has written."""
    global _writes  # noqa: PLW0603
    with _lock:
        _writes += 1


_writes = 0
"""Commits of this process; a memo is of one of them, also when it was asked for as it happened."""
_lock = Lock()
