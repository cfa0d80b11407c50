from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier, Event, Semaphore
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache

from core import cache as kept
from core import redis
from core.cache import Answer, _key, cached, filled, remembered, revision_token
from core.revision import revise
from scheduling.models import School
from tests.factories import SchoolFactory

pytestmark = pytest.mark.django_db

DEAD_REDIS = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": "redis://127.0.0.1:1/0",
        "OPTIONS": {
            "SERIALIZER": "django_redis.serializers.json.JSONSerializer",
            "SOCKET_CONNECT_TIMEOUT": 0.2,
            "SOCKET_TIMEOUT": 0.2,
        },
    }
}


class Question:
    """Counts how often it is computed."""

    def __init__(self, school: School, answer: Any = "answer") -> None:
        self.school, self.answer, self.times = school, answer, 0

    def compute(self) -> Any:
        self.times += 1
        return self.answer

    def ask(self) -> Any:
        return cached(self.school.pk, "question", self.compute)


@pytest.fixture
def school() -> School:
    return SchoolFactory.create()


def forget(key: str) -> None:
    if redis.is_configured():
        assert redis.ask(lambda client, make_key: client.delete(make_key(key))) == 1
    else:
        assert cache.delete(key)


def rename(school: School) -> None:
    School.objects.filter(pk=school.pk).update(name=f"Name {uuid4()}")


def test_the_token_is_that_of_the_last_write(school) -> None:
    before = revision_token(school.pk)
    rename(school)
    school.refresh_from_db()

    assert revision_token(school.pk) == school.revision_token != before
    assert revision_token(uuid4()) is None


@pytest.mark.parametrize("answer", ["text", 5, None, False, [], {}, {"a": [1, None]}], ids=repr)
def test_a_second_read_costs_the_token_alone(
    school, answer: Any, django_assert_num_queries
) -> None:
    question = Question(school, answer)
    first = question.ask()

    with django_assert_num_queries(1):
        second = question.ask()

    assert (first, second, question.times) == (answer, answer, 1)


def test_a_committed_write_is_seen_at_once(school) -> None:
    question = Question(school)
    question.ask()
    rename(school)
    question.answer = "new answer"

    assert question.ask() == "new answer"


def test_a_write_to_another_school_leaves_the_answer(school) -> None:
    question = Question(school)
    question.ask()
    rename(SchoolFactory.create())
    question.ask()

    assert question.times == 1


def test_inside_a_revision_the_cache_is_neither_read_nor_written(school) -> None:
    question = Question(school, "old")
    question.ask()

    with revise(school):
        question.answer = "not yet committed"
        inside = question.ask()

    assert inside == "not yet committed"
    assert question.ask() == "old"


def test_inside_the_revision_of_another_school_the_cache_is_read(school) -> None:
    question = Question(school)
    question.ask()

    with revise(SchoolFactory.create()):
        question.ask()

    assert question.times == 1


def test_names_and_schools_have_answers_of_their_own(school) -> None:
    other = SchoolFactory.create()

    answers = [
        cached(school.pk, "one", lambda: 1),
        cached(school.pk, "two", lambda: 2),
        cached(other.pk, "one", lambda: 3),
        cached(school.pk, "one", lambda: 4),
    ]

    assert answers == [1, 2, 3, 1]


def test_an_unknown_school_has_no_token_and_nothing_is_kept() -> None:
    unknown = SchoolFactory.build()
    question = Question(unknown)

    assert [question.ask(), question.ask()] == ["answer", "answer"]
    assert question.times == 2


def test_a_fill_tries_again_when_a_write_overtakes_it(school) -> None:
    answers: list[str] = []

    def compute() -> str:
        answers.append(f"answer {len(answers)}")
        if len(answers) == 1:
            rename(school)
        return answers[-1]

    assert filled(school.pk, compute) == (revision_token(school.pk), "answer 1")


def test_a_fill_that_writes_always_overtake_is_not_stored(school) -> None:
    times = 0

    def compute() -> int:
        nonlocal times
        times += 1
        rename(school)
        return times

    assert cached(school.pk, "question", compute) == 5
    assert cached(school.pk, "question", lambda: "kept") == "kept"
    assert cached(school.pk, "question", lambda: "other") == "kept"


def test_a_lost_entry_costs_speed_only(school) -> None:
    question = Question(school)
    question.ask()
    forget(_key("question", revision_token(school.pk)))

    assert question.ask() == "answer"
    assert question.times == 2


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda _kept: b"", id="empty"),
        pytest.param(lambda _kept: b"garbage", id="garbage"),
        pytest.param(lambda kept: kept[:-1], id="cut-off"),
        pytest.param(lambda kept: kept[4:], id="without-a-checksum"),
        pytest.param(lambda kept: kept.replace(b"answer", b"Answer"), id="changed"),
    ],
)
def test_a_spoiled_entry_is_computed_and_kept_anew(school, spoil: Any) -> None:
    if not redis.is_configured():
        pytest.skip("This run has no Redis: nobody else can reach what is kept.")
    question = Question(school)
    question.ask()
    key = _key("question", revision_token(school.pk))
    redis.ask(lambda client, make_key: client.set(make_key(key), spoil(kept_in_redis(key))))

    assert [question.ask(), question.ask()] == ["answer", "answer"]
    assert question.times == 2


