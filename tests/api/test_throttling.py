"""How much one caller may ask in a minute, and what it is told about it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.http import HttpResponse
from django.urls import include, path
from django.utils import timezone
from oauth2_provider.models import get_access_token_model, get_application_model
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

import config.urls
from api.problems import CONTENT_TYPE
from api.throttling import client_address, limited
from core import limits, redis
from tests.core.test_cache import DEAD_REDIS
from tests.factories import UserFactory

NOW = "2026-11-23T12:00:23Z"


class PingView(APIView):
    def get(self, _request) -> Response:
        return Response("pong")

    post = get


def token(request) -> HttpResponse:
    return HttpResponse("a token")


token.csrf_exempt = True

urlpatterns = [
    path("api/ping", PingView.as_view()),
    path("oauth/token", limited(token)),
    path("", include(config.urls.urlpatterns)),
]

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls(__name__),
    pytest.mark.usefixtures("nobody_has_asked"),
]


@pytest.fixture
def nobody_has_asked(settings, monkeypatch) -> Iterator[None]:
    """Stop the clock, forget what was counted at this moment, and let everybody ask twice."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": uuid4().hex}}
    settings.RATE_LIMIT_PER_MINUTE = settings.ANONYMOUS_RATE_LIMIT_PER_MINUTE = 2
    settings.TOKEN_RATE_LIMIT_PER_MINUTE = 2
    monkeypatch.setattr(limits, "_accounts", limits._Accounts())
    monkeypatch.setattr(redis, "_breaker", redis._Breaker())
    with time_machine.travel(NOW, tick=False):
        yield


def program(**fields: Any) -> APIClient:
    """Return a client with the token of an application."""
    application = get_application_model().objects.create(
        client_type="confidential", authorization_grant_type="client-credentials", **fields
    )
    expires = timezone.now() + dt.timedelta(hours=1)
    secret = f"secret-{application.pk}"
    get_access_token_model().objects.create(
        token=secret, application=application, expires=expires, scope="calendar.read"
    )
    return APIClient(headers={"authorization": f"Bearer {secret}"})


def person(**fields: Any) -> APIClient:
    client = APIClient()
    client.force_login(UserFactory.create(**fields))
    return client


def from_address(address: str, **headers: str) -> APIClient:
    return APIClient(REMOTE_ADDR=address, headers=headers)


def asked(client: APIClient, times: int, url: str = "/api/ping") -> list[int]:
    return [client.get(url).status_code for _ in range(times)]


@pytest.mark.parametrize("make", [program, person, APIClient], ids=["program", "person", "anybody"])
def test_every_answer_tells_what_is_left_of_the_minute(make) -> None:
    client = make()
    fields = [
        (response.headers["RateLimit-Policy"], response.headers["RateLimit"])
        for response in (client.get("/api/ping") for _ in range(3))
    ]
    assert fields == [
        ('"default";q=2;w=60', '"default";r=1;t=37'),
        ('"default";q=2;w=60', '"default";r=0;t=37'),
        ('"default";q=2;w=60', '"default";r=0;t=37'),
    ]


def test_too_much_is_refused_with_a_problem_that_says_when_to_come_back(client) -> None:
    asked(client, 2)
    response = client.get("/api/ping")
    assert (response.status_code, response.headers["Retry-After"]) == (429, "37")
    assert response.headers["Content-Type"] == CONTENT_TYPE
    assert response.json() == {
        "type": "/problems/throttled",
        "title": "Too many requests.",
        "status": 429,
        "code": "throttled",
        "detail": "That is too much for one minute. Try again in 37 seconds.",
        "instance": "/api/ping",
        "errors": [],
    }


def test_whoever_comes_back_when_told_is_answered(client) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        asked(client, 2)
        clock.shift(int(client.get("/api/ping").headers["Retry-After"]) - 1)
        too_early = client.get("/api/ping")
        clock.shift(1)
        in_time = client.get("/api/ping")
    assert (too_early.status_code, in_time.status_code) == (429, 200)
    assert too_early.json()["detail"].endswith("Try again in 1 second.")


def test_each_caller_has_a_quota_of_its_own() -> None:
    clients = [program(), program(), person(), person(), APIClient()]
    assert [asked(client, 3) for client in clients] == [[200, 200, 429]] * 5


