"""A district's roster becomes a zip file: the records that the REST interface tells, as lines."""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from scheduling.models import RosterOrg, RosterSession
from scheduling.models.roster import ACTIVE
from scheduling.oneroster import wire_time
from scheduling.oneroster_csv.layout import (
    BULK,
    DELTA,
    EXCLUSIVE,
    ID_PATTERN,
    INCLUSIVE,
    LATEST,
    ORG_COLUMNS,
    ORGS,
    SCHOOL_LINK,
    SESSION_COLUMNS,
    SESSIONS,
)
from scheduling.oneroster_csv.packing import Written, packed, written

ID = re.compile(ID_PATTERN)
Names = Mapping[str, str]
"""The ids of a file, by those that are kept."""


@dataclass(frozen=True, slots=True)
class RosterExport:
    """What to export: everything that is there, or what has changed `since` an instant."""

    version: str = LATEST
    end_dates: str = EXCLUSIVE
    since: dt.datetime | None = None

    @property
    def mode(self) -> str:
        """How the files are to be read."""
        return BULK if self.since is None else DELTA

    def has_changed(self, record: Any) -> bool:
        """Return whether a record has changed at that instant or later."""
        return self.since is None or record.date_last_modified >= wire_time(self.since)


def exported_roster(
    district_id: UUID, asked: RosterExport, schools: Collection[UUID] | None = None
) -> bytes:
    """Return the zip file of a district's roster: the same records, the same bytes.

    `schools` are those to be told of, if not all of the district. A bulk file holds what is there.
    A delta file holds what has changed since, what is gone too, and what that is part of. An id
    with characters that these files have not is told as that of our row.
    """
    sessions = _records(RosterSession, district_id, asked)
    orgs = _records(RosterOrg, district_id, asked)  # later: no session's school is unknown
    org_names, session_names = _names(orgs), _names(sessions)
    if schools is not None:
        reached = {district_id, *schools}
        orgs = [each for each in orgs if each.row_id in reached]
        sessions = [each for each in sessions if each.school_id in reached]
    files = {
        ORGS: _file(asked, ORG_COLUMNS, _org_lines(asked, orgs, org_names)),
        SESSIONS: _file(
            asked,
            (*SESSION_COLUMNS, SCHOOL_LINK),
            _session_lines(asked, sessions, session_names, org_names),
        ),
    }
    return packed(asked.version, files)


def _file(asked: RosterExport, columns: Sequence[str], lines: Iterable[Sequence[str]]) -> Written:
    return Written(asked.mode, columns, list(lines))


def _records(model: Any, district_id: UUID, asked: RosterExport) -> list[Any]:
    """Return the records of a district: for a delta also those of what is gone."""
    records = model.objects.filter(district_id=district_id).defer("body")
    return list(records if asked.mode == DELTA else records.filter(status=ACTIVE))


def _names(records: Iterable[Any]) -> dict[str, str]:
    return {
        each.sourced_id: each.sourced_id if ID.fullmatch(each.sourced_id) else str(each.row_id)
        for each in records
    }


def _told(asked: RosterExport, records: Iterable[Any]) -> list[Any]:
    """Return the records that have changed, and those that they are part of."""
    known = {each.sourced_id: each for each in records}
    found: dict[str, Any] = {}
    for record in known.values():
        part = record if asked.has_changed(record) else None
        while part is not None and part.sourced_id not in found:
            found[part.sourced_id] = part
            part = known.get(part.parent_sourced_id)
    return list(found.values())


def _org_lines(
    asked: RosterExport, records: Iterable[RosterOrg], names: Names
) -> Iterator[Sequence[str]]:
    def place(each: RosterOrg) -> tuple[int, str]:
        return RosterOrg.TYPES.index(each.type), names[each.sourced_id]

    for each in sorted(_told(asked, records), key=place):
        name = names[each.sourced_id]
        yield (
            name,
            *_state(asked, each),
            written(each.name, name),
            each.type,
            written(each.identifier, name),
            names.get(each.parent_sourced_id, ""),
        )


def _session_lines(
    asked: RosterExport, records: Iterable[RosterSession], names: Names, org_names: Names
) -> Iterator[Sequence[str]]:
    def place(each: RosterSession) -> tuple[str, str, int, str]:
        rank = RosterSession.TYPES.index(each.type)
        school = org_names.get(each.org_sourced_id, "")
        return school, each.start_date, rank, names[each.sourced_id]

    for each in sorted(_told(asked, records), key=place):
        name = names[each.sourced_id]
        yield (
            name,
            *_state(asked, each),
            written(each.title, name),
            each.type,
            each.start_date,
            each.last_day if asked.end_dates == INCLUSIVE else each.end_date,
            names.get(each.parent_sourced_id, ""),
            each.school_year,
            org_names.get(each.org_sourced_id, ""),
        )


def _state(asked: RosterExport, record: Any) -> tuple[str, str]:
    if asked.mode == BULK:
        return "", ""
    return record.status, record.date_last_modified
