"""Programs are spared what only people need, and notice nothing of it."""

import re
from random import Random
from typing import Any

import pytest
import time_machine
from django.conf import settings as live_settings
from django.db import transaction
from django.test import Client

from scheduling.models import School
from tests.factories import ApplicationFactory, SchoolFactory, bearer

pytestmark = pytest.mark.django_db

NOW = "2026-11-23T15:45:00Z"
SCHOOLS = "/api/v1/schools"
MAPLE = f"{SCHOOLS}/maple-high"
HOME = {"SECURE_SSL_REDIRECT": False, "SECURE_HSTS_SECONDS": 60}
PRODUCTION = {
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 60,
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
}
EXEMPT = {**PRODUCTION, "SECURE_REDIRECT_EXEMPT": ["now$"]}
SHORT_WAY = {"api.people.short_way_in", "api.people.short_way_out"}


@pytest.fixture(autouse=True)
def school() -> School:
    return SchoolFactory.create(slug="maple-high", is_public=True)


@pytest.fixture
def token() -> str:
    return bearer(ApplicationFactory.create(user__is_superuser=True))["authorization"]


def clients(settings: Any, said: dict[str, Any]) -> list[Client]:
    """Return two clients, of which the second goes the long way."""
    for name, value in said.items():
        setattr(settings, name, value)
    found = [Client(raise_request_exception=False) for _way in range(2)]
    found[0].handler.load_middleware()
    settings.MIDDLEWARE = [name for name in live_settings.MIDDLEWARE if name not in SHORT_WAY]
    found[1].handler.load_middleware()
    return found


def told(client: Client, method: str, url: str, headers: Any, **rest: Any) -> Any:
    """Return what is answered; what is written is undone."""
    with time_machine.travel(NOW, tick=False), transaction.atomic():
        answer: Any = client.generic(method, url, headers=headers, **rest)
        transaction.set_rollback(True)
    shared = {name: text for name, text in answer.headers.items() if name != "RateLimit"}
    varies = re.split(r",\s*", shared.pop("Vary", "").lower())
    looked_for = set() if "Cookie" in headers else {"cookie"}  # in vain, by the long way
    return answer.status_code, shared, set(varies) - looked_for, answer.getvalue()


def a_request(random: Random, token: str) -> dict[str, Any]:
    """Return a request, one in three of them a plain question of a program."""
    plain = random.random() < 0.3
    chances = [
        (0.7, "Authorization", [token, token, "Bearer nonsense", "Basic eDp5"]),
        (0.2, "Accept", ["application/json", "text/html", ""]),
        (0.2, "Origin", ["https://a.example", "null", "nonsense"]),
        (0.1, "Cookie", ["theme=dark", "sessionid=nonsense", 'a="\\000"']),
        (0.1, "X-CSRFToken", ["nonsense"]),
        (0.1, "If-None-Match", ["*", '"x"']),
        (0.1, "Host", ["evil.example", "", "a b", "testserver:8000", "testserver."]),
        (0.1, "User-Agent", ["", "wget"]),
        (0.1, "Referer", ["https://evil.example/"]),
        (0.9, "X-Forwarded-Proto", ["https", "https", "https", "http", ""]),
    ]
    headers = {"X-Request-Id": "same"}
    for chance, name, values in chances:
        if random.random() < (chance > 0.5 if plain else chance):
            headers[name] = values[0] if plain else random.choice(values)
    paths = [
        MAPLE, f"{MAPLE}/now", f"{MAPLE}/days/today", f"{MAPLE}/calendar.ics", SCHOOLS,
        f"{SCHOOLS}?page_size=1&x=y", f"{SCHOOLS}/", f"{SCHOOLS}/elm-high", "/api/v1/nothing",
        "/api/v1/", "/api/v1", "/api//v1/schools", "/api/schema", "/api/docs", "/admin/",
        "/static/admin/css/base.css", "/ims/oneroster/rostering/v1p2/orgs",
    ]  # fmt: skip
    return {
        "method": "GET" if plain else random.choice(["GET", "HEAD", "POST", "PATCH", "OPTIONS"]),
        "url": random.choice(paths[:6] if plain else paths),
        "headers": headers,
        "secure": random.random() < 0.1,
        "data": "" if plain else random.choice(["", '{"name": "Oak"}', "{"]),
        "content_type": "application/json",
    }


@pytest.mark.parametrize("said", [HOME, PRODUCTION, EXEMPT], ids=["home", "production", "exempt"])
def test_nobody_can_tell_which_way_a_request_took(settings, token, said: dict[str, Any]) -> None:
    settings.RATE_LIMIT_PER_MINUTE = settings.ANONYMOUS_RATE_LIMIT_PER_MINUTE = 0
    ways = clients(settings, said)
    random = Random(16)
    statuses = set()
    for _turn in range(250):
        asked = a_request(random, token)
        short, long = (told(client, **asked) for client in ways)
        assert short == long, asked
        statuses.add(short[0])
    assert statuses >= {200, 400, 401, 404, 405}


def test_nobody_looks_for_the_session_of_a_program() -> None:
    plain, with_cookie = (Client().get, Client(headers={"cookie": "theme=dark"}).get)
    assert not hasattr(plain(MAPLE).wsgi_request, "session")
    assert hasattr(with_cookie(MAPLE).wsgi_request, "session")
    assert hasattr(Client().get("/admin/login/").wsgi_request, "session")


def test_answers_to_programs_do_not_vary_with_cookies() -> None:
    vary = Client().get(MAPLE).headers["Vary"].lower()
    assert "cookie" not in vary
    assert "origin" in vary
