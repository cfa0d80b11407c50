"""What the rows say of orgs and sessions: of each kind in one query."""

import datetime as dt
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from typing_extensions import override

from scheduling.models import AcademicYear, District, School
from scheduling.models.roster import RosterOrg, RosterSession
from scheduling.oneroster.objects import ONE_DAY, joined

Records = Mapping[tuple[UUID, UUID], Any]

IDENTIFIER = "identifier"
"""Where the metadata of a district or a school say what people know it by, if not its id."""
LONGEST_IDENTIFIER = 255


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row that is told of as an object of one type, in one district."""

    pk: UUID
    district_id: UUID
    sourced_id: str
    type: str
    school_id: UUID | None = None
    """Of a session, its school."""
    parent_id: UUID | None = None
    """The row that it is part of."""

    @abstractmethod
    def describe(self, record: Any, records: Records) -> None:
        """Bring a record in step, all but its status and its time."""


@dataclass(frozen=True, kw_only=True)
class OrgRow(Row):
    """A district or a school."""

    name: str
    parent_sourced_id: str = ""
    identifier: str = ""

    @override
    def describe(self, record: RosterOrg, records: Records) -> None:
        record.type = self.type
        record.name = self.name
        record.name_key = self.name.casefold()
        record.identifier = self.identifier or self.sourced_id or record.sourced_id
        record.identifier_key = record.identifier.casefold()
        if self.parent_id is not None:  # a district that is as new as the school has its id by now
            parent = records.get((self.district_id, self.parent_id))
            record.parent_sourced_id = parent.sourced_id if parent else self.parent_sourced_id


@dataclass(frozen=True, kw_only=True)
class SessionRow(Row):
    """A year, a term or a quarter; parts point at their whole, and a whole lists its parts."""

    school_id: UUID
    org_sourced_id: str
    year_id: UUID
    title: str
    start_date: dt.date
    last_day: dt.date
    school_year: int
    parts: list[UUID] = field(default_factory=list)

    @override
    def describe(self, record: RosterSession, records: Records) -> None:
        record.type = self.type
        record.school_id, record.year_id = self.school_id, self.year_id
        record.title, record.title_key = self.title, self.title.casefold()
        record.start_date = self.start_date.isoformat()
        record.end_date = (self.last_day + ONE_DAY).isoformat()
        record.last_day = self.last_day.isoformat()
        record.school_year = f"{self.school_year:04}"
        record.org_sourced_id = self.org_sourced_id
        names = [
            records[self.district_id, row].sourced_id
            for row in [self.parent_id, *self.parts]
            if row is not None
        ]
        record.parent_sourced_id = "" if self.parent_id is None else names.pop(0)
        record.children = joined(names)


def district_rows(districts: Iterable[UUID]) -> list[OrgRow]:
    """Return those of these districts that there are."""
    there = District.objects.filter(pk__in=districts).order_by("pk")
    lines = there.values_list("pk", "sourced_id", "name", "metadata")
    return [
        OrgRow(
            pk=pk,
            district_id=pk,
            sourced_id=sourced_id,
            type="district",
            name=name,
            identifier=identifier_in(metadata),
        )
        for pk, sourced_id, name, metadata in lines
    ]


def school_rows(schools: Iterable[UUID]) -> list[OrgRow]:
    """Return those of these schools that there are."""
    there = School.objects.filter(pk__in=schools).order_by("pk")
    lines = list(there.values_list("pk", "district_id", "sourced_id", "name", "metadata"))
    names = _org_ids({line[1] for line in lines})
    return [
        OrgRow(
            pk=pk,
            district_id=district,
            sourced_id=sourced_id,
            type="school",
            name=name,
            parent_id=district,
            parent_sourced_id=names.get(district, ""),
            identifier=identifier_in(metadata),
        )
        for pk, district, sourced_id, name, metadata in lines
    ]


def identifier_in(metadata: Any) -> str:
    """Return what an org's metadata tell it to be known by; "" if that can be nobody's name."""
    told = metadata.get(IDENTIFIER)
    is_name = isinstance(told, str) and told.strip() and len(told) <= LONGEST_IDENTIFIER
    return str(told) if is_name else ""


def session_rows(years: Iterable[UUID]) -> list[SessionRow]:
    """Return what there is in these academic years: years first, then terms, then quarters."""
    lines = list(
        AcademicYear.objects.filter(pk__in=years)
        .order_by("start_date", "pk", "terms__start_date", "terms__pk", "terms__quarters__sequence")
        .values_list(
            "school__district_id",
            "school_id",
            *_COLUMNS,
            *(f"terms__{name}" for name in _COLUMNS),
            *(f"terms__quarters__{name}" for name in _QUARTER_COLUMNS),
        )
    )
    names = _org_ids({line[1] for line in lines})
    found: dict[UUID, SessionRow] = {}
    for line in lines:
        for row in _rows_of(line, names):
            if row.pk not in found:
                found[row.pk] = row
                if row.parent_id is not None:
                    found[row.parent_id].parts.append(row.pk)
    return sorted(found.values(), key=lambda row: RosterSession.TYPES.index(row.type))


_COLUMNS = "pk", "sourced_id", "name", "start_date", "end_date"
_QUARTER_COLUMNS = "pk", "sourced_id", "quarter_type", "start_date", "end_date"


def _rows_of(line: tuple[Any, ...], names: Mapping[UUID, str]) -> Iterator[SessionRow]:
    """Yield the year, the term and the quarter of a line, as far as it has them."""
    district, school, parts = line[0], line[1], (line[2:7], line[7:12], line[12:17])
    year_id, school_year = line[2], line[6].year
    parent: UUID | None = None
    for kind, (pk, sourced_id, title, start, end) in zip(RosterSession.TYPES, parts, strict=True):
        if pk is None:
            return
        yield SessionRow(
            pk=pk,
            district_id=district,
            sourced_id=sourced_id,
            type=kind,
            school_id=school,
            org_sourced_id=names[school],
            year_id=year_id,
            parent_id=parent,
            title=title,
            start_date=start,
            last_day=end,
            school_year=school_year,
        )
        parent = pk


def _org_ids(rows: set[UUID]) -> dict[UUID, str]:
    """Return what orgs are called; of a school that has moved, by its new district."""
    told = RosterOrg.objects.filter(row_id__in=rows).order_by("-status", "date_last_modified")
    return dict(told.values_list("row_id", "sourced_id"))
