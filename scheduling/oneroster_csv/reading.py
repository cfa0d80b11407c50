"""A roster's zip file becomes orgs and sessions, each with the line that tells of it."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from scheduling.oneroster_csv import cells
from scheduling.oneroster_csv.cells import Check
from scheduling.oneroster_csv.faults import MOST_FAULTS, Fault, refuse, refuse_too_many, shown
from scheduling.oneroster_csv.layout import (
    ABSENT,
    BULK,
    EXCLUSIVE,
    INCLUSIVE,
    MANIFEST,
    ORG_COLUMNS,
    ORGS,
    SCHOOL_LINK,
    SESSION_COLUMNS,
    SESSIONS,
    file_name,
)
from scheduling.oneroster_csv.manifests import misplaced, read_manifest
from scheduling.oneroster_csv.tables import Line, read_table
from scheduling.oneroster_csv.unpacking import unpacked

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OrgLine:
    """A district, a school or something else that has people in it."""

    number: int
    sourced_id: str
    is_gone: bool
    name: str
    type: str
    identifier: str
    parent: str


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A school year, a term or a grading period; both its days are included."""

    number: int
    sourced_id: str
    is_gone: bool
    title: str
    type: str
    first_day: dt.date
    last_day: dt.date
    parent: str
    school: str
    """The id of its school, if the line tells it."""


LineT = TypeVar("LineT", OrgLine, SessionLine)


@dataclass(frozen=True, slots=True)
class Table(Generic[LineT]):
    """What a file says: `lines` are those that can be read, by their ids."""

    mode: str
    lines: Mapping[str, LineT]
    ids: frozenset[str]
    """The ids of all lines, also of those that are wrong."""
    is_complete: bool = True
    """Whether `ids` are those that the lines mean: none is broken, misspelt or there twice."""


@dataclass(frozen=True, slots=True)
class Roster:
    """What a zip file says, and everything that is wrong with its lines."""

    version: str
    orgs: Table[OrgLine]
    sessions: Table[SessionLine]
    faults: Sequence[Fault]


def read_roster(data: bytes, *, end_dates: str = EXCLUSIVE) -> Roster:
    """Return the roster that a zip file holds.

    Raises RosterFileError for a file of which no line can be believed, and for too many faults.
    """
    files = unpacked(data, {MANIFEST, ORGS, SESSIONS})
    if MANIFEST not in files.names:
        refuse([Fault("The zip file holds no manifest.csv, which says what the files are.")])
    version, modes = read_manifest(files.contents[MANIFEST])
    refuse(misplaced(files.names - {MANIFEST}, version, modes))
    orgs, org_faults = _table(
        ORGS, files.contents, modes, ORG_COLUMNS, _org_checks(version, modes[ORGS]), _org
    )
    sessions, session_faults = _table(
        SESSIONS,
        files.contents,
        modes,
        SESSION_COLUMNS,
        _session_checks(version, modes[SESSIONS]),
        lambda line: _session(line, end_dates),
    )
    faults = [*org_faults, *session_faults]
    refuse_too_many(faults)
    return Roster(version, orgs, sessions, faults)


def _org_checks(version: str, mode: str) -> dict[str, Check]:
    return {
        "sourcedId": cells.is_id,
        "status": cells.status_in(mode),
        "dateLastModified": cells.moment_in(mode),
        "name": cells.is_text,
        "type": cells.type_in(version, cells.ORG_TYPES),
        "identifier": cells.optional(cells.is_text),
        "parentSourcedId": cells.optional(cells.is_id),
    }


def _session_checks(version: str, mode: str) -> dict[str, Check]:
    return {
        "sourcedId": cells.is_id,
        "status": cells.status_in(mode),
        "dateLastModified": cells.moment_in(mode),
        "title": cells.is_text,
        "type": cells.type_in(version, cells.SESSION_TYPES),
        "startDate": cells.is_date,
        "endDate": cells.is_date,
        "parentSourcedId": cells.optional(cells.is_id),
        "schoolYear": cells.is_year,
        SCHOOL_LINK: cells.optional(cells.is_id),
    }


