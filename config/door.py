"""The door: whole answers of the lookups, kept by this process and given without asking Django.

Nobody can tell that it is there. An answer is given again only to a request that is the same in
everything that Django would look at; only while the school is in the state that the answer shows,
in the stretch of time that it speaks of; and only to somebody who may still read the school's
calendar. What each request is promised for itself happens here as it does there: its id, its place
in the caller's minute, a look at the database if it asks for one. Everything else goes on to
Django, which says what may be kept: see `api.lasting`.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.db import DatabaseError, InterfaceError
from django.http import HttpResponse

from api.authentication import reading_credential
from api.conditions import asks_anew
from api.lasting import LASTING, Lasting
from api.middleware import ROUTE, request_id_of
from api.throttling import TooManyRequests, count_caller, limit_fields
from core.metrics import CACHE
from scheduling.reach import Reach
from scheduling.states import SchoolState, state_of

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
App = Callable[[Environ, Any], Iterable[bytes]]

ASKED = (
    "REQUEST_METHOD",
    "wsgi.url_scheme",
    "SCRIPT_NAME",
    "PATH_INFO",
    "QUERY_STRING",
    "CONTENT_TYPE",
    "HTTP_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_AUTHORIZATION",
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_ORIGIN",
    "HTTP_IF_NONE_MATCH",
)
"""What the answer to a request may hang on."""
STRANGE = ("HTTP_COOKIE", "HTTP_IF_MATCH", "HTTP_TRANSFER_ENCODING", "CONTENT_LENGTH")
"""Whoever sends one of these wants more than a lookup, or is a person who has logged in."""
OF_THE_REQUEST = frozenset({"x-request-id", "ratelimit", "ratelimit-policy"})
"""Headers that are each request's own."""
KEPT_STATUSES = ("200 ", "304 ")
OVERHEAD_BYTES = 2300
"""What an answer takes beside its body and what was asked, about."""

_HIT, _MISS = CACHE.labels("door", "hit"), CACHE.labels("door", "miss")


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it left Django, without what was the request's own."""

    status: str
    headers: Headers
    body: bytes
    route: str
    lasting: Lasting
    size: int
    """Bytes that it takes, with what was asked, about."""


class Door:
    """Keeps answers of `max_bytes` together; the one that nobody asked for longest goes first."""

    def __init__(self, django: App, max_bytes: int) -> None:
        self._django = django
        self._max_bytes = max_bytes
        self._bytes = 0
        self._kept: OrderedDict[tuple[Any, ...], Kept] = OrderedDict()
        self._lock = Lock()

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or any(map(environ.get, STRANGE)):
            return self._django(environ, start_response)
        asked = tuple(map(environ.get, ASKED))
        kept = self._find(asked)
        if kept is None or not _is_true(kept.lasting, environ):
            return self._ask_django(asked, environ, start_response)
        _HIT.inc()
        environ[ROUTE] = kept.route
        start_response(kept.status, [*kept.headers, *_own_headers(environ)])
        return [kept.body]

    def _ask_django(
        self, asked: tuple[Any, ...], environ: Environ, start_response: Any
    ) -> Iterable[bytes]:
        told: list[Any] = []

        def listen(status: str, headers: Headers, *rest: Any) -> Any:
            told[:] = status, headers
            return start_response(status, headers, *rest)

        response = self._django(environ, listen)
        if LASTING in environ and told[0].startswith(KEPT_STATUSES):
            _MISS.inc()
            self._keep(asked, _answer(asked, told, response, environ))
        return response

    def _find(self, asked: tuple[Any, ...]) -> Kept | None:
        with self._lock:
            kept = self._kept.get(asked)
            if kept is not None:
                self._kept.move_to_end(asked)
            return kept

    def _keep(self, asked: tuple[Any, ...], kept: Kept | None) -> None:
        if kept is None:
            return
        with self._lock:
            self._forget(self._kept.pop(asked, None))
            self._kept[asked] = kept
            self._bytes += kept.size
            while self._bytes > self._max_bytes:
                self._forget(self._kept.popitem(last=False)[1])

    def _forget(self, kept: Kept | None) -> None:
        if kept is not None:
            self._bytes -= kept.size


def _is_true(lasting: Lasting, environ: Environ) -> bool:
    """Return whether an answer still holds for whoever asks now, and count the request if so.

    If that cannot be told, because the database does not answer or the caller has asked too much,
    Django tells it.
    """
    if not lasting.span.since <= time.time() < lasting.span.until:
        return False
    try:
        school = state_of(lasting.school, anew=asks_anew(environ))
        if school is None or school.token != lasting.token:
            return False
        shown = reading_credential(environ)
        if shown is None or not _may_read(shown.reach, school, lasting):
            return False
        count_caller(environ, shown.actor)
    except (DatabaseError, InterfaceError, TooManyRequests):
        return False
    return True


def _may_read(reach: Reach, school: SchoolState, lasting: Lasting) -> bool:
    return reach.has_role_in(school) if lasting.needs_role else reach.includes(school)


def _own_headers(environ: Environ) -> Headers:
    return [("X-Request-Id", request_id_of(environ)), *limit_fields(environ)]


def _answer(
    asked: tuple[Any, ...], told: list[Any], response: Any, environ: Environ
) -> Kept | None:
    if not isinstance(response, HttpResponse) or response.cookies:
        return None
    status, headers = told
    shared = [each for each in headers if each[0].lower() not in OF_THE_REQUEST]
    size = len(response.content) + sum(len(text or "") for text in asked) + OVERHEAD_BYTES
    return Kept(status, shared, response.content, environ.get(ROUTE, ""), environ[LASTING], size)
