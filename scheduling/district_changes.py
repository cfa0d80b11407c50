"""What has changed in a district since a client last looked: in all of its schools that it reads.

A position would have to name a place in each of two thousand schools. It names two checkpoints
instead: the one that the client has been brought to, and the one that it is being brought to now,
school by school. Within a school commit order holds. See docs/adr/0013.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import Max, Min

from scheduling.changes import (
    SCHOOLS,
    Change,
    Changes,
    Place,
    PositionLost,
    Stretch,
    changes_in,
    end_of,
)
from scheduling.checkpoints import newest_checkpoint
from scheduling.models import Checkpoint, District, Revision, School
from scheduling.reach import Reach
from scheduling.sight import Sight, Version

DISTRICTS = "districts"
SCHOOLS_AT_ONCE = 20
"""How many schools an answer looks into, at most: it may be short, and say that there is more."""
NO_ID = UUID(int=0)
START = Place(0, 0, NO_ID)
"""The place before all that is told of a school."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A checkpoint by its number and its token, a pair that no other history has."""

    number: int = 0
    token: UUID = NO_ID


@dataclass(frozen=True, slots=True)
class DistrictPosition:
    """How far a client has read a district's changes.

    It has all until the checkpoint `base`, and of those until `target` what comes up to a place in
    a school; the schools go by their ids. It was given to somebody of this `reach`.
    """

    district: UUID
    reach: bytes
    own: bytes = bytes(8)
    """The state of the district's own row that the client was told, in short."""
    base: Mark = Mark()
    target: Mark = Mark()
    school: UUID = NO_ID
    place: Place = START

    @property
    def is_at_rest(self) -> bool:
        """Whether the client has all until the checkpoint that it was being brought to."""
        return self.base == self.target

    def at(self, school: UUID, place: Place) -> "DistrictPosition":
        """Return the position at a place in a school."""
        return replace(self, school=school, place=place)

    def arrived(self) -> "DistrictPosition":
        """Return the position of a client that has been told everything."""
        return replace(self, base=self.target, school=NO_ID, place=START)


def changes_of_district(
    district: District, reach: Reach, since: DistrictPosition | None, limit: int
) -> Changes[DistrictPosition]:
    """Return the first `limit` changes after a position, or of all rows without one.

    They are what somebody of this reach may read. The checkpoint was made now, and before the rows
    are read: those that are changed meanwhile are left for the next round. Raises PositionLost.
    """
    began = DistrictPosition(district.pk, reach.mark_in(district.pk))
    position = since or began
    if (position.district, position.reach) != (began.district, began.reach):
        raise PositionLost
    if position.is_at_rest:
        newest = newest_checkpoint()
        position = replace(position, target=Mark(newest.number, newest.token))
    state = _state(district)
    own = [] if state == position.own else [_own_change(district)]
    found = _read_on(replace(position, own=state), reach, own, limit)
    if since is not None:
        _require_known(since)  # last: what is pruned meanwhile has not been found
    return found


def _require_known(position: DistrictPosition) -> None:
    """Raise PositionLost unless history still has all that came after a position."""
    marks = {mark for mark in (position.base, position.target) if mark != Mark()}
    known = Checkpoint.objects.filter(number__in=[mark.number for mark in marks])
    if {Mark(each.number, each.token) for each in known} != marks:
        raise PositionLost


def _state(district: District) -> bytes:
    """Return what tells the district's own row from what it was before."""
    return sha256(f"{district.revision} {district.updated_at}".encode()).digest()[:8]


def _own_change(district: District) -> Change:
    place = Place(district.revision, 0, district.pk)
    told = district.revision, district.updated_at, district.sourced_id, district
    return Change(None, DISTRICTS, place, *told)


def _read_on(
    position: DistrictPosition, reach: Reach, own: list[Change], limit: int
) -> Changes[DistrictPosition]:
    """Return what comes after a position, and first of all the district's own row."""
    turns = [] if position.is_at_rest else _turns(position)
    in_hand, later = turns[:SCHOOLS_AT_ONCE], turns[SCHOOLS_AT_ONCE:]
    found = own + _changes_in(in_hand, position, reach, limit + 1)
    told = found[:limit]
    if len(found) > limit:
        last = told[-1]
        reached = position if last.school is None else position.at(last.school, last.place)
    else:
        reached = position.at(later[0].school, START) if later else position.arrived()
    return Changes(told, reached, has_more=not reached.is_at_rest)


@dataclass(frozen=True, slots=True)
class _Turn:
    """A school that has changed after the revision `since`, 0 if there was none, up to `until`."""

    school: UUID
    since: int
    until: int


def _turns(position: DistrictPosition) -> list[_Turn]:
    """Return the next schools that have changed, and have ever been in the district."""
    ever: Any = School.history.model.objects
    log = Revision.objects.filter(
        school__in=ever.filter(district=position.district).values("id"),
        school__gte=position.school,
        checkpoint__gt=position.base.number,
        checkpoint__lte=position.target.number,
    )
    found = log.order_by("school_id").values_list("school_id")
    bounds = found.annotate(Min("number"), Max("number"))[: SCHOOLS_AT_ONCE + 1]
    is_new = position.base == Mark()
    return [_Turn(school, 0 if is_new else first - 1, last) for school, first, last in bounds]


def _changes_in(
    turns: Sequence[_Turn], position: DistrictPosition, reach: Reach, most: int
) -> list[Change]:
    """Return what there is to tell of schools, in order; at least so many, if there are.

    A school that the client could not see before is told in full. One that went out of sight is
    told as deleted, and in full if it has come back. One that is out of sight by now, but was not
    at the end of its turn, is left for the next round.
    """
    schools = [turn.school for turn in turns]
    sight = Sight(position.district, reach)
    past, in_sight = sight.before(schools), sight.now(schools)
    lost, stretches = [], []
    for turn in turns:
        after = position.place if turn.school == position.school else START
        known = past[turn.school].at(turn.since)
        end = past[turn.school].end_within(turn.since, turn.until)
        if known and end:
            lost.append(_loss(turn.school, known, end))
        if turn.school in in_sight and past[turn.school].at(turn.until):
            stretches.append(_stretch(turn, after, is_known=bool(known and not end)))
    rows = changes_in(stretches, most) if stretches else []
    ahead = (each for each in lost if each.turn > (position.school, position.place))
    return sorted([*ahead, *rows], key=attrgetter("turn"))


def _loss(school: UUID, known: Version, end: Version) -> Change:
    """Return the deletion of a school: it goes before all that is told of the school."""
    place = Place(0, 0, school)
    return Change(school, SCHOOLS, place, end.revision, end.changed_at, known.sourced_id)


def _stretch(turn: _Turn, after: Place, *, is_known: bool) -> Stretch:
    """Return what is told of a school: what is new to a client that knows it, or all there is."""
    if is_known:
        return Stretch(turn.school, max(after, end_of(turn.since)), turn.until, turn.since)
    return Stretch(turn.school, after, turn.until, turn.until)
