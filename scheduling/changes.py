"""What has changed in a school since a client last looked, complete and in commit order.

A revision is reserved under the school's lock, which is held until the commit, so revisions become
visible in the order of their numbers; neither clocks nor ids do. Every row carries the revision
that last changed it, and so does what history says of a row that is gone. See docs/adr/0010.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import attrgetter, or_
from typing import Any, Generic, TypeVar
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


def end_of(revision: int) -> Place:
    """Return the place after all changes up to a revision."""
    return Place(revision, LAST_RANK, LAST_ID)


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

    school: UUID | None
    """The school that the row is, or belongs to, if it is a school's."""
    kind: str
    place: Place
    revision: int
    changed_at: dt.datetime
    sourced_id: str
    row: Any = None
    """None: it is gone."""

    @property
    def turn(self) -> tuple[UUID | None, Place]:
        """Where it comes among the changes of several schools."""
        return self.school, self.place


PositionT = TypeVar("PositionT")


@dataclass(frozen=True, slots=True)
class Changes(Generic[PositionT]):
    """Some changes in order, how far they reach, and whether there are more."""

    changes: list[Change]
    reached: PositionT
    has_more: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a school's changes: what comes after a place, up to a revision.

    Of what is gone it has only what was there after the revision `floor`.
    """

    school: UUID
    after: Place
    until: int
    floor: int


class PositionLost(Exception):  # noqa: N818  # no fault of the program: the client starts again
    """The position is of another school, of an undone history, or from too long ago."""


def changes_of(school: SchoolState, since: Position | None, limit: int) -> Changes[Position]:
    """Return the first `limit` changes after a position, or of all rows without one.

    The state of `school` was read now, and before the rows: those that are changed meanwhile are
    left for the next call, so that nothing comes before its turn. Raises PositionLost.
    """
    end = end_of(school.revision)
    floor = school.revision
    place = BEGINNING
    if since is not None:
        floor, place = since.floor, since.place
    asked = Stretch(school.id, place, school.revision, floor)
    found = [] if place == end else changes_in([asked], limit + 1)
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


def changes_in(stretches: Sequence[Stretch], most: int) -> list[Change]:
    """Return the changes in stretches of schools, in order; at least so many, if there are.

    The number of queries is the same for one school and for many.
    """
    found = [*_own_changes(stretches)]
    for rank, kind in enumerate(KINDS):
        if kind != SCHOOLS:
            found += _present(kind, rank, stretches, most)
            found += _gone(kind, LAST_RANK - 1 - rank, stretches, most)
    return sorted(found, key=attrgetter("turn"))


def _own_changes(stretches: Sequence[Stretch]) -> Iterator[Change]:
    """Yield the last change of each school's own row, whose `revision` counts those of all rows."""
    asked = {each.school: each for each in stretches}
    rows = plain(School).in_bulk(asked)  # before their history, which is no older then
    for version in _newest_versions(rows):
        stretch, place = asked[version.id], Place(version.revision, 0, version.id)
        if stretch.after < place and version.revision <= stretch.until:
            row = rows[version.id]
            told = version.revision, version.history_date, row.sourced_id, row
            yield Change(row.pk, SCHOOLS, place, *told)


def _newest_versions(schools: Collection[UUID]) -> QuerySet[Any]:
    """Return the newest of what history says of schools' own rows."""
    history: Any = School.history.model.objects
    return _last(history.filter(id__in=schools))


def _present(kind: str, rank: int, stretches: Sequence[Stretch], most: int) -> Iterator[Change]:
    """Yield the first so many rows of a kind that are there."""
    for row in _within(KINDS[kind](), rank, stretches)[:most]:
        place = Place(row.revision, rank, row.id)
        yield Change(row.school_id, kind, place, row.revision, row.updated_at, row.sourced_id, row)


def _gone(kind: str, rank: int, stretches: Sequence[Stretch], most: int) -> Iterator[Change]:
    """Yield the first so many rows of a kind that are there no more, by the last of history."""
    history = KINDS[kind]().model.history.model.objects
    since = (Q(school=each.school, revision__gt=each.floor) for each in stretches)
    ends = _last(history.filter(reduce(or_, since), history_type=GONE))
    for row in _within(ends, rank, stretches)[:most]:
        place = Place(row.revision, rank, row.id)
        yield Change(row.school_id, kind, place, row.revision, row.history_date, row.sourced_id)


def _last(history: QuerySet[Any]) -> QuerySet[Any]:
    """Leave out all of history that something of the same row comes after."""
    later = history.model.objects.filter(id=OuterRef("id"), history_id__gt=OuterRef("history_id"))
    return history.filter(~Exists(later))


def _within(rows: QuerySet[Any], rank: int, stretches: Sequence[Stretch]) -> QuerySet[Any]:
    """Return the rows of a rank that lie in stretches, in order."""
    asked = (_lies_in(each, rank) for each in stretches)
    return rows.filter(reduce(or_, asked)).order_by("school_id", "revision", "id")


def _lies_in(stretch: Stretch, rank: int) -> Q:
    """Return the condition that a row of a rank lies in a stretch."""
    last = stretch.after
    if rank == last.rank:
        columns = (F("revision"), F("id"))
        after = Q(TupleGreaterThan(columns, (last.revision, last.id)))
    else:
        after = Q(revision__gt=last.revision - (rank > last.rank))
    return Q(after, school=stretch.school, revision__lte=stretch.until)
