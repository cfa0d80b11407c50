"""The door in front of Django: quick, and as if it were not there."""

import time
from collections.abc import Callable, Iterator
from random import Random
from types import SimpleNamespace
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from oauth2_provider.models import get_access_token_model

from config import door
from config.door import Door
from config.settings import base
from core import freshness, limits
from scheduling.models import Break, Membership, School
from tests.api.conftest import Maple, plant_maple
from tests.factories import ApplicationFactory, MembershipFactory, SchoolFactory, bearer

pytestmark = pytest.mark.django_db

BASE = "/api/v1/schools/maple-high"
DAY = f"{BASE}/days/2026-11-23"
NOW = "2026-11-23T15:45:00.5Z"
PLENTY = 10**8
SEEDS = range(4)

Request = tuple[str, str, dict[str, str]]
"""A method, an address and headers."""


class Told(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Service:
    """Django behind a door, and how often it was asked."""

    def __init__(self, application: Any, max_bytes: int = PLENTY) -> None:
        self._application = application
        self.asked = 0
        self.door = Door(self._django, max_bytes)

    def _django(self, environ: Any, start_response: Any) -> Any:
        self.asked += 1
        return self._application(environ, start_response)

    def get(self, url: str, method: str = "GET", **headers: str) -> Told:
        return ask(self.door, url, method, **headers)


def ask(application: Any, url: str, method: str = "GET", **headers: str) -> Told:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    environ = RequestFactory().generic(method, url, headers=sent).environ
    told: list[Any] = []
    environ = {name: value for name, value in environ.items() if name != "HTTP_COOKIE"}
    response = application(environ, lambda *answer: told.extend(answer))
    body = b"".join(response)
    close: Callable[[], None] = getattr(response, "close", lambda: None)
    close()
    status, given = told
    return Told(int(status[:3]), dict(sorted(given)), body)


@pytest.fixture
def maple() -> Maple:
    return plant_maple()


@pytest.fixture
def service(application, maple) -> Service:
    from config.wsgi import django  # noqa: PLC0415  # it needs the settings

    return Service(django)


@pytest.fixture
def noon() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def viewer(place: School) -> dict[str, str]:
    """Return what a program sends that may read a school."""
    program = ApplicationFactory.create()
    MembershipFactory.create(application=program, school=place, role="viewer")
    return bearer(program)


def hide(school: School) -> None:
    school.is_public = False
    school.save()


@pytest.mark.parametrize(
    "url",
    [
        DAY,
        f"{BASE}/days/today",
        f"{BASE}/days?from=2026-11-23&to=2026-11-27",
        f"{BASE}/now",
        f"{BASE}/now?at=2026-11-23T15:45:00Z&track=lunch-a",
        f"{BASE}/weeks",
        f"{BASE}/instructional-minutes",
        f"{BASE}/calendar",
        "/api/v1/quarters/for-date?school=maple-high&date=2026-11-23",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_was_answered_is_answered_again_without_django(
    service, noon, url: str, method: str
) -> None:
    first = service.get(url, method, X_Request_Id="one")
    again = service.get(url, method, X_Request_Id="one")
    assert (first.status, again.body, service.asked) == (200, first.body, 1)
    left = again.headers.pop("RateLimit"), first.headers.pop("RateLimit")
    assert again.headers == first.headers
    assert left[0] != left[1]


def test_each_request_has_an_id_of_its_own(service) -> None:
    ids = {service.get(DAY).headers["X-Request-Id"] for _ in range(3)}
    assert (len(ids), service.asked) == (3, 1)
    assert service.get(DAY, X_Request_Id="mine").headers["X-Request-Id"] == "mine"


def test_what_the_caller_holds_is_confirmed_without_django(service) -> None:
    etag = service.get(DAY).headers["ETag"]
    first, again = (service.get(DAY, If_None_Match=etag) for _ in range(2))
    assert (first.status, again.status, again.body, service.asked) == (304, 304, b"", 2)
    assert again.headers["ETag"] == etag
    assert service.get(DAY, If_None_Match='"other"').status == 200


def rename(maple: Maple) -> None:
    School.objects.filter(pk=maple.school.pk).update(name=f"Maple {uuid4()}")


def turn_public_or_private(maple: Maple) -> None:
    is_public = School.objects.get(pk=maple.school.pk).is_public
    School.objects.filter(pk=maple.school.pk).update(is_public=not is_public)


def end_breaks(maple: Maple) -> None:
    Break.objects.filter(school=maple.school).delete()


def take_a_token(maple: Maple) -> None:
    get_access_token_model().objects.order_by("token_checksum").first().delete()


def take_a_role(maple: Maple) -> None:
    Membership.objects.order_by("-id").first().delete()


WRITES = [rename, turn_public_or_private, end_breaks, take_a_token, take_a_role]


def replay(service: Service, django: Any, maple: Maple, clock: Any, seed: int) -> Iterator[Any]:
    """Ask by chance, and yield what is told at the door, and what without it."""
    random = Random(seed)
    tokens = [viewer(maple.school)["authorization"] for _ in range(20)]
    tokens += [
        bearer(ApplicationFactory.create())["authorization"],
        "Bearer nonsense",
        "Basic eDp5",
    ]
    etags = ['"other"', "*"]
    asked = [a_request(random, tokens, etags) for _ in range(12)]
    for turn in range(500):
        if turn % 100 == 99:
            random.choice(WRITES)(maple)
        if turn % 40 == 39:
            clock.shift(random.choice([0.4, 1, 3600, 86_400]))
        if turn % 5 == 4:
            new = a_request(random, tokens, etags)
            asked[random.randrange(12)] = a_variant(random, random.choice(asked), new)
        method, url, headers = random.choice(asked)
        told = service.get(url, method, X_Request_Id="same", **headers)
        yield told, ask(django, url, method, X_Request_Id="same", **headers), url, headers
        if "ETag" in told.headers:
            etags.append(told.headers["ETag"])


@pytest.fixture
def unlimited(settings) -> None:
    settings.RATE_LIMIT_PER_MINUTE = settings.ANONYMOUS_RATE_LIMIT_PER_MINUTE = 0


@pytest.mark.usefixtures("unlimited")
@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_is_asked_is_answered_as_without_the_door(
    service, maple, application, noon, seed: int
) -> None:
    from config.wsgi import django  # noqa: PLC0415  # it needs the settings

    for told, right, *asked in replay(service, django, maple, noon, seed):
        assert told == right, asked
    assert service.asked < 450


@pytest.mark.usefixtures("unlimited")
@pytest.mark.parametrize(
    "name", ["PATH_INFO", "QUERY_STRING", "HTTP_ACCEPT", "HTTP_ORIGIN", "HTTP_IF_NONE_MATCH"]
)
def test_a_door_that_overlooks_what_an_answer_hangs_on_is_caught(
    service, maple, application, noon, monkeypatch, name: str
) -> None:
    from config.wsgi import django  # noqa: PLC0415  # it needs the settings

    monkeypatch.setattr(door, "ASKED", tuple(each for each in door.ASKED if each != name))
    walks = (replay(service, django, maple, noon, seed) for seed in range(3 * len(SEEDS)))
    assert any(told != right for walk in walks for told, right, *_asked in walk)


@pytest.mark.usefixtures("unlimited")
def test_a_door_that_gives_everything_again_is_caught(
    service, maple, application, noon, monkeypatch
) -> None:
    from config.wsgi import django  # noqa: PLC0415  # it needs the settings

    monkeypatch.setattr(door, "_is_true", lambda *_asked: True)
    assert any(told != right for told, right, *_asked in replay(service, django, maple, noon, 0))


def a_variant(random: Random, request: Request, other: Request) -> Request:
    """Return the other request, or one that differs in one header at most, which that one has."""
    if random.random() < 0.5:
        return other
    method, url, headers = request
    names = random.sample(sorted(other[2]), min(1, len(other[2])))
    return method, url, {**headers, **{name: other[2][name] for name in names}}


def a_request(random: Random, tokens: list[str], etags: list[str]) -> Request:
    """Return a request, most parts of which are such as came before."""
    date = random.choice([*["today", "2026-11-23"] * 4, "2026-11-26", "2026-07-04", "2026-13-01"])
    track = random.choice([*[""] * 4, *["?track=lunch-a"] * 4, "?track=all&track=none", "?trick=x"])
    url = random.choice(
        [
            *[f"{BASE}/days/{date}{track}"] * 4,
            *[f"{BASE}/now{track}"] * 2,
            *[f"/api/v1/quarters/for-date?school=maple-high&date={date}"] * 2,
            "/api/v1/schools/elm-high/days/today",
        ]
    )
    chances = [
        (0.4, "authorization", lambda: random.choice([*tokens[:2] * 20, *tokens])),
        (0.2, "Accept", lambda: random.choice([*["text/html"] * 3, "application/json", "*/*", ""])),
        (0.1, "Origin", lambda: random.choice(["https://a.example", "null", "nonsense"])),
        (0.2, "If_None_Match", lambda: random.choice(etags[-8:])),
        (0.1, "Cache_Control", lambda: "no-cache"),
        (0.05, "Cookie", lambda: "sessionid=nonsense"),
        (0.05, "Accept_Encoding", lambda: "gzip"),
        (0.02, "Content_Type", lambda: "application/json"),
        (0.02, "If_Match", lambda: '"x"'),
        (0.02, "Host", lambda: "evil.example"),
    ]
    headers = {name: value() for chance, name, value in chances if random.random() < chance}
    method = random.choice([*["GET"] * 12, *["HEAD"] * 4, "OPTIONS", "DELETE"])
    return method, url, headers


def test_nothing_private_is_given_to_anybody_else(service, maple) -> None:
    hide(maple.school)
    mine, other = viewer(maple.school), bearer(ApplicationFactory.create())
    assert [service.get(DAY, **mine).status for _ in range(2)] == [200, 200]
    assert service.asked == 1
    assert [service.get(DAY, **each).status for each in (other, {}, mine)] == [404, 404, 200]
    assert service.get(DAY, Cookie="sessionid=x").status == 404


def take_the_token(maple: Maple) -> None:
    get_access_token_model().objects.all().delete()


def take_the_role(maple: Maple) -> None:
    Membership.objects.all().delete()


def lock_the_account(maple: Maple) -> None:
    for token in get_access_token_model().objects.all():
        token.application.user.is_active = False
        token.application.user.save()


@pytest.mark.parametrize(
    ("take", "status"), [(take_the_token, 401), (take_the_role, 404), (lock_the_account, 401)]
)
def test_what_is_taken_back_is_refused(service, maple, take: Any, status: int) -> None:
    hide(maple.school)
    mine = viewer(maple.school)
    service.get(DAY, **mine)
    take(maple)
    assert service.get(DAY, **mine).status == status


@pytest.mark.parametrize(
    ("take", "status"), [(take_the_token, 401), (take_the_role, 404), (lock_the_account, 401)]
)
def test_what_another_process_takes_back_is_refused_after_five_seconds(
    service, maple, settings, monkeypatch, take: Any, status: int
) -> None:
    settings.CREDENTIAL_MAX_AGE = base.CREDENTIAL_MAX_AGE
    hide(maple.school)
    mine = viewer(maple.school)
    monkeypatch.setattr(freshness, "connection", SimpleNamespace(in_atomic_block=False))
    clock = SimpleNamespace(seconds=time.monotonic())
    monkeypatch.setattr(freshness, "time", SimpleNamespace(monotonic=lambda: clock.seconds))
    service.get(DAY, **mine)
    take(maple)
    clock.seconds += 4.9
    assert (service.get(DAY, **mine).status, service.asked) == (200, 1)
    clock.seconds += 0.1
    assert service.get(DAY, **mine).status == status


def test_an_expired_token_is_refused(service, maple) -> None:
    mine = viewer(maple.school)
    service.get(DAY, **mine)
    with time_machine.travel("2099-01-01T00:00:00Z", tick=False):
        assert service.get(DAY, **mine).status == 401


def test_a_school_that_turns_private_is_gone_for_strangers(service, maple) -> None:
    service.get(DAY)
    hide(maple.school)
    assert service.get(DAY).status == 404


def test_a_slug_that_goes_to_another_school_shows_that_one(service, maple) -> None:
    before = service.get(DAY)
    School.objects.filter(pk=maple.school.pk).update(slug="maple-old")
    SchoolFactory.create(slug="maple-high", is_public=True)
    assert service.get(DAY).body != before.body


def test_what_is_now_is_kept_for_its_second(service, noon) -> None:
    url = f"{BASE}/now"
    service.get(url), service.get(url)
    assert service.asked == 1
    noon.shift(0.5)
    assert b'"2026-11-23T15:45:01Z"' in service.get(url).body
    noon.shift(-1)
    assert b'"2026-11-23T15:45:00Z"' in service.get(url).body


def test_today_is_kept_until_the_school_s_midnight(service, noon) -> None:
    url = f"{BASE}/days/today"
    service.get(url)
    noon.move_to("2026-11-24T05:59:59Z")
    assert b'"date":"2026-11-23"' in service.get(url).body
    assert service.asked == 1
    noon.move_to("2026-11-24T06:00:00Z")
    assert b'"date":"2026-11-24"' in service.get(url).body


def test_a_hit_is_counted_and_the_last_one_is_refused(service, settings, noon, monkeypatch) -> None:
    monkeypatch.setattr(limits, "_accounts", limits._Accounts())
    settings.ANONYMOUS_RATE_LIMIT_PER_MINUTE = 3
    address = {"X_Forwarded_For": f"192.0.2.{Random().randrange(250)}"}
    settings.NUM_PROXIES = 1
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": str(id(service))}}
    told = [service.get(DAY, **address) for _ in range(5)]
    assert [each.status for each in told] == [200, 200, 200, 429, 429]
    assert [each.headers["RateLimit"][:13] for each in told] == [
        f'"default";r={left}' for left in (2, 1, 0, 0, 0)
    ]


def test_a_database_that_is_away_is_told_by_django(service, monkeypatch) -> None:
    service.get(DAY)

    def away(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(door, "state_of", away)
    assert (service.get(DAY).status, service.asked) == (200, 2)


def test_a_hit_asks_for_the_school_alone(service) -> None:
    service.get(DAY)
    with CaptureQueriesContext(connection) as queries:
        service.get(DAY)
    assert len(queries) == 1


def test_refusals_writes_and_lists_are_not_kept(service) -> None:
    for url in ("/api/v1/schools", f"{BASE}/days/x", "/api/v1/schools/none/now", "/api/schema"):
        service.get(url), service.get(url)
    assert service.asked == 8
    assert not service.door._kept


def test_no_more_is_kept_than_there_is_room_for(service) -> None:
    service.get(DAY)
    (first,) = service.door._kept.values()
    service.door._max_bytes = 2 * first.size + 200
    later = f"{BASE}/days/2026-11-24"
    service.get(later), service.get(DAY)
    service.get(f"{DAY}?track=lunch-a")
    assert service.door._bytes == sum(kept.size for kept in service.door._kept.values())
    asked = service.asked
    service.get(DAY)
    assert service.asked == asked
    service.get(later)
    assert service.asked == asked + 1


def test_what_was_asked_takes_room_too(service) -> None:
    service.get(DAY, If_None_Match='"x"'), service.get(DAY, If_None_Match=f'"{"x" * 10_000}"')
    sizes = [kept.size for kept in service.door._kept.values()]
    assert sizes[1] - sizes[0] == 9_999


def test_an_answer_takes_the_place_of_the_one_before(service, maple) -> None:
    service.get(DAY)
    maple.school.name = "Maple Senior High"
    maple.school.save()
    assert b"Senior" in service.get(DAY).body
    assert len(service.door._kept) == 1
