"""Ids: UUIDv7, which increase with time, so that new rows land at the end of every index.

Their order is the clock's, never the order of commits: sync goes by revisions.
"""

from uuid import UUID

import uuid_utils.compat


def uuid7() -> UUID:
    """Return a new id."""
    return uuid_utils.compat.uuid7()


def as_uuid(value: object) -> UUID | None:
    """Return the id that a value names; None if it names none."""
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        return None
