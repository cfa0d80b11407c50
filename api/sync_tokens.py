"""Sync tokens: how far a client has read, as a text that only this service reads.

A token proves nothing and opens nothing. It holds a position, which history either knows or not.
"""

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from uuid import UUID

from scheduling.changes import Place, Position

PREFIX = "v1."
LAYOUT = struct.Struct(">16sQ16sQB16sQ")


def written(position: Position) -> str:
    """Return the token of a position."""
    place = position.place
    packed = LAYOUT.pack(
        position.school.bytes,
        position.number,
        position.token.bytes,
        place.revision,
        place.rank,
        place.id.bytes,
        position.floor,
    )
    return PREFIX + urlsafe_b64encode(packed).decode().rstrip("=")


def read(token: str) -> Position:
    """Return the position that a token holds. Raises ValueError if it is no such text."""
    if not token.startswith(PREFIX):
        raise ValueError(token)
    text = token.removeprefix(PREFIX)
    try:
        packed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        school, number, name, revision, rank, last, floor = LAYOUT.unpack(packed)
    except (NotBase64, struct.error) as error:
        raise ValueError(token) from error
    position = Position(
        UUID(bytes=school),
        number,
        UUID(bytes=name),
        Place(revision, rank, UUID(bytes=last)),
        floor,
    )
    if written(position) != token or max(number, revision, floor) >= 2**63:
        raise ValueError(token)
    return position
