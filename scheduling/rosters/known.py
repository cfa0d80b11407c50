"""Which rows have an id: the roster tells it, or it is ours, or another system gave it."""

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from scheduling.models import District, RosterOrg, RosterSession, School
from scheduling.models.abstracts import ID
from scheduling.models.roster import ACTIVE

BATCH = 500
"""Ids named in one statement."""


def known_orgs(model: type[District] | type[School], ids: Collection[str]) -> dict[str, list[Any]]:
    """Return the districts or schools that have these ids; those that are told so come first."""
    kind = "district" if model is District else "school"
    told: list[tuple[UUID, str]] = []
    found: dict[str, list[Any]] = {}
    for batch in _batches(ids):
        records = RosterOrg.objects.filter(type=kind, status=ACTIVE, sourced_id__in=batch)
        told += records.order_by("pk").values_list("row_id", "sourced_id")
    told += [(UUID(each), each) for each in ids if re.match(ID, each)]
    rows = {row.pk: row for batch in _batches(told) for row in _by_pk(model, batch)}
    named = [(rows[pk], sourced_id) for pk, sourced_id in told if pk in rows]
    for batch in _batches(ids):
        given = model.objects.filter(sourced_id__in=batch).order_by("pk")
        named += [(row, row.sourced_id) for row in given]
    for row, sourced_id in named:
        if row not in found.setdefault(sourced_id, []):
            found[sourced_id].append(row)
    return found


def _by_pk(model: Any, told: Iterable[tuple[UUID, str]]) -> Any:
    return model.objects.filter(pk__in=[pk for pk, _sourced_id in told])


def schools_of_sessions(districts: Collection[UUID], ids: Collection[str]) -> dict[str, set[UUID]]:
    """Return the schools of these districts whose sessions are told under these ids."""
    found: dict[str, set[UUID]] = {}
    for batch in _batches(ids):
        records = RosterSession.objects.filter(
            district_id__in=districts, status=ACTIVE, sourced_id__in=batch
        )
        for sourced_id, school in records.values_list("sourced_id", "school_id"):
            found.setdefault(sourced_id, set()).add(school)
    return found


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(items)
    while batch := list(islice(left, BATCH)):
        yield batch
