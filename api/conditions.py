"""ETags: the name of a state, and what a caller makes depend on it.

A row's tag is made of its own revision, so it is the same for every caller. Where parents are
shown along, their states follow after a `+`: such an answer goes out of date with them too, but
`If-Match` is about the row alone.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any
from uuid import UUID

from django.utils.http import parse_etags
from rest_framework.request import Request

from api.problems import PreconditionFailed
from core.models.abstracts import TrackedModel
from scheduling import cache_keys

WITH = "+"


def answer_tag(token: UUID, path: str, asked: dict[str, Any]) -> str:
    """Return the tag of a lookup's answer. What is asked holds dates where the URL says `today`."""
    return f'"{_digest(f"{token} {path} {asked}")}"'


def row_tag(row: TrackedModel, parts: Iterable[TrackedModel] = ()) -> str:
    """Return the tag of a row, and of the parts of it that are rows of their own."""
    own = _state(row)
    inner = [f"{part.pk} {_state(part)}" for part in parts]
    return f'"{_digest(own + ",".join(inner)) if inner else own}"'


def tag_of_columns(revision: int, updated_at: dt.datetime) -> str:
    """Return the tag of a row without parts, of which only these columns are known."""
    return f'"{_state_of(revision, updated_at)}"'


def tag_with_parents(tag: str, parents: Iterable[TrackedModel | None]) -> str:
    """Return the tag of a row that is shown with parents."""
    states = [str(each and _state(each)) for each in parents]
    return f'{tag[:-1]}{WITH}{_digest(",".join(states))}"' if states else tag


def knows(request: Request, tag: str) -> bool:
    """Return whether the caller holds the answer with this tag."""
    given = request.META.get("HTTP_IF_NONE_MATCH")
    held = [*_tags(given)] if given else []
    return "*" in held or tag in held


def asks_anew(meta: Mapping[str, Any]) -> bool:
    """Return whether the caller wants what is true now, not what somebody remembers."""
    return "no-cache" in meta.get("HTTP_CACHE_CONTROL", "").lower()


def require_match(request: Request, tag: str | None) -> None:
    """Raise PreconditionFailed unless `If-Match`, if there is one, names this state.

    A weak tag names it as well: proxies that compress make tags weak, and ours name versions.
    There is no tag of what is not there, and nothing names it.
    """
    given = request.META.get("HTTP_IF_MATCH")
    if given is None or (given.strip() == "*" and tag is not None):
        return
    if tag not in [_without_parents(each) for each in _tags(given)]:
        raise PreconditionFailed(tag)


def require_new(request: Request, tag: str | None) -> None:
    """Raise PreconditionFailed if `If-None-Match: *` wants nothing to be there, and there is."""
    if tag is not None and request.META.get("HTTP_IF_NONE_MATCH", "").strip() == "*":
        raise PreconditionFailed(tag)


def _tags(header: str) -> Iterator[str]:
    return (each.removeprefix("W/") for each in parse_etags(header))


def _without_parents(tag: str) -> str:
    own, parents, _rest = tag.partition(WITH)
    return f'{own}"' if parents else tag


def _state(row: TrackedModel) -> str:
    return _state_of(row.revision, row.updated_at)


def _state_of(revision: int, updated_at: dt.datetime) -> str:
    """Return what changes with every change of a row, also when a backup is restored."""
    return f"{cache_keys.SHAPE}-{revision}-{int(updated_at.timestamp() * 1_000_000):x}"


def _digest(text: str) -> str:
    named = f"{cache_keys.SHAPE} {text}"
    return blake2b(named.encode(), digest_size=16).hexdigest()
