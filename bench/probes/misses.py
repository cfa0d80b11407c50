"""Measure questions that nobody has asked before: first dates of schools with new tokens."""

import os
import sys
from collections.abc import Sequence
from uuid import uuid4

from django.db import connection
from django.test import Client

from bench.fixtures import slug
from bench.probes import cost, tell
from bench.probes.asking import ask, client

ROUNDS = 3
RENEW = "UPDATE scheduling_school SET revision_token = %s WHERE slug = %s"


def main(day: str, *schools: int) -> None:
    """Tell the CPU seconds of a miss, of every so many-th school from one to another."""
    anybody, numbers = client(), range(*schools)
    _ask_anew(anybody, numbers[:5], day)
    spent = 0.0
    for _round in range(ROUNDS):
        _renew(numbers)
        url = os.environ["DATABASE_URL"]
        spent += cost(url, lambda: _ask(anybody, numbers, day))
    tell(spent / ROUNDS / len(numbers))


def _ask_anew(anybody: Client, numbers: Sequence[int], day: str) -> None:
    _renew(numbers)
    _ask(anybody, numbers, day)


def _ask(anybody: Client, numbers: Sequence[int], day: str) -> None:
    """Have the token read, too: it is another one than some milliseconds ago."""
    for number in numbers:
        ask(anybody, number, day, **{"Cache-Control": "no-cache"})


def _renew(numbers: Sequence[int]) -> None:
    """Give schools new tokens, as a write would: what is cached is theirs no longer."""
    with connection.cursor() as cursor:
        cursor.executemany(RENEW, [(uuid4(), slug(number)) for number in numbers])


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
