"""Which committed state a school is in, as far as this process knows."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Sum
from django.utils import timezone

from core.freshness import Memos
from scheduling.models import District, School
from scheduling.models.school import SchoolQuerySet


@dataclass(frozen=True, slots=True)
class SchoolState:
    """A school in one committed state, which `token` names; whatever changes here changes it."""

    id: UUID
    slug: str
    district_id: UUID
    timezone: str
    is_public: bool
    revision: int
    token: UUID

    def now(self) -> dt.datetime:
        """Return the instant at which the school is in this state."""
        return timezone.now()

    def date_at(self, instant: dt.datetime) -> dt.date:
        """Return the date on the school's calendar at an aware instant."""
        return instant.astimezone(ZoneInfo(self.timezone)).date()


def end_of(date: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """Return the midnight after a date in a zone."""
    return dt.datetime.combine(date + dt.timedelta(days=1), dt.time.min, zone)


def state_of(name: str, *, anew: bool = False) -> SchoolState | None:
    """Return the state of the school with this id or slug, if there is one.

    It is REVISION_MAX_AGE old at most, never older than a commit of this process, and asked for
    now if `anew`.
    """
    return _states.read(name, anew=anew)


def _ask(names: Collection[str]) -> dict[str, SchoolState]:
    columns = (
        "id", "slug", "district_id", "timezone", "is_public", "revision", "revision_token",
    )  # fmt: skip
    rows = School.objects.all_named(names).order_by().values_list(*columns)
    states = [SchoolState(*row) for row in rows]
    by_slug = {state.slug: state for state in states}
    by_id = {str(state.id): state for state in states}
    found = {name: by_slug.get(name) or by_id.get(name.lower()) for name in names}
    return {name: state for name, state in found.items() if state is not None}


@dataclass(frozen=True, slots=True)
class DistrictState:
    """A district as somebody sees it: whatever changes there changes one of these numbers."""

    row: District = field(compare=False)
    revision: int
    schools: int
    revisions: int | None
    """Those of all schools together."""

    @classmethod
    def of(cls, row: District, schools: SchoolQuerySet) -> "DistrictState":
        """Return the state of a district of which somebody sees these schools, and others."""
        seen = schools.filter(district=row.pk).aggregate(Count("pk"), Sum("revision"))
        return cls(row, row.revision, seen["pk__count"], seen["revision__sum"])


_states = Memos(_ask, lambda: settings.REVISION_MAX_AGE)
