"""Processes of the service, right or wrong, on the database of the test."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from tests.proofs.asking import Caller
from tests.proofs.writing import Writer, writer
from tests.services import database_of_tests, served, surroundings

CACHES = ("door", "shared")
"""Those that a service counts: without hits in each of them nothing is proved of it."""
METRICS = "the secret of these proofs"
HITS = re.compile(
    r'^schoolday_cache_answers_total{cache="(\w+)",result="hit"} (\S+)$', re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Service:
    """A process that serves."""

    url: str
    max_age: float
    """For how many seconds it may not know of another process's write."""

    def hits(self) -> dict[str, float]:
        """Return how many answers each of its caches has given."""
        with Caller(self.url) as caller:
            told = caller.ask("/metrics", Authorization=f"Bearer {METRICS}").body
        return {cache: float(count) for cache, count in HITS.findall(told)}


@dataclass(frozen=True, slots=True)
class Stage:
    """Processes that serve, and one that writes."""

    services: tuple[Service, ...]
    writer: Writer


def given(**more: str) -> dict[str, str]:
    """Return the environment of a process on the database of the test."""
    return surroundings(
        **{
            "DATABASE_URL": database_of_tests(),
            "RATE_LIMIT_PER_MINUTE": "0",
            "ANONYMOUS_RATE_LIMIT_PER_MINUTE": "0",
            "CACHE_TTL_SECONDS": "600",  # the database is gone soon
            "METRICS_TOKEN": METRICS,
            **more,
        }
    )


@contextmanager
def serving(max_age: float, **more: str) -> Iterator[Service]:
    """Serve until the block ends; WRONG names a way of being wrong."""
    application = "tests.proofs.wrong_service" if "WRONG" in more else "config.wsgi"
    environment = given(SCHOOLDAY_REVISION_MAX_AGE=str(max_age), **more)
    with served(environment, f"{application}:application") as url:
        yield Service(url, max_age)


@contextmanager
def staged(*max_ages: float, **more: str) -> Iterator[Stage]:
    """Let a process serve for each maximal age, and another one write, until the block ends."""
    with ExitStack() as stack:
        writes = stack.enter_context(writer(given(**more)))
        services = [stack.enter_context(serving(max_age, **more)) for max_age in max_ages]
        yield Stage(tuple(services), writes)
