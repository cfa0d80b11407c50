"""What only people need: programs go past it.

A program shows a token, and anybody may read a public school; neither has a session, or a page to
leave a message on. So whatever asks the API without a cookie is spared the middleware that looks
for these things. It would find nothing.
"""

from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest

PROGRAMS_PATH = "/api/v1/"


class ForPeople:
    """Mixed into a middleware, lets requests without a cookie to the API go past it."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> Any:
        """Pass a program's request on as it is, and handle all others."""
        if request.path_info.startswith(PROGRAMS_PATH) and not request.META.get("HTTP_COOKIE"):
            return self.get_response(request)
        return super().__call__(request)  # type: ignore[misc]


class Sessions(ForPeople, SessionMiddleware):
    """Finds a person's session."""


class Logins(ForPeople, AuthenticationMiddleware):
    """Finds who has logged in."""


class Messages(ForPeople, MessageMiddleware):
    """Keeps what the next page is to say."""
