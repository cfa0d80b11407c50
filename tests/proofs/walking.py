"""Requests by chance, most of them such as came before, and what two services say to them."""

import datetime as dt
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from types import TracebackType
from typing import NamedTuple, Self

from django.utils import timezone

from scheduling import models
from tests.api.conftest import Maple
from tests.factories import BreakFactory, DayOverrideFactory, PeriodDefinitionFactory
from tests.proofs.asking import Caller, Told

FIRST = dt.date(2026, 8, 1)
DAYS = 330
OWN = {"x-request-id", "ratelimit", "ratelimit-policy", "date"}
"""Headers that are each answer's own."""
NOW = "/now"
TRIES = 20


class Request(NamedTuple):
    """What is asked."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]


class Walk:
    """Makes up requests about a school, in one order for each seed."""

    def __init__(self, seed: int, school: models.School, tokens: Sequence[str]) -> None:
        self.chance = random.Random(seed)
        self._names = (*[school.slug, str(school.pk)] * 4, "nobody")
        self._tokens = ("", *tokens)
        self._tags = ['"other"', "*"]
        self._planted = f"{timezone.now():%FT%T.%fZ}"
        self._recent = [self._new() for _ in range(20)]

    def request(self) -> Request:
        """Return one of twenty recent requests, which change one by one."""
        if self.chance.random() < 0.05:
            self._recent[self.chance.randrange(20)] = self._new()
        return self.chance.choice(self._recent)

    def learn(self, told: Told) -> None:
        """Remember an ETag, to be shown later."""
        if told.etag:
            self._tags = [*self._tags[-30:], told.etag]

    def _new(self) -> Request:
        chance = self.chance
        headers = {"Host": "localhost"}
        if token := chance.choice(self._tokens):
            headers["Authorization"] = token
        if chance.random() < 0.3:
            headers["If_None_Match"] = ", ".join(
                chance.choices(self._tags, k=chance.choice([1, 3]))
            )
        if chance.random() < 0.1:
            headers["Accept"] = chance.choice(["text/html", "application/json", "*/*;q=0.1"])
        if chance.random() < 0.1:
            headers["Origin"] = "https://school.example"
        return Request(
            chance.choice(["GET", "GET", "GET", "HEAD"]), self._path(), tuple(headers.items())
        )

    def _path(self) -> str:
        chance = self.chance
        base = f"/api/v1/schools/{chance.choice(self._names)}"
        day = FIRST + dt.timedelta(days=chance.randrange(DAYS))
        until = day + dt.timedelta(days=chance.randrange(-1, 12))
        track = chance.choice(["", "", "&track=lunch-a", "&track=staff", "&track=lunch-a&track=b"])
        return chance.choice(
            [
                *[f"{base}/days/{day}?{track}".rstrip("?").replace("?&", "?")] * 3,
                f"/api/v1/quarters/for-date?school={chance.choice(self._names)}&date={day}",
                f"{base}/days?from={day}&to={until}{track}",
                f"{base}/now?at={day}T15:45:00Z{track}",
                f"{base}{NOW}",
                f"{base}/days/today",
                f"{base}/weeks",
                f"{base}/instructional-minutes",
                f"{base}/calendar",
                f"{base}/days/{day}?as_of={self._planted}",
                f"{base}/calendar?as_of={self._planted}",
                f"{base}/days/{day}?x=1",
                base,
            ]
        )


class Pair:
    """Two services that are asked at the same time."""

    def __init__(self, *urls: str) -> None:
        self._stack = ExitStack()
        self._callers = [self._stack.enter_context(Caller(url)) for url in urls]
        self._pool = self._stack.enter_context(ThreadPoolExecutor(len(urls)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def ask(self, *requests: Sequence[Request]) -> list[list[Told]]:
        """Return what each service says to its requests."""
        return list(self._pool.map(_answers, requests, self._callers))


def _answers(requests: Sequence[Request], caller: Caller) -> list[Told]:
    return [caller.ask(each.path, each.method, **dict(each.headers)) for each in requests]


def shared(told: Told) -> tuple[int, dict[str, str], str]:
    """Return what has to be equal in two answers to one question."""
    headers = {name: text for name, text in told.headers.items() if name not in OWN}
    return told.status, headers, told.body


def differences(pair: Pair, walk: Walk, count: int) -> list[tuple[Request, Told, Told]]:
    """Ask one service so many requests, and return those to which the other one answers otherwise.

    Nothing is written meanwhile, so the other one is asked each question once. What is on now is
    asked again until both have answered in the same second.
    """
    requests = [walk.request() for _ in range(count)]
    distinct = list(dict.fromkeys(requests))
    answers, others = pair.ask(requests, distinct)
    expected = dict(zip(distinct, others, strict=True))
    found = []
    for request, told in zip(requests, answers, strict=True):
        walk.learn(told)
        if shared(told) != shared(expected[request]) and not _agree_now(pair, request):
            found.append((request, told, expected[request]))
    return found


def _agree_now(pair: Pair, request: Request) -> bool:
    """Return whether both come to say the same of the same second."""
    for _try in range(TRIES if request.path.endswith(NOW) else 0):
        (one,), (other,) = pair.ask([request], [request])
        if shared(one) == shared(other):
            return True
    return False


# Writes


def rename(maple: Maple, chance: random.Random) -> None:
    name = f"Maple {chance.randrange(10**6)}"
    models.School.objects.filter(pk=maple.school.pk).update(name=name)


def open_or_close_to_the_public(maple: Maple, _chance: random.Random) -> None:
    school = models.School.objects.get(pk=maple.school.pk)
    school.is_public = not school.is_public
    school.save()


def move_a_quarter(maple: Maple, chance: random.Random) -> None:
    end = dt.date(2026, 12, 18) - dt.timedelta(days=chance.randrange(20))
    models.Quarter.objects.filter(pk=maple.quarters[1].pk).update(end_date=end)


def note_something(maple: Maple, chance: random.Random) -> None:
    term = models.Term.objects.get(pk=maple.term.pk)
    term.metadata = {"note": chance.randrange(10**6)}
    term.save()


def close_another_day(maple: Maple, chance: random.Random) -> None:
    models.DayOverride.objects.filter(school=maple.school).delete()
    day = dt.date(2026, 9, 1) + dt.timedelta(days=chance.randrange(200))
    DayOverrideFactory.create(academic_year=maple.year, start_date=day)


def take_another_break(maple: Maple, chance: random.Random) -> None:
    models.Break.objects.filter(school=maple.school).delete()
    day = dt.date(2026, 9, 1) + dt.timedelta(days=chance.randrange(200))
    BreakFactory.create(academic_year=maple.year, start_date=day, end_date=day)


def ring_otherwise(maple: Maple, chance: random.Random) -> None:
    length = chance.randrange(30, 43)
    models.PeriodDefinition.objects.filter(template=maple.late_start, number=2).delete()
    PeriodDefinitionFactory.create(
        template=maple.late_start, number=2, start=dt.time(9, 49), length=length, passing=0
    )


def move_to_another_zone(maple: Maple, chance: random.Random) -> None:
    zone = chance.choice(["America/Chicago", "Asia/Kathmandu", "Pacific/Apia"])
    models.School.objects.filter(pk=maple.school.pk).update(timezone=zone)


def rename_the_district(maple: Maple, chance: random.Random) -> None:
    name = f"Harbor {chance.randrange(10**6)}"
    models.District.objects.filter(pk=maple.school.district_id).update(name=name)


def change_nothing(maple: Maple, _chance: random.Random) -> None:
    models.School.objects.get(pk=maple.school.pk).save()


WRITES: tuple[Callable[[Maple, random.Random], None], ...] = (
    rename,
    open_or_close_to_the_public,
    move_a_quarter,
    note_something,
    close_another_day,
    take_another_break,
    ring_otherwise,
    move_to_another_zone,
    rename_the_district,
    change_nothing,
)
