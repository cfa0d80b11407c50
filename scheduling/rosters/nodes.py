"""School years, terms and quarters as they are stored, and as a file's lines want them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from scheduling.documents.kinds import QUARTERS, TERMS, YEARS, Kind
from scheduling.models import RosterSession, School
from scheduling.models.roster import ACTIVE
from scheduling.oneroster_csv.packing import written
from scheduling.oneroster_csv.reading import SessionLine

LEVELS = (YEARS, TERMS, QUARTERS)
KINDS: Mapping[str, Kind] = {
    "schoolYear": YEARS,
    "term": TERMS,
    "semester": TERMS,
    "gradingPeriod": QUARTERS,
}
"""The rows that sessions of a type are."""
WORDS = {YEARS: "school year", TERMS: "term", QUARTERS: "grading period"}
TYPE_COLUMNS = {TERMS: "term_type", QUARTERS: "quarter_type"}


def has_name(row: Any, line: SessionLine) -> bool:
    """Return whether a year or a term has the name that a line says, as an export writes it."""
    return row is not None and line.title == written(row.name, line.sourced_id)


@dataclass(slots=True, eq=False)
class Node:
    """A school year, a term or a quarter: stored, told by a line, or both."""

    kind: Kind
    parent: "Node | None" = None
    row: Any = None
    told_as: str = ""
    """The id that the roster has for the stored row."""
    line: SessionLine | None = None
    children: list["Node"] = field(default_factory=list)
    type: str = ""
    is_gone: bool = False

    @property
    def dates(self) -> tuple[Any, Any]:
        """The first and the last day, as they shall be."""
        if self.line is not None:
            return self.line.first_day, self.line.last_day
        return self.row.start_date, self.row.end_date

    @property
    def is_local(self) -> bool:
        """Whether the row is stored, and neither a line nor another system knows it."""
        return self.row is not None and self.line is None and not self.row.sourced_id

    def values(self) -> dict[str, Any]:
        """Return what the line says, by column; nothing without one."""
        if self.line is None:
            return {}
        values: dict[str, Any] = dict(zip(("start_date", "end_date"), self.dates, strict=True))
        if self.kind is not QUARTERS and not has_name(self.row, self.line):
            values["name"] = self.line.title
        if self.row is None and self.kind in TYPE_COLUMNS:
            values[TYPE_COLUMNS[self.kind]] = self.type
        if self.row is None or (not self.row.sourced_id and self.told_as != self.line.sourced_id):
            values["sourced_id"] = self.line.sourced_id
        return values

    def differs(self) -> bool:
        """Return whether the row has to be written."""
        return self.row is None or any(
            getattr(self.row, column) != value for column, value in self.values().items()
        )


@dataclass(slots=True, eq=False)
class Stored:
    """A school's sessions as they are stored, and the ids that the roster has for them."""

    school: School
    rows: dict[Kind, list[Any]] = field(default_factory=lambda: {kind: [] for kind in LEVELS})
    told: dict[UUID, str] = field(default_factory=dict)


def stored_sessions(schools: Iterable[School]) -> list[Stored]:
    """Return the sessions of schools, in four queries."""
    found = {school.pk: Stored(school) for school in schools}
    for kind in LEVELS:
        for row in kind.model.objects.filter(school__in=found).order_by("start_date", "pk"):
            found[row.school_id].rows[kind].append(row)
    records = RosterSession.objects.filter(school_id__in=found, status=ACTIVE)
    for school, row, name in records.values_list("school_id", "row_id", "sourced_id"):
        found[school].told[row] = name
    return list(found.values())
