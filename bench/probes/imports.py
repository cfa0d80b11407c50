"""Measure an import, the same import again, and the saving of single rows."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection

from bench.probes import cost, tell
from bench.probes.calendars import document, empty_school, rows_of, saves
from core.models.abstracts import TrackedModel
from scheduling.documents import import_document
from scheduling.models import Revision

LARGE = (60, 1_000)
"""Years and bell schedules of the calendar that is imported: 20,000 rows."""
SAMPLE = (1, 17)
"""Those of the calendar that is saved row by row: 338 rows, mixed alike."""
WRITE = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)


def main(number: int) -> None:
    """Tell the CPU seconds and the counts of one school's imports."""
    url = os.environ["DATABASE_URL"]
    import_document(document(f"warm-{number}", *SAMPLE))  # whatever is read and compiled once
    large = document(f"large-{number}", *LARGE)
    first = cost(url, lambda: import_document(large))
    before = (_history(), Revision.objects.count())
    with _writes() as written:
        again = cost(url, lambda: import_document(large))
    found = {
        "rows": rows_of(*LARGE),
        "first": first,
        "again": again,
        "written": len(written),
        **_grown(before),
    }
    tell({**found, "saved_row": _saved_row(url, number)})


def _saved_row(url: str, number: int) -> float:
    """Return what saving one row costs, on a school of its own."""
    work = saves(empty_school(f"saved-{number}"), document("", *SAMPLE))
    return cost(url, lambda: [save() for save in work]) / rows_of(*SAMPLE)


@contextmanager
def _writes() -> Iterator[list[str]]:
    """Collect the statements that write."""
    found: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if WRITE.match(sql):
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def _grown(before: tuple[int, int]) -> dict[str, int]:
    """Return how many history rows and how many revisions have been added."""
    after = (_history(), Revision.objects.count())
    return {
        name: now - then
        for name, now, then in zip(("history", "bumps"), after, before, strict=True)
    }


def _history() -> int:
    tracked = (model for model in apps.get_models() if issubclass(model, TrackedModel))
    return sum(model.history.count() for model in tracked)


if __name__ == "__main__":
    main(int(sys.argv[1]))
