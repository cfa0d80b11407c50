"""Work that one process does at a time."""

from hashlib import blake2b

from django.db import connection


def wait_for_turn(name: str) -> None:
    """Wait until nobody else is at the work of this name, and keep others out of it.

    The turn ends with the transaction. On SQLite, which has one writer at a time, the transaction
    of a writer is a turn by itself.
    """
    _lock("SELECT pg_advisory_xact_lock(%s)", name)


def share_turn(name: str) -> None:
    """Wait until nobody has the turn of this name alone, and let others share it.

    Whoever wants it alone waits until all these transactions have ended.
    """
    _lock("SELECT pg_advisory_xact_lock_shared(%s)", name)


def _lock(statement: str, name: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(statement, [lock_number(name)])


def lock_number(name: str) -> int:
    """Return the number by which PostgreSQL knows the lock on a name."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
