"""Feeds at the door: what a key opens is given again to nobody."""

import io
from typing import Any

import pytest

from config.door import Door
from scheduling.models import FeedToken
from tests.factories import FeedTokenFactory, SchoolFactory

pytestmark = pytest.mark.django_db

FEED = "/api/v1/schools/maple-high/calendar.ics"


def ask(door: Any, query: str = "") -> tuple[str, bytes]:
    """Return the status and the body of a WSGI application's answer."""
    told: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": FEED,
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "HTTP_HOST": "testserver",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
    }
    body = door(environ, lambda status, _headers, *_rest: told.append(status))
    return told[0], b"".join(body)


class Counted:
    """A WSGI application, and how often it was asked."""

    def __init__(self, application: Any) -> None:
        self.application = application
        self.count = 0

    def __call__(self, environ: Any, start_response: Any) -> Any:
        self.count += 1
        return self.application(environ, start_response)


@pytest.fixture
def django(application) -> Counted:
    from config import wsgi  # noqa: PLC0415  # the fixture has made it ready

    return Counted(wsgi.django)


@pytest.mark.parametrize("is_public", [True, False], ids=["public", "private"])
def test_a_key_that_was_taken_back_opens_nothing(django: Counted, is_public: bool) -> None:
    school = SchoolFactory.create(slug="maple-high", is_public=is_public)
    token = FeedTokenFactory.create(school=school)
    door = Door(django, max_bytes=10_000_000)

    status, body = ask(door, f"key={token.key}")
    assert (status, body[:15]) == ("200 OK", b"BEGIN:VCALENDAR")
    FeedToken.objects.all().delete()
    assert ask(door, f"key={token.key}")[0] == "404 Not Found"


def test_a_public_feed_is_given_again_without_asking_django(django: Counted) -> None:
    SchoolFactory.create(slug="maple-high")
    door = Door(django, max_bytes=10_000_000)

    assert ask(door) == ask(door)
    assert django.count == 1
