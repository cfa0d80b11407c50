"""Answers kept under a school's revision token; only this module touches Django's cache.

The key contains the token, so nothing is ever deleted and nothing stale can be served: after a
write nobody asks for the old key again. A lost cache costs speed only. See docs/adr/0002.
"""

import logging
from collections.abc import Callable
from typing import Any, TypeVar, cast
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from core.revision import is_revising, plain, school_model

logger = logging.getLogger(__name__)

T = TypeVar("T")

_MISSING = "\x00missing"
_TRIES = 5
_AWAY = (RedisError, OSError)
"""What django-redis raises, its own ConnectionInterrupted unwrapped."""


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
    value = _read(_key(name, revision_token(school_id)))
    if value != _MISSING:
        return cast("T", value)
    token, answer = filled(school_id, compute)
    if token is not None:
        _store(_key(name, token), answer)
    return answer


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


def _read(key: str) -> Any:
    try:
        return cache.get(key, _MISSING)
    except _AWAY as error:
        logger.warning("The cache could not be read: %s", error)
        return _MISSING


def _store(key: str, answer: Any) -> None:
    try:
        cache.set(key, answer, settings.CACHE_TTL_SECONDS)
    except _AWAY as error:
        logger.warning("The cache could not be written: %s", error)


def _key(name: str, token: UUID | None) -> str:
    return f"{token}:{name}"