def test_an_entry_of_another_question_is_not_taken_for_the_answer(school) -> None:
    if not redis.is_configured():
        pytest.skip("This run has no Redis: nobody else can reach what is kept.")
    token = revision_token(school.pk)
    cached(school.pk, "other", lambda: "other answer")
    other = kept_in_redis(_key("other", token))
    key = _key("question", token)
    redis.ask(lambda client, make_key: client.set(make_key(key), other))

    assert Question(school).ask() == "answer"


def kept_in_redis(key: str) -> bytes:
    return redis.ask(lambda client, make_key: client.get(make_key(key)))


def test_a_cache_that_is_away_costs_speed_only(school, settings, caplog, monkeypatch) -> None:
    settings.CACHES = DEAD_REDIS
    monkeypatch.setattr(redis, "_breaker", redis._Breaker())
    question = Question(school)

    assert [question.ask(), question.ask()] == ["answer", "answer"]
    assert question.times == 2
    (told,) = caplog.messages
    assert told.startswith("Redis is left alone for 5 seconds: ")


def test_an_error_over_rows_of_two_states_is_no_answer(school) -> None:
    def torn_once() -> str:
        if revision_token(school.pk) == school.revision_token:
            rename(school)
            raise KeyError("a row of the other state")
        return "whole"

    assert filled(school.pk, torn_once)[1] == "whole"


def test_an_error_over_rows_of_one_state_is_told(school) -> None:
    def broken() -> str:
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        filled(school.pk, broken)


def test_an_error_from_rows_of_two_states_is_tried_again(school) -> None:
    times = 0

    def compute() -> str:
        nonlocal times
        times += 1
        if times == 1:
            rename(school)
            raise LookupError
        return "answer"

    assert cached(school.pk, "question", compute) == "answer"
    assert times == 2


@pytest.mark.parametrize(
    ("writes", "expected"), [(False, 1), (True, 5)], ids=["at-once", "after-five-tries"]
)
def test_an_error_is_raised(school, writes: bool, expected: int) -> None:
    times = 0

    def compute() -> str:
        nonlocal times
        times += 1
        if writes:
            rename(school)
        raise LookupError

    with pytest.raises(LookupError):
        cached(school.pk, "question", compute)

    assert times == expected


# One of many computes

MANY, SECONDS = 8, 60


@pytest.fixture
def waiting(monkeypatch) -> Semaphore:
    """Return what tells of each thread that waits for another one's answer."""
    told = Semaphore(0)

    class Watched(Future[Answer]):
        def result(self, timeout: float | None = None) -> Answer:
            if timeout is not None:
                told.release()
            return super().result(timeout)

    monkeypatch.setattr(kept, "Future", Watched)
    return told


@pytest.fixture
def ask_at_once(monkeypatch) -> Any:
    """Return what lets many threads, all of which find nothing kept, ask the same question."""
    everybody = Barrier(MANY)

    def read(_key: str) -> None:
        everybody.wait(SECONDS)

    def ask(fill: Any) -> list[Answer]:
        token = uuid4()
        with ThreadPoolExecutor(MANY) as pool:
            asked = [pool.submit(remembered, token, "question", fill) for _ in range(MANY)]
            return [each.result(SECONDS) for each in asked]

    monkeypatch.setattr(kept, "_read", read)
    return ask


def test_of_many_that_find_nothing_one_computes(waiting, ask_at_once, monkeypatch) -> None:
    monkeypatch.setattr(kept, "PATIENCE_SECONDS", SECONDS)
    fills = []

    def fill() -> Answer:
        fills.append((uuid4(), b"answer"))
        assert all(waiting.acquire(timeout=SECONDS) for _other in range(MANY - 1))
        return fills[-1]

    assert ask_at_once(fill) == fills * MANY
    assert len(fills) == 1


def test_many_that_would_not_wait_for_one_are_caught(ask_at_once, monkeypatch) -> None:
    monkeypatch.setattr(kept, "_once", lambda _key, compute: compute())
    answers = ask_at_once(lambda: (uuid4(), b"answer"))
    assert len(set(answers)) == MANY


def test_whoever_has_waited_long_enough_computes() -> None:
    token, has_begun, may_end = uuid4(), Event(), Event()

    def fill_slowly() -> Answer:
        has_begun.set()
        assert may_end.wait(SECONDS)
        return token, b"late"

    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(remembered, token, "question", fill_slowly)
        assert has_begun.wait(SECONDS)
        answer = remembered(token, "question", lambda: (token, b"own"))
        may_end.set()
        assert (answer, late.result(SECONDS)) == ((token, b"own"), (token, b"late"))
    assert kept.PATIENCE_SECONDS == 0.05


def test_an_error_of_the_one_that_computes_is_not_the_others(waiting, monkeypatch) -> None:
    monkeypatch.setattr(kept, "PATIENCE_SECONDS", SECONDS)
    token, has_begun = uuid4(), Event()

    def fail() -> Answer:
        has_begun.set()
        assert waiting.acquire(timeout=SECONDS)
        raise LookupError

    with ThreadPoolExecutor(1) as pool:
        failing = pool.submit(remembered, token, "question", fail)
        assert has_begun.wait(SECONDS)
        assert remembered(token, "question", lambda: (token, b"own")) == (token, b"own")
        with pytest.raises(LookupError):
            failing.result(SECONDS)
    assert not kept._computing
