"""Counting requests, on the cache that the suite runs on, and on a Redis that is away."""

import json
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings as live_settings
from django.core.cache import cache
from django_redis import get_redis_connection

from core import limits, redis
from core.limits import Taken, take
from core.redis import ask
from tests.core.test_cache import DEAD_REDIS

NOON = "2026-11-23T12:00:00Z"
HALF_PAST = "2026-11-23T12:00:30Z"
THREADS, TRIES = 8, 50


@pytest.fixture
def name() -> str:
    return f"caller-{uuid4()}"


@pytest.fixture
def dead_redis(settings, monkeypatch) -> None:
    settings.CACHES = DEAD_REDIS
    monkeypatch.setattr(redis, "_breaker", redis._Breaker())


def race(name: str, limit: int) -> int:
    """Return how many of 400 tries, made by 8 threads at once, were allowed."""
    start = Barrier(THREADS)

    def run(_number: int) -> int:
        start.wait(10)
        return sum(take(name, limit, 60).allowed for _ in range(TRIES))

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(run, range(THREADS)))


@time_machine.travel(HALF_PAST, tick=False)
def test_each_try_tells_what_is_left(name) -> None:
    assert [take(name, 2, 60) for _ in range(4)] == [
        Taken(allowed=True, limit=2, remaining=1, reset_seconds=30),
        Taken(allowed=True, limit=2, remaining=0, reset_seconds=30),
        Taken(allowed=False, limit=2, remaining=0, reset_seconds=30),
        Taken(allowed=False, limit=2, remaining=0, reset_seconds=30),
    ]


@time_machine.travel(HALF_PAST, tick=False)
@pytest.mark.parametrize("limit", [1, 50, 399, 400, 401])
def test_of_many_at_once_exactly_as_many_as_the_limit_pass(name, limit: int) -> None:
    assert race(name, limit) == min(limit, THREADS * TRIES)


@time_machine.travel(HALF_PAST, tick=False)
def test_without_redis_the_count_is_exact_in_the_process(name, dead_redis) -> None:
    assert race(name, 50) == 50


@pytest.mark.skipif(not live_settings.REDIS_URL, reason="needs Redis")
def test_of_many_processes_exactly_as_many_as_the_limit_pass(name) -> None:
    script = f"""
import pickle
import time_machine
from django.conf import settings
settings.configure(CACHES=pickle.loads({pickle.dumps(live_settings.CACHES)!r}))
from core.limits import take
with time_machine.travel({HALF_PAST!r}, tick=False):
    print(sum(take({name!r}, 50, 60).allowed for _ in range(100)))
"""
    processes = [
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", script],
            cwd=Path(__file__).resolve().parents[2],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    assert sum(json.loads(process.communicate()[0]) for process in processes) == 50


def test_the_next_window_begins_afresh(name) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        spent = [take(name, 1, 60).allowed for _ in range(2)]
        clock.shift(59.5)
        last_moment = take(name, 1, 60)
        clock.shift(0.5)
        next_minute = take(name, 1, 60)
    assert spent == [True, False]
    assert last_moment == Taken(allowed=False, limit=1, remaining=0, reset_seconds=1)
    assert next_minute == Taken(allowed=True, limit=1, remaining=0, reset_seconds=60)


def test_whoever_waits_as_long_as_told_is_let_through(name) -> None:
    with time_machine.travel("2026-11-23T12:00:17.3Z", tick=False) as clock:
        take(name, 1, 60)
        clock.shift(take(name, 1, 60).reset_seconds)
        assert take(name, 1, 60).allowed


@time_machine.travel(HALF_PAST, tick=False)
def test_names_and_lengths_of_windows_are_counted_apart(name) -> None:
    take(name, 1, 60)
    assert take(f"{name}-other", 1, 60).allowed
    assert take(name, 1, 3600).allowed
    assert not take(name, 1, 60).allowed


@time_machine.travel(HALF_PAST, tick=False)
def test_a_clock_that_is_put_back_a_little_frees_nothing(name) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        take(name, 1, 60)
        clock.shift(60)
        take(name, 1, 60)
        clock.shift(-60)
        assert not take(name, 1, 60).allowed


def test_a_process_forgets_the_windows_that_are_over(name, dead_redis, monkeypatch) -> None:
    monkeypatch.setattr(limits, "_accounts", limits._Accounts())
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(5):
            take(name, 1, 60)
            take(name, 1, 3600)
            clock.shift(60)
    assert len(limits._accounts._windows) == 3  # two minutes and an hour


def test_a_redis_that_is_away_is_left_alone_for_a_while(name, dead_redis, caplog) -> None:
    assert [take(name, 2, 60).allowed for _ in range(3)] == [True, True, False]
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert caplog.messages[0].startswith("Redis is left alone for 5 seconds: ")


def test_a_redis_that_is_away_is_asked_again_soon(name, dead_redis, caplog, monkeypatch) -> None:
    monkeypatch.setattr(redis, "RETRY_SECONDS", 0)
    take(name, 2, 60)
    take(name, 2, 60)
    assert len(caplog.records) == 2


@pytest.mark.skipif(not live_settings.REDIS_URL, reason="needs Redis")
@time_machine.travel(HALF_PAST, tick=False)
def test_many_tries_of_one_process_cost_few_questions_to_redis(name, monkeypatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(redis, "ask", lambda question: asked.append(1) or ask(question))
    assert sum(take(name, 6000, 60).allowed for _ in range(6100)) == 6000
    assert 32 < len(asked) < 300


@pytest.mark.skipif(not live_settings.REDIS_URL, reason="needs Redis")
@time_machine.travel(HALF_PAST, tick=False)
def test_of_two_busy_processes_exactly_as_many_as_the_limit_pass(name, monkeypatch) -> None:
    processes = [limits._Accounts(), limits._Accounts()]
    allowed = 0
    for number in range(2000):
        monkeypatch.setattr(limits, "_accounts", processes[number % 2])
        allowed += take(name, 1500, 60).allowed
    assert allowed == 1500


@pytest.mark.skipif(not live_settings.REDIS_URL, reason="needs Redis")
@time_machine.travel(HALF_PAST, tick=False)
def test_a_process_that_falls_silent_keeps_few_tries_from_the_others(name, monkeypatch) -> None:
    for _ in range(400):
        take(name, 1500, 60)
    monkeypatch.setattr(limits, "_accounts", limits._Accounts())
    allowed = sum(take(name, 1500, 60).allowed for _ in range(2000))
    assert 1100 - 400 // 8 < allowed <= 1100


@pytest.mark.skipif(not live_settings.REDIS_URL, reason="needs Redis")
def test_no_counter_stays_in_redis(name) -> None:
    take(name, 1, 60)
    keys = get_redis_connection().keys(cache.make_key("limit:*") + name)
    assert [0 < get_redis_connection().ttl(key) <= 120 for key in keys] == [True]
