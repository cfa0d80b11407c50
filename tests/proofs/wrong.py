"""Services that are wrong on purpose: a proof that does not see it proves nothing.

The variable WRONG names the way, for a service (`tests.proofs.wrong_service`) and for a writer.
"""

import os
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import transaction

from core.revision import Revision

VARIABLE = "WRONG"
FILL_SECONDS = 0.25
"""What a plain cache takes to put away what it read: a quicker one is as wrong, but less often."""


def usual_cache() -> None:
    """Cache as is usually done.

    Rendered answers are kept under their names and deleted after every commit, a state is named by
    its number, and rows are taken as they come, whether or not a write came between.
    """
    from scheduling import cache_keys, lookups  # noqa: PLC0415  # models need Django
    from scheduling.models import calendar_rows, sources  # noqa: PLC0415

    def around(school: Any, start: Any, end: Any) -> Any:
        return calendar_rows.loaded_from(sources.RowsNow(school.id), start, end)

    def remembered(school: Any, name: str, date: Any, render: Callable[[Any], bytes]) -> Any:
        key = f"{school.id}:{name}"
        body = cache.get(key)
        if body is None:
            body = render(around(school, date, date).calendar).decode()
            time.sleep(FILL_SECONDS)
            cache.set(key, body)
        return school.token, body.encode()

    names = [
        cache_keys.key("daily_schedule", date="2026-11-23", tracks=lookups._digest([])),
        cache_keys.key("daily_schedule", date="2026-11-25", tracks=lookups._digest(["lunch-a"])),
        cache_keys.key("quarter_answer", date="2026-11-23"),
    ]
    store = Revision.store

    def stored(made: Revision) -> None:
        made.token = UUID(int=made.number)
        store(made)
        keys = [f"{made.school_id}:{name}" for name in names]
        transaction.on_commit(lambda: cache.delete_many(keys))

    lookups.calendar_around = around
    lookups._remembered = remembered
    Revision.store = stored


def no_redis_expected() -> None:
    """Take it that Redis always answers."""
    from core import redis  # noqa: PLC0415

    def ask(question: Callable[[Any, Any], Any]) -> Any:
        return question(cache.client.get_client(write=True), cache.make_key)

    redis.ask = ask


def no_outage_expected() -> None:
    """Take it that the database always answers."""
    from api import problems  # noqa: PLC0415

    problems._database_failure = lambda failure: failure


WAYS = {each.__name__: each for each in (usual_cache, no_redis_expected, no_outage_expected)}


def be_wrong() -> None:
    """Be wrong in the way that the environment names, if it does."""
    if VARIABLE in os.environ:
        WAYS[os.environ[VARIABLE]]()
