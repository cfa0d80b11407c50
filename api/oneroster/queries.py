"""Rosters as they are kept: a page and its count in one query."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from api.oneroster.collections import ORGS, Collection
from api.oneroster.conditions import EVERYTHING, Condition, among, compares, every, some
from api.oneroster.pages import Asked
from core.ids import as_uuid
from scheduling.models import School
from scheduling.reach import Reach

SCHOOLS = School._meta.db_table


@dataclass(frozen=True, slots=True)
class Found:
    """One object, and the state of the school that it shows."""

    body: str
    sourced_id: str
    row_id: UUID
    district_id: UUID
    school_id: UUID | None
    token: UUID | None


def page(collection: Collection, condition: Condition, asked: Asked) -> tuple[list[str], int]:
    """Return the bodies of a page, and how many there are on all pages."""
    where = every([condition, asked.condition])
    table, values = collection.table, where.values
    counting = f"SELECT count(*) FROM {table} WHERE {where.sql}"  # noqa: S608  # text of ours
    lines = _lines(
        f"SELECT body, ({counting}) FROM {table} WHERE {where.sql} "  # noqa: S608
        f"ORDER BY {asked.order} LIMIT %s OFFSET %s",
        (*values, *values, asked.limit, asked.offset),
    )
    if lines:
        return [line[0] for line in lines], int(lines[0][1])
    return [], 0 if asked.offset == 0 else int(_lines(counting, values)[0][0])


def one(collection: Collection, condition: Condition, sourced_id: str) -> Found | None:
    """Return an object by its id, if there is one; of two in different districts the active one."""
    school = "row_id" if collection is ORGS else "school_id"
    where = every([condition, compares("sourced_id", "=", sourced_id)])
    lines = _lines(
        f"SELECT r.body, r.sourced_id, r.row_id, r.district_id, s.id, s.revision_token "  # noqa: S608
        f"FROM (SELECT * FROM {collection.table} WHERE {where.sql} "
        f"ORDER BY status, id LIMIT 1) r LEFT JOIN {SCHOOLS} s ON s.id = r.{school}",
        where.values,
    )
    if not lines:
        return None
    body, name, row, district, known_school, token = lines[0]
    return Found(
        body, name, UUID(str(row)), UUID(str(district)), as_uuid(known_school), as_uuid(token)
    )


def parts_of(collection: Collection, whole: Found) -> Condition:
    """Return what is a part of an org or of a session."""
    if collection is ORGS:
        own = among("school_id", stored([whole.row_id]))
    else:
        own = compares("parent_sourced_id", "=", whole.sourced_id)
    return every([among("district_id", stored([whole.district_id])), own])


def visible(collection: Collection, reach: Reach) -> Condition:
    """Return what is anything of the caller's: by its roles, for a public calendar is no roster.

    Who has a role in a school sees its district, too, which the school names.
    """
    if reach.everywhere:
        return EVERYTHING
    districts = among("district_id", stored(reach.districts))
    if not reach.schools:
        return districts
    if collection is not ORGS:
        return some([districts, among("school_id", stored(reach.schools))])
    own = among("row_id", stored(reach.schools))
    above = Condition(
        f"row_id IN (SELECT district_id FROM {ORGS.table} WHERE {own.sql})",  # noqa: S608
        own.values,
    )
    return some([districts, own, above])


def typed(*types: str) -> Condition:
    """Return what is of one of these types."""
    return among("type", types) if types else EVERYTHING


def children(reach: Reach, districts: Iterable[str]) -> Mapping[str, list[str]]:
    """Return the ids of the schools that are there, by the id of their district."""
    names = list(districts)
    where = every(
        [
            visible(ORGS, reach),
            among("parent_sourced_id", names),
            typed("school"),
            compares("status", "=", "active"),
        ]
    )
    found: dict[str, list[str]] = {}
    for parent, name in _lines(
        f"SELECT parent_sourced_id, sourced_id FROM {ORGS.table} "  # noqa: S608
        f"WHERE {where.sql} ORDER BY sourced_id, id",
        where.values,
    ):
        found.setdefault(parent, []).append(name)
    return found


def stored(ids: Iterable[UUID]) -> list[object]:
    """Return ids as the database has them."""
    if connection.features.has_native_uuid_field:
        return list(ids)
    return [each.hex for each in ids]


def _lines(sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor)
