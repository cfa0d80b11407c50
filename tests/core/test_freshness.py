"""What a process believes for a moment: never too old, and never older than its own writes."""

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import transaction

from core import freshness
from core.freshness import Memos, forget_all
from core.revision import revise
from scheduling.models import School
from scheduling.states import state_of
from tests.factories import SchoolFactory

MAX_AGE = 5.0


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(freshness, "time", clock)
    return clock


@pytest.fixture
def outside_transactions(monkeypatch) -> None:
    monkeypatch.setattr(freshness, "connection", type("None", (), {"in_atomic_block": False}))


class Source:
    """Says how often it was asked, and remembers what for."""

    def __init__(self, then: Callable[[], Any] = lambda: None) -> None:
        self.asked: list[list[str]] = []
        self.then = then
        self.memos: Memos[str, int] = Memos(self.ask, lambda: MAX_AGE)

    def ask(self, keys: Collection[str]) -> dict[str, int]:
        self.asked.append(sorted(keys))
        self.then()
        return dict.fromkeys(keys, len(self.asked))


pytestmark = pytest.mark.usefixtures("clock")
quiet = pytest.mark.usefixtures("outside_transactions")


@quiet
def test_what_is_known_is_not_asked_again_until_it_is_too_old(clock) -> None:
    memos = Source().memos
    assert [memos.read("a"), memos.read("a"), memos.read("b"), memos.read("a")] == [1, 1, 2, 1]
    clock.seconds += MAX_AGE - 0.01
    assert memos.read("a") == 1
    clock.seconds += 0.01
    assert memos.read("a") == 3


@quiet
def test_the_age_counts_from_before_the_question(clock) -> None:
    def slowly() -> None:
        clock.seconds += 4

    memos = Source(slowly).memos
    memos.read("a")
    clock.seconds += 1
    assert memos.read("a") == 2


@quiet
def test_who_asks_anew_is_told_anew_and_others_with_him() -> None:
    memos = Source().memos
    assert [memos.read("a"), memos.read("a", anew=True), memos.read("a")] == [1, 2, 2]


@quiet
def test_a_write_of_this_process_is_seen_at_once() -> None:
    memos = Source().memos
    memos.read("a")
    forget_all()
    assert memos.read("a") == 2


@quiet
def test_what_was_asked_while_a_write_was_committed_is_not_believed() -> None:
    source = Source(forget_all)
    assert [source.memos.read("a"), source.memos.read("a")] == [1, 2]


@quiet
def test_what_is_not_there_is_asked_for_each_time() -> None:
    asked: list[str] = []

    def ask(keys: Collection[str]) -> dict[str, int]:
        asked.extend(keys)
        return {}

    memos: Memos[str, int] = Memos(ask, lambda: MAX_AGE)
    assert [memos.read("a"), memos.read("a")] == [None, None]
    assert asked == ["a", "a"]


@quiet
def test_what_was_wanted_meanwhile_is_asked_for_in_one_question(clock) -> None:
    source = Source()
    for key in ("a", "b", "c", "a", "b"):
        source.memos.read(key)
    clock.seconds += MAX_AGE
    assert [source.memos.read(key) for key in ("b", "c", "a")] == [4, 5, 4]
    assert source.asked == [["a"], ["b"], ["c"], ["a", "b"], ["c"]]


@quiet
def test_no_more_are_asked_for_together_than_may_be(clock) -> None:
    source = Source()
    source.memos = Memos(source.ask, lambda: MAX_AGE, together=1)
    for key in "abab":
        source.memos.read(key)
    clock.seconds += MAX_AGE
    assert [source.memos.read(key) for key in "ab"] == [3, 4]
    assert source.asked == [["a"], ["b"], ["a"], ["b"]]


@quiet
def test_what_is_gone_is_believed_no_longer_though_another_asked(clock) -> None:
    gone: set[str] = set()
    memos: Memos[str, int] = Memos(
        lambda keys: {key: 1 for key in keys if key not in gone}, lambda: MAX_AGE
    )
    for _ in range(2):
        memos.read("a")
        memos.read("b")
    gone.add("b")
    clock.seconds += MAX_AGE
    assert [memos.read("a"), memos.read("b")] == [1, None]


@quiet
def test_threads_that_find_the_same_thing_too_old_ask_once(clock) -> None:
    start = Barrier(4)
    source = Source()
    source.memos.read("a")
    clock.seconds += MAX_AGE

    def read(_number: int) -> int | None:
        start.wait(10)
        return source.memos.read("a")

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(read, range(4))) == [2, 2, 2, 2]


@quiet
def test_no_more_is_believed_than_there_is_room_for(monkeypatch) -> None:
    monkeypatch.setattr(freshness, "MOST", 3)
    memos = Source().memos
    for key in "abcdef":
        memos.read(key)
    assert len(memos._kept) == 3


@pytest.mark.django_db
def test_inside_a_transaction_nothing_is_kept() -> None:
    memos = Source().memos
    assert [memos.read("a"), memos.read("a")] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_a_school_is_known_for_a_while_and_a_write_is_seen_with_its_commit(
    settings, django_assert_num_queries
) -> None:
    settings.REVISION_MAX_AGE = MAX_AGE
    school = SchoolFactory.create(slug="elm-high")
    before = state_of("elm-high")
    with django_assert_num_queries(0):
        assert state_of("elm-high") is before
    with revise(school):
        School.objects.filter(pk=school.pk).update(name="Elm")
        assert state_of("elm-high") == before
    after = state_of("elm-high")
    assert (before.revision + 1, after.token != before.token) == (after.revision, True)


@pytest.mark.django_db(transaction=True)
def test_a_write_that_is_rolled_back_changes_nothing_that_is_known(
    settings, django_assert_num_queries
) -> None:
    settings.REVISION_MAX_AGE = MAX_AGE
    school = SchoolFactory.create(slug="elm-high")
    before = state_of("elm-high")
    with transaction.atomic():
        School.objects.filter(pk=school.pk).update(name="Elm")
        transaction.set_rollback(True)
    assert state_of("elm-high") == before
    assert School.objects.get(pk=school.pk).revision_token == before.token
