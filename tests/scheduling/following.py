"""Clients that keep a copy by the change feeds alone, and what their copy should be."""

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from typing_extensions import override

from api import sync_tokens
from scheduling.changes import KINDS, SCHOOLS, Changes, changes_of
from scheduling.district_changes import DISTRICTS, changes_of_district
from scheduling.models import District, School
from scheduling.reach import Reach
from scheduling.states import state_of

Copy = dict[tuple[str, UUID], dict[str, Any]]

EVERYWHERE = Reach(everywhere=True)
OF_OTHER_ROWS = {"revision", "revision_token", "updated_at", "updated_by_id"}
"""The columns of a school that change with its rows."""


def columns(row: Any) -> dict[str, Any]:
    """Return a row as a client keeps it."""
    hidden = OF_OTHER_ROWS if isinstance(row, School) else set()
    names = {field.attname for field in row._meta.concrete_fields} - hidden
    return {name: getattr(row, name) for name in names}


def present(schools: Iterable[School], *districts: District) -> Copy:
    """Return a full copy of schools with all that is in them."""
    ids = [school.pk for school in schools]
    copy: Copy = {(DISTRICTS, district.pk): columns(district) for district in districts}
    for kind, rows in KINDS.items():
        found = rows().filter(**{"pk__in" if kind == SCHOOLS else "school__in": ids})
        copy |= {(kind, row.pk): columns(row) for row in found}
    return copy


@dataclass
class Client:
    """Keeps a copy, and applies to it what a feed says.

    At times it is stopped, and goes on from what it has saved.
    """

    copy: Copy = field(default_factory=dict)
    token: str | None = None
    saved: tuple[Copy, str | None] = field(default_factory=lambda: ({}, None))

    @abstractmethod
    def ask(self, limit: int) -> tuple[Changes[Any], str]:
        """Return an answer of the feed, and how far it reaches."""

    def read_on(self, limit: int) -> bool:
        """Apply one answer of the feed; return whether there is more."""
        found, token = self.ask(limit)
        assert len(found.changes) <= limit
        for change in found.changes:
            key = change.kind, change.place.id
            if change.row is not None:
                self.copy[key] = columns(change.row)
            elif change.kind == SCHOOLS:
                self.drop(change.place.id)
            else:
                self.copy.pop(key, None)
        self.token = token
        return found.has_more

    def drop(self, school: UUID) -> None:
        """Forget all of a school."""
        self.copy.pop((SCHOOLS, school), None)
        self.copy = {key: row for key, row in self.copy.items() if row.get("school_id") != school}

    def catch_up(self, limit: int) -> None:
        """Read until there is no more: what was begun, and then what has come since."""
        for _ in range(2):
            while self.read_on(limit):
                pass

    def save(self) -> None:
        self.saved = dict(self.copy), self.token

    def restart(self) -> None:
        copy, self.token = self.saved
        self.copy = dict(copy)


@dataclass(kw_only=True)
class SchoolClient(Client):
    """Follows one school, of which it never knows that it has gone."""

    school: UUID

    @override
    def ask(self, limit: int) -> tuple[Changes[Any], str]:
        state = state_of(str(self.school), anew=True)
        assert state is not None
        since = sync_tokens.read(self.token) if self.token else None
        found = changes_of(state, since, limit)
        return found, sync_tokens.written(found.reached)


@dataclass(kw_only=True)
class DistrictClient(Client):
    """Follows all schools of a district that it may read."""

    district: UUID
    reach: Reach = EVERYWHERE

    @override
    def ask(self, limit: int) -> tuple[Changes[Any], str]:
        district = District.objects.get(pk=self.district)
        since = sync_tokens.read_of_district(self.token) if self.token else None
        found = changes_of_district(district, self.reach, since, limit)
        return found, sync_tokens.written_of_district(found.reached)

    def should_have(self) -> Copy:
        """Return what is there."""
        district = District.objects.get(pk=self.district)
        schools = School.objects.filter(district=district)
        seen = [school for school in schools if school.is_public or self.reach.has_role_in(school)]
        return present(seen, district)
