"""The collections: where they are kept, and which fields they have."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from scheduling.models import RosterOrg, RosterSession
from scheduling.models.roster import RosterRecord


class Kind(Enum):
    """How the values of a field are compared."""

    EXACT = "exact"
    CASELESS = "caseless"
    DATE = "date"
    MOMENT = "moment"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Field:
    """A field that can be filtered by, and the column that holds it."""

    column: str
    kind: Kind = Kind.EXACT
    key: str = ""
    """Of a caseless field, the column that holds it without case."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Objects of one shape."""

    key: str
    """What a list of them is called."""
    single: str
    """What one of them is called."""
    model: type[RosterRecord]
    names: frozenset[str]
    """The keys of an object."""
    fields: Mapping[str, Field]

    @property
    def table(self) -> str:
        """The table that holds them."""
        return self.model._meta.db_table


_SHARED = {
    "sourcedId": Field("sourced_id"),
    "status": Field("status"),
    "dateLastModified": Field("date_last_modified", Kind.MOMENT),
    "type": Field("type"),
    "parent.sourcedId": Field("parent_sourced_id"),
}
_KEYS = {"sourcedId", "status", "dateLastModified", "type", "parent", "children", "metadata"}

ORGS = Collection(
    key="orgs",
    single="org",
    model=RosterOrg,
    names=frozenset({*_KEYS, "name", "identifier"}),
    fields={
        **_SHARED,
        "name": Field("name", Kind.CASELESS, "name_key"),
        "identifier": Field("identifier", Kind.CASELESS, "identifier_key"),
    },
)
SESSIONS = Collection(
    key="academicSessions",
    single="academicSession",
    model=RosterSession,
    names=frozenset({*_KEYS, "title", "startDate", "endDate", "schoolYear"}),
    fields={
        **_SHARED,
        "title": Field("title", Kind.CASELESS, "title_key"),
        "startDate": Field("start_date", Kind.DATE),
        "endDate": Field("end_date", Kind.DATE),
        "schoolYear": Field("school_year"),
        "children": Field("children", Kind.LIST),
        "children.sourcedId": Field("children", Kind.LIST),
        "metadata.orgSourcedId": Field("org_sourced_id"),
    },
)


def fields_for(collection: Collection, *, tells_last_day: bool) -> Mapping[str, Field]:
    """Return the fields as a caller sees them: an end date is what it is told for one."""
    if not tells_last_day or "endDate" not in collection.fields:
        return collection.fields
    return {**collection.fields, "endDate": Field("last_day", Kind.DATE)}
