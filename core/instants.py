"""Instants as PostgreSQL writes them, read at the speed of C.

Every row has two or three, and psycopg's reader, which Django extends in Python, takes longer for
them than for the rest of the row.
"""

import datetime as dt
from typing import Any

from psycopg.types.datetime import TimestamptzLoader
from typing_extensions import override


class InstantLoader(TimestamptzLoader):
    """Read an instant; the connection's time zone is UTC, or Django takes a reader of its own."""

    timezone = dt.UTC

    @override
    def load(self, data: Any) -> dt.datetime:
        try:
            return dt.datetime.fromisoformat(str(data, "ascii"))
        except ValueError:  # before the year 1, or after 9999: the original has words for it
            return super().load(data)
