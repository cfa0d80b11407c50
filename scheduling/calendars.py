"""The compiled calendars that this process keeps, each for as long as its token is the school's."""

import datetime as dt
from collections import OrderedDict
from threading import Lock
from uuid import UUID

from django.conf import settings

from core.revision import is_revising
from scheduling.models.calendar_rows import Loaded, load, loaded_from
from scheduling.past import PastState
from scheduling.states import SchoolState


def calendar_around(school: SchoolState, start: dt.date, end: dt.date) -> Loaded:
    """Return the school's calendar for `start`..`end`: of its past state, or the newest.

    That of a past state is not kept, which would let that of the newest go. Raises
    School.DoesNotExist, or HistoryForgotten.
    """
    kept = _kept.find(school.id, school.token, start, end)
    if isinstance(school, PastState):
        return kept or school.read(lambda rows: loaded_from(rows, start, end))
    if is_revising(school.id):
        return load(school.id, start, end)  # rows are new, the token is still old
    if kept is None:
        kept = load(school.id, start, end)
        _kept.keep(school.id, kept)
    return kept


class _Calendars:
    """At most CALENDARS_KEPT calendars; the one that nobody asked for longest goes first."""

    def __init__(self) -> None:
        self._schools: OrderedDict[UUID, tuple[Loaded, ...]] = OrderedDict()
        self._count = 0
        self._lock = Lock()

    def find(self, school_id: UUID, token: UUID, start: dt.date, end: dt.date) -> Loaded | None:
        with self._lock:
            kept = self._schools.get(school_id, ())
            if kept:
                self._schools.move_to_end(school_id)
        of_dates = (each for each in kept if each.token == token and each.covers(start, end))
        return next(of_dates, None)

    def keep(self, school_id: UUID, loaded: Loaded) -> None:
        """Keep a calendar beside those of the same state; calendars of other states go."""
        if loaded.token is None:
            return
        with self._lock:
            before = self._schools.pop(school_id, ())
            same = () if loaded.is_whole else before
            kept = (loaded, *(each for each in same if each.token == loaded.token))
            self._schools[school_id] = kept
            self._count += len(kept) - len(before)
            while self._count > settings.CALENDARS_KEPT:
                _oldest, gone = self._schools.popitem(last=False)
                self._count -= len(gone)


_kept = _Calendars()
