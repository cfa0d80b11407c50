"""Which schools of a district somebody sees, and has seen: now by rows, then by their history."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.history import GONE
from core.revision import plain
from scheduling.models import School
from scheduling.reach import Reach


@dataclass(frozen=True, slots=True)
class Version:
    """A school's own row as of a revision, and whether the school was in sight then."""

    revision: int
    is_seen: bool
    changed_at: dt.datetime
    sourced_id: str


@dataclass(frozen=True, slots=True)
class Past:
    """A school's versions, in order."""

    versions: Sequence[Version]

    def at(self, revision: int) -> Version | None:
        """Return the version of a revision, if the school was in sight."""
        versions = [each for each in self.versions if each.revision <= revision]
        return versions[-1] if versions and versions[-1].is_seen else None

    def end_within(self, since: int, until: int) -> Version | None:
        """Return the first version after a revision that was out of sight, up to another."""
        meanwhile = (each for each in self.versions if since < each.revision <= until)
        return next((each for each in meanwhile if not each.is_seen), None)


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody of this reach sees of a district."""

    district: UUID
    reach: Reach

    def now(self, schools: Sequence[UUID]) -> set[UUID]:
        """Return those of these schools that are in sight."""
        rows = plain(School).filter(pk__in=schools)
        return {row.pk for row in rows if self._includes(row)}

    def before(self, schools: Sequence[UUID]) -> dict[UUID, Past]:
        """Return the past of each of these schools, as far as history goes back."""
        history: Any = School.history.model.objects
        columns = (
            "id", "district_id", "is_public",
            "revision", "history_type", "history_date", "sourced_id",
        )  # fmt: skip
        rows = history.filter(id__in=schools).order_by("history_id")
        found: dict[UUID, list[Version]] = {school: [] for school in schools}
        for row in rows.values_list(*columns, named=True):
            is_seen = row.history_type != GONE and self._includes(row)
            version = Version(row.revision, is_seen, row.history_date, row.sourced_id)
            found[row.id].append(version)
        return {school: Past(versions) for school, versions in found.items()}

    def _includes(self, school: Any) -> bool:
        return school.district_id == self.district and self.reach.includes(school)
