"""A POST that may be sent again: with an Idempotency-Key it takes effect once.

Everything happens in one transaction: the effect of the POST, and the answer that is kept for
those who ask again. Either both are committed or neither is.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, wraps
from hashlib import sha256
from http import HTTPStatus
from threading import Lock
from typing import Any, TypeVar, cast

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.status import is_success
from rest_framework.views import APIView

from api.authentication import actor_of
from api.models import IdempotentAnswer
from core.turns import lock_number

Method = TypeVar("Method", bound=Callable[..., Response])

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{1,255}")
KEPT = dt.timedelta(hours=24)
SWEPT = 10
"""How many expired answers go whenever one is kept: more than come, so they never pile up."""


class KeyRunning(exceptions.APIException):
    """The first request with the key has not been answered yet."""

    status_code = HTTPStatus.CONFLICT
    default_code = "idempotency_key_running"
    default_detail = _("The first request with this key is still running. Try again in a moment.")
    wait = 1


class KeyReused(exceptions.APIException):
    """The key belongs to a request that said something else."""

    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_reused"
    default_detail = _("Another request had this key. Send a new key with every new request.")


def idempotent(method: Method) -> Method:
    """Let a view's method for POST take effect once for each Idempotency-Key of a caller.

    Whoever sends the same again within 24 hours gets the first answer again; what was refused may
    be tried again. Without the header the method is what it was.
    """

    @wraps(method)
    def answer(view: APIView, request: Request, *args: Any, **kwargs: Any) -> Response:
        act = partial(method, view, request, *args, **kwargs)
        if HEADER not in request.headers:
            return act()
        asked = _Asked.by(request)
        with _alone(asked.name):
            return asked.first_answer() or _act_and_keep(view, act, asked)

    answer.is_idempotent = True  # type: ignore[attr-defined]
    return cast("Method", answer)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a caller asks for under a key."""

    caller: dict[str, Any]
    """Either the `application` or the `user`, as a column of the answer."""
    key: str
    fingerprint: str

    @classmethod
    def by(cls, request: Request) -> "_Asked":
        """Read a request. Raises what is wrong with it."""
        key = request.headers[HEADER]
        if not KEY.fullmatch(key):
            message = _("A key has 1 to 255 visible ASCII characters; a random UUID will do.")
            error = exceptions.ErrorDetail(str(message), "invalid_idempotency_key")
            raise exceptions.ValidationError({HEADER: [error]})
        actor = actor_of(request)
        if not actor.is_known:
            raise exceptions.NotAuthenticated
        is_program = actor.application is not None
        caller = {"application": actor.application} if is_program else {"user": actor.user}
        return cls(caller, key, _fingerprint(request))

    @property
    def name(self) -> str:
        """Name the caller and the key, for the lock."""
        [(kind, who)] = self.caller.items()
        return f"{kind}:{who.pk}:{self.key}"

    def first_answer(self) -> Response | None:
        """Return the answer of the first time, unless this is the first time in 24 hours.

        Raises KeyReused.
        """
        kept = IdempotentAnswer.objects.filter(**self.caller, key=self.key).first()
        if kept is None:
            return None
        if kept.created_at <= timezone.now() - KEPT:
            kept.delete()
            return None
        if kept.fingerprint != self.fingerprint:
            raise KeyReused
        return kept.replay()


def _fingerprint(request: Request) -> str:
    """Digest what a request says: a body of equal JSON says the same, whatever its spaces.

    The raw body is gone by now: the check of a person's CSRF token has read and parsed it.
    """
    said = [request.method, request.get_full_path(), request.data]
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _act_and_keep(view: APIView, act: Callable[[], Response], asked: _Asked) -> Response:
    """Act, and keep the answer; what is refused leaves no trace."""
    response = _act(view, act)
    if is_success(response.status_code):
        _expired().delete()
        answer = IdempotentAnswer(**asked.caller, key=asked.key, fingerprint=asked.fingerprint)
        answer.take_down(response)
        answer.save(force_insert=True)
    else:
        transaction.set_rollback(True)
    return response


def _act(view: APIView, act: Callable[[], Response]) -> Response:
    """Return the answer; an expected failure is one, too, and undoes what went before it."""
    try:
        with transaction.atomic():
            return act()
    except Exception as failure:
        return view.handle_exception(failure)


def _expired() -> QuerySet[IdempotentAnswer]:
    """Return some answers that nobody gets any more, but for those that others delete just now."""
    rows = IdempotentAnswer.objects.filter(created_at__lte=timezone.now() - KEPT)
    some = rows.order_by("created_at").select_for_update(skip_locked=True)[:SWEPT]
    return IdempotentAnswer.objects.filter(pk__in=[row.pk for row in some.only("pk")])


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Open the transaction of the only request that uses the key now. Raises KeyRunning."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            _lock_in_database(name)
            yield
    else:
        with _locked_in_process(name), transaction.atomic():
            yield


def _lock_in_database(name: str) -> None:
    """Take PostgreSQL's lock on a name, which ends with the transaction."""
    number = lock_number(f"idempotency:{name}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if cursor.fetchone() != (True,):
            raise KeyRunning


_running: set[str] = set()
_running_lock = Lock()


@contextmanager
def _locked_in_process(name: str) -> Iterator[None]:
    """Hold a name in this process, which is all there is where SQLite is the database.

    Another process would wait for the transaction of this one, and then find its answer.
    """
    with _running_lock:
        if name in _running:
            raise KeyRunning
        _running.add(name)
    try:
        yield
    finally:
        _running.discard(name)
