"""Answers kept under a school's revision token; only this module keeps them.

The key contains the token, so nothing is ever deleted and nothing stale can be served: after a
write nobody asks for the old key again. A lost cache costs speed only, and so does a spoiled one:
in Redis each answer has a checksum. See docs/adr/0002.
"""

import json
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID
from zlib import crc32

from django.conf import settings
from django.core.cache import cache

from core import redis
from core.metrics import CACHE
from core.revision import is_revising, plain, school_model

T = TypeVar("T")

Answer = tuple[UUID | None, bytes]
"""A body, and the token of the state that it shows; None if it may be of several."""

_TRIES = 5
PATIENCE_SECONDS = 0.05
"""How long to wait for somebody who computes the same answer already."""
CHECKSUM_BYTES = 4

_HIT, _MISS, _BYPASS = (CACHE.labels("shared", result) for result in ("hit", "miss", "bypass"))


def revision_token(school_id: UUID) -> UUID | None:
    """Return the token of a school's last committed write; None if there is no such school."""
    tokens = plain(school_model()).filter(pk=school_id).values_list("revision_token", flat=True)
    return tokens.first()


def cached(school_id: UUID, name: str, compute: Callable[[], T]) -> T:
    """Return what `compute()` says about a school as of its last committed write.

    The answer is small and made of what JSON has: never a model, whose columns a deploy may
    change. None is an answer too, and kept. `name` says what is asked, dates and all.
    """
    if is_revising(school_id):
        return compute()  # rows are new, the token is still old: stay away from the cache

    def fill() -> Answer:
        token, answer = filled(school_id, compute)
        return token, json.dumps(answer).encode()

    _token, body = remembered(revision_token(school_id), name, fill)
    return json.loads(body)  # type: ignore[no-any-return]


def remembered(token: UUID | None, name: str, fill: Callable[[], Answer]) -> Answer:
    """Return the answer that is kept under a token, or else that of `fill()`, which is then kept.

    Of several threads that miss it at once, one computes it.
    """
    if token is None:
        return fill()
    key = _key(name, token)
    body = _read(key)
    return (token, body) if body is not None else _once(key, lambda: _fill(name, fill))


def filled(school_id: UUID, compute: Callable[[], T]) -> tuple[UUID | None, T]:
    """Return a token and an answer that belong together; a None token means: do not store.

    The token is read before and after. Equal means that no write overtook the rows. Rows of two
    states may make no sense together: an error counts only if the token stood still.
    """
    answer: Any = None
    for attempt in range(1, _TRIES + 1):
        token = revision_token(school_id)
        try:
            answer = compute()
        except Exception:
            if attempt == _TRIES or revision_token(school_id) == token:
                raise
            continue
        if revision_token(school_id) == token:
            return token, answer
    return None, answer


def _fill(name: str, fill: Callable[[], Answer]) -> Answer:
    token, body = fill()
    if token is not None:
        _store(_key(name, token), body)
    return token, body


def _once(key: str, compute: Callable[[], Answer]) -> Answer:
    """Compute, unless another thread does: wait for it a little, and for its error not at all."""
    mine: Future[Answer] = Future()
    with _lock:
        theirs = _computing.setdefault(key, mine)
    if theirs is not mine:
        try:
            return theirs.result(PATIENCE_SECONDS)
        except Exception:  # whatever it was, it may not happen here
            return compute()
    try:
        mine.set_result(compute())
    except BaseException:
        mine.cancel()
        raise
    finally:
        with _lock:
            del _computing[key]
    return mine.result()


_computing: dict[str, "Future[Answer]"] = {}
_lock = Lock()


def _read(key: str) -> bytes | None:
    if not redis.is_configured():
        return _counted(cache.get(key))
    try:
        kept = redis.ask(lambda client, make_key: client.get(make_key(key)))
    except redis.Away:
        _BYPASS.inc()
        return None
    return _counted(_opened(key, kept))


def _counted(body: bytes | None) -> bytes | None:
    (_MISS if body is None else _HIT).inc()
    return body


def _store(key: str, body: bytes) -> None:
    if not redis.is_configured():
        cache.set(key, body, settings.CACHE_TTL_SECONDS)
        return
    kept = _checksum(key, body) + body
    try:
        redis.ask(
            lambda client, make_key: client.set(make_key(key), kept, ex=settings.CACHE_TTL_SECONDS)
        )
    except redis.Away:
        return  # and nothing is lost but time


def _opened(key: str, kept: bytes | None) -> bytes | None:
    """Return the answer that Redis keeps under a key, if it is what was put there."""
    if kept is None or kept[:CHECKSUM_BYTES] != _checksum(key, kept[CHECKSUM_BYTES:]):
        return None
    return kept[CHECKSUM_BYTES:]


def _checksum(key: str, body: bytes) -> bytes:
    return crc32(body, crc32(key.encode())).to_bytes(CHECKSUM_BYTES)


def _key(name: str, token: UUID | None) -> str:
    return f"checked:{token}:{name}"