def test_a_program_and_a_person_with_the_same_number_are_two_callers() -> None:
    assert [asked(client, 3) for client in (program(id=7), person(id=7))] == [[200, 200, 429]] * 2


def test_a_program_is_one_caller_whatever_its_address() -> None:
    client = program()
    statuses = [
        client.get("/api/ping", REMOTE_ADDR=f"192.0.2.{number}").status_code for number in range(3)
    ]
    assert statuses == [200, 200, 429]


def test_a_program_does_not_use_up_what_the_user_it_writes_as_may_ask() -> None:
    user = UserFactory.create()
    client = APIClient()
    client.force_login(user)
    assert (asked(program(user=user), 3), asked(client, 2)) == ([200, 200, 429], [200, 200])


def test_known_and_unknown_callers_have_limits_of_their_own(settings) -> None:
    settings.RATE_LIMIT_PER_MINUTE, settings.ANONYMOUS_RATE_LIMIT_PER_MINUTE = 3, 1
    assert (asked(program(), 4), asked(APIClient(), 2)) == ([200, 200, 200, 429], [200, 429])


def test_a_limit_of_0_is_none(settings) -> None:
    settings.RATE_LIMIT_PER_MINUTE = settings.ANONYMOUS_RATE_LIMIT_PER_MINUTE = 0
    settings.TOKEN_RATE_LIMIT_PER_MINUTE = 0
    for client, url in [
        (program(), "/api/ping"),
        (APIClient(), "/api/ping"),
        (APIClient(), "/oauth/token"),
    ]:
        assert asked(client, 5, url) == [200] * 5
        assert "RateLimit" not in client.get(url).headers


def test_the_lookups_are_counted_too(client, maple) -> None:
    assert asked(client, 3, "/api/v1/schools/maple-high/days/2026-11-23") == [200, 200, 429]


def test_a_304_counts(client, maple) -> None:
    url = "/api/v1/schools/maple-high/days/2026-11-23"
    tag = client.get(url).headers["ETag"]
    response = client.get(url, headers={"if-none-match": tag})
    assert (response.status_code, response.headers["RateLimit"]) == (304, '"default";r=0;t=37')


@pytest.mark.parametrize(
    ("method", "url", "headers", "status"),
    [
        pytest.param("get", "/api/ping", {"authorization": "Bearer guess"}, 401, id="bad-token"),
        pytest.param("post", "/api/ping", {}, 401, id="nobody-writes"),
        pytest.param("get", "/api/v1/nothing", {}, 404, id="no-such-route"),
        pytest.param("get", "/api/ping", {"accept": "text/csv"}, 406, id="no-such-format"),
        pytest.param("delete", "/api/ping", {}, 405, id="no-such-method"),
    ],
)
def test_what_is_refused_before_a_view_counts_for_the_address(
    client, method: str, url: str, headers: dict[str, str], status: int
) -> None:
    responses = [getattr(client, method)(url, headers=headers) for _ in range(3)]
    assert [response.status_code for response in responses] == [status, status, 429]
    assert [response.headers["RateLimit"] for response in responses] == [
        '"default";r=1;t=37',
        '"default";r=0;t=37',
        '"default";r=0;t=37',
    ]
    assert responses[2].headers["Content-Type"] == CONTENT_TYPE
    assert responses[2].headers["Retry-After"] == "37"
    assert responses[2].json()["code"] == "throttled"


def test_a_request_is_counted_once(client) -> None:
    client.get("/api/ping")
    assert client.get("/api/v1/nothing").headers["RateLimit"] == '"default";r=0;t=37'


def test_outside_of_the_api_nothing_is_counted(client) -> None:
    response = client.get("/elsewhere")
    assert (response.status_code, "RateLimit" in response.headers) == (404, False)


def test_tokens_are_limited_by_address_and_apart_from_the_rest(settings) -> None:
    settings.ANONYMOUS_RATE_LIMIT_PER_MINUTE = 9
    office, other = from_address("192.0.2.1"), from_address("192.0.2.2")
    asked(office, 5)
    responses = [office.post("/oauth/token") for _ in range(3)]
    assert [response.status_code for response in responses] == [200, 200, 429]
    assert responses[0].headers["RateLimit-Policy"] == '"token";q=2;w=60'
    assert [response.headers["RateLimit"] for response in responses] == [
        '"token";r=1;t=37',
        '"token";r=0;t=37',
        '"token";r=0;t=37',
    ]
    assert asked(other, 1, "/oauth/token") == [200]


