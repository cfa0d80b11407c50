"""Sync tokens: how far a client has read, as a text that only this service reads.

A token proves nothing and opens nothing. It holds a position, which history either knows or not.
"""

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from typing import Any
from uuid import UUID

from scheduling.changes import Place, Position
from scheduling.district_changes import DistrictPosition, Mark

PREFIX = "v1."
OF_SCHOOL = struct.Struct(">16sQ16sQB16sQ")
OF_DISTRICT = struct.Struct(">16s8s8sQ16sQ16s16sQB16s")
LARGEST = 2**63 - 1
"""What every database takes for a number."""


def written(position: Position) -> str:
    """Return the token of a position in a school."""
    return _text(
        OF_SCHOOL,
        position.school.bytes,
        position.number,
        position.token.bytes,
        *_parts(position.place),
        position.floor,
    )


def read(token: str) -> Position:
    """Return the position in a school that a token holds. Raises ValueError if it holds none."""
    school, number, name, *place, floor = _values(OF_SCHOOL, token)
    return Position(UUID(bytes=school), number, UUID(bytes=name), _place(*place), floor)


def written_of_district(position: DistrictPosition) -> str:
    """Return the token of a position in a district."""
    return _text(
        OF_DISTRICT,
        position.district.bytes,
        position.reach,
        position.own,
        position.base.number,
        position.base.token.bytes,
        position.target.number,
        position.target.token.bytes,
        position.school.bytes,
        *_parts(position.place),
    )


def read_of_district(token: str) -> DistrictPosition:
    """Return the position in a district that a token holds. Raises ValueError as `read` does."""
    district, reach, own, *marks, school, revision, rank, row = _values(OF_DISTRICT, token)
    base, base_token, target, target_token = marks
    return DistrictPosition(
        UUID(bytes=district),
        reach,
        own,
        Mark(base, UUID(bytes=base_token)),
        Mark(target, UUID(bytes=target_token)),
        UUID(bytes=school),
        _place(revision, rank, row),
    )


def _parts(place: Place) -> tuple[int, int, bytes]:
    return place.revision, place.rank, place.id.bytes


def _place(revision: int, rank: int, row: bytes) -> Place:
    return Place(revision, rank, UUID(bytes=row))


def _text(layout: struct.Struct, *values: Any) -> str:
    return PREFIX + urlsafe_b64encode(layout.pack(*values)).decode().rstrip("=")


def _values(layout: struct.Struct, token: str) -> tuple[Any, ...]:
    """Return what a token of this layout holds; there is one text for it."""
    text = token.removeprefix(PREFIX)
    try:
        values = layout.unpack(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (NotBase64, struct.error) as error:
        raise ValueError(token) from error
    numbers = [each for each in values if isinstance(each, int)]
    if _text(layout, *values) != token or max(numbers) > LARGEST:
        raise ValueError(token)
    return values
