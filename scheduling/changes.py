"""What has changed in a school since a client last looked, complete and in commit order.

A revision is reserved under the school's lock, which is held until the commit, so revisions become
visible in the order of their numbers; neither clocks nor ids do. Every row carries the revision
that last changed it, and so does what history says of a row that is gone. See docs/adr/0010.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan

from core.history import GONE
from core.revision import plain
from scheduling.models import (
    AcademicYear,
    Break,
    DayOverride,
    PeriodDefinition,
    PeriodTemplate,
    Quarter,
    Revision,
    ScheduleRule,
    School,
    Term,
)
from scheduling.states import SchoolState

SCHOOLS = "schools"
KINDS: dict[str, Callable[[], QuerySet[Any]]] = {
    SCHOOLS: School.objects.all,
    "academic-years": AcademicYear.objects.all,
    "terms": Term.objects.all,
    "quarters": Quarter.objects.all,
    "breaks": Break.objects.all,
    "period-templates": PeriodTemplate.objects.with_periods,
    "period-definitions": PeriodDefinition.objects.all,
    "schedule-rules": ScheduleRule.objects.all,
    "day-overrides": DayOverride.objects.all,
}
"""The rows of a school by resource, what others point at first."""
LAST_RANK, LAST_ID = 255, UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place among a school's changes: within a revision they go by their rank and their id.

    Rows that are there go by KINDS; after them come those that are gone, in reverse, so that
    nothing is deleted before what points at it.
    """

    revision: int
    rank: int
    id: UUID


BEGINNING = Place(0, LAST_RANK, LAST_ID)


@dataclass(frozen=True, slots=True)
class Position:
    """How far a client has read a school's changes.

    It was given in the state that `number` and `token` name, a pair that no other history has.
    What was gone by the revision `floor` the client has never been told of.
    """

    school: UUID
    number: int
    token: UUID
    place: Place
    floor: int


@dataclass(frozen=True, slots=True)
class Change:
    """The newest state of one row: as it is, or gone."""

    kind: str
    place: Place
    changed_at: dt.datetime
    sourced_id: str
    row: Any = None
    """None: it is gone."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Some changes in commit order, how far they reach, and whether there are more."""

    changes: list[Change]
    reached: Position
    has_more: bool


class PositionLost(Exception):  # noqa: N818  # no fault of the program: the client starts again
    """The position is of another school, of an undone history, or from too long ago."""


def changes_of(school: SchoolState, since: Position | None, limit: int) -> Changes:
    """Return the first `limit` changes after a position, or of all rows without one.

    The state of `school` was read now, and before the rows: those that are changed meanwhile are
    left for the next call, so that nothing comes before its turn. Raises PositionLost.
    """
    end = Place(school.revision, LAST_RANK, LAST_ID)
    floor = school.revision
    place = BEGINNING
    if since is not None:
        floor, place = since.floor, since.place
    found = (
        []
        if place == end
        else sorted(_changes(school, place, floor, limit + 1), key=attrgetter("place"))
    )
    if since is not None:
        _require_known(school, since)  # last: what is pruned meanwhile has not been found
    has_more = len(found) > limit
    reached = found[limit - 1].place if has_more else end
    position = Position(school.id, school.revision, school.token, reached, floor)
    return Changes(found[:limit], position, has_more)


def _require_known(school: SchoolState, position: Position) -> None:
    """Raise PositionLost unless history still has all that came after a position."""
    log = Revision.objects.filter(school=school.id)
    told_until = max(position.place.revision, position.floor)
    if (
        position.school != school.id
        or not log.filter(number=position.number, token=position.token).exists()
        or not log.filter(number__lte=told_until).exists()
    ):
        raise PositionLost


def _changes(school: SchoolState, last: Place, floor: int, most: int) -> Iterator[Change]:
    """Yield the first so many changes of every kind after a place."""
    yield from _own_change(school, last)
    for rank, (kind, rows) in enumerate(KINDS.items()):
        if kind == SCHOOLS:
            continue
        live = rows().filter(school=school.id)
        for row in _after(live, rank, last, school)[:most]:
            place = Place(row.revision, rank, row.pk)
            yield Change(kind, place, row.updated_at, row.sourced_id, row)
        rank_gone = LAST_RANK - 1 - rank
        gone = _gone(live.model, school.id, floor)
        for row in _after(gone, rank_gone, last, school)[:most]:
            place = Place(row.revision, rank_gone, row.id)
            yield Change(kind, place, row.history_date, row.sourced_id)


def _own_change(school: SchoolState, last: Place) -> Iterator[Change]:
    """Yield the last change of the school's own row, whose `revision` counts those of all rows."""
    row = plain(School).filter(pk=school.id).first()  # before its history, which is no older then
    history: Any = School.history.model.objects
    newest = history.filter(id=school.id).order_by("-history_id")[:1]
    found = _after(history.filter(pk__in=newest.values("pk")), 0, last, school).first()
    if row is not None and found is not None:
        place = Place(found.revision, 0, row.pk)
        yield Change(SCHOOLS, place, found.history_date, row.sourced_id, row)


def _gone(model: Any, school: UUID, floor: int) -> QuerySet[Any]:
    """Return the last of history of rows that were there after a revision, and are not now."""
    history = model.history.model.objects
    later = history.filter(id=OuterRef("id"), history_id__gt=OuterRef("history_id"))
    gone = history.filter(school=school, history_type=GONE, revision__gt=floor)
    return gone.filter(~Exists(later))  # type: ignore[no-any-return]


def _after(rows: QuerySet[Any], rank: int, last: Place, school: SchoolState) -> QuerySet[Any]:
    """Return the rows of a rank that come after a place, in order, up to a school's state."""
    if rank == last.rank:
        columns = (F("revision"), F("id"))
        after: Any = TupleGreaterThan(columns, (last.revision, last.id))
    else:
        after = Q(revision__gt=last.revision - (rank > last.rank))
    return rows.filter(after, revision__lte=school.revision).order_by("revision", "id")
