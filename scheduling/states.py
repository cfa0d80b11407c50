"""Which committed state a school is in, as far as this process knows."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from core.freshness import Memos
from scheduling.models import School


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


def state_of(name: str, *, anew: bool = False) -> SchoolState | None:
    """Return the state of the school with this id or slug, if there is one.

    It is REVISION_MAX_AGE old at most, never older than a commit of this process, and asked for
    now if `anew`.
    """
    return _states.read(name, anew=anew)


def _ask(name: str) -> SchoolState | None:
    columns = (
        "id", "slug", "district_id", "timezone", "is_public", "revision", "revision_token",
    )  # fmt: skip
    row = School.objects.named(name).order_by().values_list(*columns).first()
    return None if row is None else SchoolState(*row)


_states = Memos(_ask, lambda: settings.REVISION_MAX_AGE)