def _table(
    name: str,
    contents: Mapping[str, bytes],
    modes: Mapping[str, str],
    columns: Sequence[str],
    checks: Mapping[str, Check],
    make: Callable[[Line], LineT | Fault],
) -> tuple[Table[LineT], list[Fault]]:
    """Return a file's lines, and what is wrong with the others."""
    if modes[name] == ABSENT:
        return Table(ABSENT, {}, frozenset()), []
    file = file_name(name)
    faults: list[Fault] = []
    first: dict[str, int] = {}
    found: dict[str, LineT] = {}
    broken = 0
    for line in read_table(file, contents[name], columns):
        refuse_too_many(faults)
        if isinstance(line, Fault):
            broken += 1
            faults.append(line)
            continue
        made = _made(file, line, checks, first, make)
        if isinstance(made, list):
            faults += made
        else:
            found[made.sourced_id] = made
    ids = frozenset(first)
    is_complete = not broken and all(fault.column != "sourcedId" for fault in faults)
    if modes[name] == BULK:
        faults += islice(_orphans(file, found, ids), MOST_FAULTS + 1)
    faults.sort(key=lambda fault: fault.line or 0)
    return Table(modes[name], found, ids, is_complete), faults


def _made(
    file: str,
    line: Line,
    checks: Mapping[str, Check],
    first: dict[str, int],
    make: Callable[[Line], LineT | Fault],
) -> LineT | list[Fault]:
    """Return what a line says, or what is wrong with it; `first` are the lines that have an id."""
    number = first.setdefault(line.cells["sourcedId"], line.number)
    wrong = list(_line_faults(file, line, checks, number))
    if wrong:
        return wrong
    made = make(line)
    return [made] if isinstance(made, Fault) else made


def _line_faults(file: str, line: Line, checks: Mapping[str, Check], first: int) -> Iterator[Fault]:
    for column, check in checks.items():
        detail = check(line.cells.get(column, ""))
        if detail is not None:
            yield Fault(detail, file, line.number, column)
    if first != line.number:
        detail = f"Line {first} has the id {shown(line.cells['sourcedId'])} already."
        yield Fault(detail, file, line.number, "sourcedId")


def _orphans(file: str, found: dict[str, LineT], ids: frozenset[str]) -> Iterator[Fault]:
    """Take out the lines whose parents are not in a file that holds everything."""
    for sourced_id, line in list(found.items()):
        if line.parent and line.parent not in ids:
            del found[sourced_id]
            detail = f"No line of the file has the id {shown(line.parent)}."
            yield Fault(detail, file, line.number, "parentSourcedId")


def _org(line: Line) -> OrgLine:
    return OrgLine(
        number=line.number,
        sourced_id=line.cells["sourcedId"],
        is_gone=_is_gone(line),
        name=line.cells["name"],
        type=line.cells["type"],
        identifier=line.cells["identifier"],
        parent=line.cells["parentSourcedId"],
    )


def _session(line: Line, end_dates: str) -> SessionLine | Fault:
    first_day, last_day = (
        dt.date.fromisoformat(line.cells[column]) for column in ("startDate", "endDate")
    )
    if end_dates == EXCLUSIVE:
        last_day -= ONE_DAY
    if last_day < first_day and not _is_gone(line):
        detail = _out_of_order(line.cells["startDate"], end_dates)
        return Fault(detail, file_name(SESSIONS), line.number, "endDate")
    return SessionLine(
        number=line.number,
        sourced_id=line.cells["sourcedId"],
        is_gone=_is_gone(line),
        title=line.cells["title"],
        type=line.cells["type"],
        first_day=first_day,
        last_day=last_day,
        parent=line.cells["parentSourcedId"],
        school=line.cells.get(SCHOOL_LINK, ""),
    )


def _out_of_order(start: str, end_dates: str) -> str:
    if end_dates == INCLUSIVE:
        return f"The end date must not be before the start date, {start}."
    return (
        f"The end date is the day after the last one, so it must be after the start date, {start}. "
        "If it is the last day, import with --end-dates inclusive."
    )


def _is_gone(line: Line) -> bool:
    return cells.STATUSES.get(line.cells["status"], False)
