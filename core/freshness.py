"""What a process may believe of the database for a moment, so that it need not ask each time.

A memo is never older than it may be: its age counts from before the database was asked. A write of
this process is seen by its next read: what was asked before the commit is forgotten with it. Inside
an open transaction nothing is kept, for it may be rolled back.
"""

import time
from collections.abc import Callable, Collection, Mapping
from threading import Lock
from typing import Generic, NamedTuple, TypeVar

from django.db import connection

K = TypeVar("K")
V = TypeVar("V")

MOST = 20_000
"""Memos of one kind: beyond, all are forgotten and asked for anew."""
TOGETHER = 200
"""So many memos are asked for anew in one question, at most."""


class _Memo(NamedTuple, Generic[V]):
    """An answer, how long it may be believed, and of which commit of this process it is."""

    answer: V
    until: float
    writes: int


class Memos(Generic[K, V]):
    """Answers of one kind, each believed for `max_age()` seconds; 0 believes nothing.

    `ask` is given keys, and returns the answers of those that have one. What was read since it was
    asked for is asked for anew together with the first that is too old, up to `together` of them:
    a process that is asked about a hundred schools asks the database one question in each stretch
    of `max_age()`.
    """

    def __init__(
        self,
        ask: Callable[[Collection[K]], Mapping[K, V]],
        max_age: Callable[[], float],
        *,
        together: int = TOGETHER,
    ) -> None:
        self._ask = ask
        self._max_age = max_age
        self._together = together
        self._kept: dict[K, _Memo[V]] = {}
        self._wanted: dict[K, None] = {}
        self._asking = Lock()

    def read(self, key: K, *, anew: bool = False) -> V | None:
        """Return the answer; `anew` asks the database whatever is kept. None is never kept."""
        memo = self._kept.get(key)
        if memo is None or anew:
            return self._asked({key}).get(key)
        if self._holds(memo):
            self._wanted[key] = None
            return memo.answer
        with self._asking:
            memo = self._kept.get(key)  # whoever was here before has asked for it, too
            if memo is not None and self._holds(memo):
                return memo.answer
            wanted, self._wanted = self._wanted, {}
            return self._asked({key, *list(wanted)[: self._together - 1]}).get(key)

    @staticmethod
    def _holds(memo: _Memo[V]) -> bool:
        return memo.writes == _writes and time.monotonic() < memo.until

    def _asked(self, keys: Collection[K]) -> Mapping[K, V]:
        """Ask for answers, and keep those that may be kept."""
        now, writes = time.monotonic(), _writes
        answers = self._ask(keys)
        max_age = 0 if connection.in_atomic_block else self._max_age()
        if len(self._kept) + len(keys) > MOST:
            self._kept.clear()
        for key in keys:
            if key in answers and max_age:
                self._kept[key] = _Memo(answers[key], now + max_age, writes)
            else:
                self._kept.pop(key, None)
        return answers


def forget_all() -> None:
    """Believe nothing that was asked until now: this process has written."""
    global _writes  # noqa: PLW0603
    with _lock:
        _writes += 1


_writes = 0
"""Commits of this process; a memo is of one of them, also when it was asked for as it happened."""
_lock = Lock()
