"""What we said at an earlier moment: the state that a school was in, and what was made of it.

A moment names the newest revision that was committed by then, as the log has it, and all else
follows from the revision. Whoever asks is judged by today's rules.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.history import versions
from core.models.abstracts import problem
from scheduling.models import Revision, School
from scheduling.models.revision import LEAST_DAYS_KEPT
from scheduling.models.sources import RowSource, RowsThen
from scheduling.states import SchoolState, end_of

T = TypeVar("T")

FIRST_ZONE = dt.timezone(dt.timedelta(hours=14))
"""Nowhere does a date end earlier."""


class HistoryForgotten(Exception):  # noqa: N818  # no fault of the program: it is long ago
    """The state was forgotten: see `prune_history`. What was said since `known_since` is known."""

    def __init__(self, known_since: dt.datetime) -> None:
        super().__init__()
        self.known_since = known_since


@dataclass(frozen=True, slots=True)
class PastState(SchoolState):
    """The state that a school was in at a moment; who may read it goes by how it is now.

    A calendar and a body of this state are those that were made when it was the newest one, and
    are kept under the same token.
    """

    moment: dt.datetime
    committed_at: dt.datetime

    @override
    def now(self) -> dt.datetime:
        return self.moment

    @property
    def known_until(self) -> dt.datetime:
        """Until when history knows the state at this moment, at least."""
        return self.moment + dt.timedelta(days=LEAST_DAYS_KEPT)

    def read(self, compute: Callable[[RowSource], T]) -> T:
        """Return what is made of the rows of the state.

        Whether they are known is asked last: what is forgotten meanwhile has not been found. Raises
        HistoryForgotten.
        """
        rows = RowsThen(self.id, self.revision, self.token, self.committed_at)
        try:
            return compute(rows)
        finally:
            if not rows.is_known():
                raise HistoryForgotten(_first(self.id).time)


def state_as_of(school: SchoolState, as_of: dt.date) -> PastState:
    """Return the state that a school was in at an instant, or when a date ended there.

    A date that has not ended stands for what has been said of it so far. Raises ValidationError,
    keyed `as_of`, if that is still to come or was before the school's first state;
    HistoryForgotten if it is not known any more.
    """
    now = timezone.now()
    if isinstance(as_of, dt.datetime):
        is_ahead, moment = as_of > now, as_of
    else:
        is_ahead, moment = as_of > school.date_at(now), _last_of(as_of, school.id)
    if is_ahead:
        message = _("Nobody knows yet what will be said then. Ask about today, or about the past.")
        raise problem("as_of", message, "in_the_future")
    then = _states(school.id).filter(time__lte=moment).order_by("-number").first()
    if then is None:
        _refuse_too_early(school.id)
    return PastState(
        school.id,
        school.slug,
        school.district_id,
        then["zone"],
        school.is_public,
        then["number"],
        then["token"],
        moment,
        then["time"],
    )


def _last_of(date: dt.date, school_id: UUID) -> dt.datetime:
    """Return the last instant of a date by the clock that the school had that day.

    It is the clock of before the date ended anywhere, or the school's first: that one later writes
    do not change.
    """
    known = _states(school_id)
    by_then = known.filter(time__lt=end_of(date, FIRST_ZONE)).order_by("-number").first()
    state = by_then or known.earliest("number")
    return end_of(date, ZoneInfo(state["zone"])) - dt.timedelta.resolution


def _states(school_id: UUID) -> QuerySet[Revision, Any]:
    """Return the states of a school that are known, with the time zone that it was in."""
    own = versions(School).filter(id=school_id, revision__lte=OuterRef("number"))
    zone = Subquery(own.order_by("-history_id").values("timezone")[:1])
    return Revision.objects.filter(school=school_id).values("number", "token", "time", zone=zone)


def _refuse_too_early(school_id: UUID) -> NoReturn:
    first = _first(school_id)
    if first.number > 1:
        raise HistoryForgotten(first.time)
    message = _("The school was entered at %(time)s: nothing was said of it before.")
    raise problem("as_of", message, "too_early", time=first.time.isoformat())


def _first(school_id: UUID) -> Revision:
    """Return the oldest state of a school that is known."""
    return Revision.objects.filter(school=school_id).earliest("number")
