"""Services that are wrong on purpose: a proof that does not see it proves nothing.

The variable WRONG names the way, for a service (`tests.proofs.wrong_service`) and for a writer.
"""

import os
from collections.abc import Callable
from typing import Any
from uuid import UUID

from core import revision
from core.revision import Revision

VARIABLE = "WRONG"


def plain_cache() -> None:
    """Keep rendered answers under their names alone, and delete them after every commit.

    And take the rows as they come, whether or not a write came between.
    """
    from django.core.cache import cache  # noqa: PLC0415

    from scheduling import cache_keys, lookups  # noqa: PLC0415
    from scheduling.models import calendar_rows  # noqa: PLC0415

    def around(school: UUID, _token: UUID, start: Any, end: Any) -> Any:
        return calendar_rows._load(school, start, end)

    def remembered(school: Any, name: str, date: Any, render: Callable[[Any], bytes]) -> Any:
        key = f"plain:{name}"
        body = cache.get(key)
        if body is None:
            body = render(around(school.id, school.token, date, date).calendar).decode()
            cache.set(key, body)
        return school.token, body.encode()

    lookups.calendar_around = around
    lookups._remembered = remembered
    names = [
        cache_keys.key("daily_schedule", date="2026-11-23", tracks=lookups._digest([])),
        cache_keys.key("daily_schedule", date="2026-11-25", tracks=lookups._digest(["lunch-a"])),
        cache_keys.key("quarter_answer", date="2026-11-23"),
    ]
    revision.forget_all = lambda: cache.delete_many([f"plain:{name}" for name in names])


def numbers_for_tokens() -> None:
    """Name a state by its number alone."""
    store = Revision.store

    def stored(made: Revision) -> None:
        made.token = UUID(int=made.number)
        store(made)

    Revision.store = stored


def usual_cache() -> None:
    """Do what is usually done."""
    plain_cache()
    numbers_for_tokens()


WAYS = {each.__name__: each for each in (usual_cache,)}


def be_wrong() -> None:
    """Be wrong in the way that the environment names, if it does."""
    if VARIABLE in os.environ:
        WAYS[os.environ[VARIABLE]]()
