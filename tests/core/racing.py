"""Work done at the same moment by many threads, each on a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

THREADS = 16
SECONDS = 60


def race(work: Callable[[int], Any], threads: int = THREADS) -> list[Any]:
    """Return what `work(0)`, `work(1)`, ... returned or raised, all of them started at once."""
    start = Barrier(threads)

    def run(number: int) -> Any:
        try:
            connection.ensure_connection()
            start.wait(SECONDS)
            return work(number)
        except Exception as error:  # whatever happened is what the test looks at
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads), timeout=SECONDS))