def test_too_many_tokens_are_refused_in_the_words_of_oauth(client) -> None:
    asked(client, 2, "/oauth/token")
    response = client.post("/oauth/token")
    assert (response.status_code, response.headers["Retry-After"]) == (429, "37")
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == {
        "error": "temporarily_unavailable",
        "error_description": "That is too much for one minute. Try again in 37 seconds.",
    }


def test_a_limited_view_stays_what_it_was() -> None:
    assert limited(token).csrf_exempt is True
    assert limited(token).__name__ == "token"


def test_addresses_are_counted_apart() -> None:
    clients = [from_address(f"192.0.2.{number}") for number in (1, 2)]
    assert [asked(client, 3) for client in clients] == [[200, 200, 429]] * 2


def test_who_makes_up_an_address_is_not_believed() -> None:
    statuses = [
        asked(from_address("192.0.2.1", **{"x-forwarded-for": f"198.51.100.{number}"}), 1)
        for number in range(3)
    ]
    assert statuses == [[200], [200], [429]]


def test_behind_one_proxy_each_address_counts_for_itself(settings) -> None:
    settings.NUM_PROXIES = 1
    seen = ["made-up, 198.51.100.1", "another, 198.51.100.1", "198.51.100.1", "198.51.100.2"]
    statuses = [asked(from_address("10.0.0.1", **{"x-forwarded-for": hops}), 1) for hops in seen]
    assert statuses == [[200], [200], [429], [200]]


def test_nobody_escapes_by_another_address_of_the_same_network() -> None:
    statuses = [asked(from_address(f"2001:db8:0:1::{number}"), 1) for number in range(1, 4)]
    assert statuses == [[200], [200], [429]]
    assert asked(from_address("2001:db8:0:2::1"), 1) == [200]


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "address"),
    [
        pytest.param(0, "192.0.2.1", "198.51.100.1", "192.0.2.1", id="no-proxy"),
        pytest.param(1, "10.0.0.1", "198.51.100.1", "198.51.100.1", id="one"),
        pytest.param(1, "10.0.0.1", "8.8.8.8, 198.51.100.1", "198.51.100.1", id="one-and-a-lie"),
        pytest.param(2, "10.0.0.1", "8.8.8.8,198.51.100.1,10.0.0.2", "198.51.100.1", id="two"),
        pytest.param(2, "10.0.0.1", "198.51.100.1", "198.51.100.1", id="one-of-two"),
        pytest.param(1, "192.0.2.1", None, "192.0.2.1", id="past-the-proxy"),
        pytest.param(1, "192.0.2.1", "", "192.0.2.1", id="empty"),
        pytest.param(1, "192.0.2.1", "unknown", "192.0.2.1", id="no-address"),
        pytest.param(1, "192.0.2.1", "198.51.100.1, é", "192.0.2.1", id="not-ascii"),
        pytest.param(1, "10.0.0.1", "198.51.100.1:5000", "198.51.100.1", id="with-port"),
        pytest.param(1, "10.0.0.1", "[2001:db8::1]:5000", "2001:db8::1", id="ipv6-with-port"),
        pytest.param(1, "10.0.0.1", "2001:DB8:0::1", "2001:db8::1", id="ipv6"),
        pytest.param(0, "::ffff:192.0.2.1", None, "192.0.2.1", id="ipv4-in-ipv6"),
        pytest.param(0, "", None, "", id="unix-socket"),
        pytest.param(0, "999.0.0.1", None, "", id="nonsense"),
    ],
)
def test_the_address_is_that_which_our_outmost_proxy_saw(
    rf, settings, proxies: int, remote: str, forwarded: str | None, address: str
) -> None:
    settings.NUM_PROXIES = proxies
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    assert client_address(rf.get("/api", REMOTE_ADDR=remote, **headers).META) == address


def test_whose_address_nobody_can_tell_share_one_quota() -> None:
    statuses = [asked(from_address(address), 1) for address in ("", "unix:", "")]
    assert statuses == [[200], [200], [429]]


def test_the_limits_hold_while_redis_is_away(client, settings) -> None:
    settings.CACHES = DEAD_REDIS
    assert asked(client, 3) == [200, 200, 429]
