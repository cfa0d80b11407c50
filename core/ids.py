"""Ids: UUIDv7, which increase with time, so that new rows land at the end of every index.

Their order is the clock's, never the order of commits: sync goes by revisions.
"""

from uuid import UUID

import uuid_utils.compat


def uuid7() -> UUID:
    """Return a new id."""
    return uuid_utils.compat.uuid7()
