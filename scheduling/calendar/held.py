"""A session with all that rings in it."""

import datetime as dt
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from scheduling.calendar.bells import Bell
from scheduling.calendar.clock import Interval
from scheduling.calendar.routines import Routine
from scheduling.calendar.sessions import Session
from scheduling.calendar.stretches import Cut, Standing, Stretch


class Held(NamedTuple):
    """A session of a person, its bells in order, and its routine, counted from `origin`."""

    session: Session
    bells: tuple[Bell, ...]
    routine: Routine
    origin: dt.datetime

    @classmethod
    def by(
        cls, session: Session, bells: tuple[Bell, ...], routine: Routine, origin: dt.datetime
    ) -> "Held":
        """Return a session, of whose template these are all the bells."""
        return cls(session, tuple([bells[place] for place in routine.order]), routine, origin)

    def cut(
        self, first: dt.datetime, until: dt.datetime, standing: Standing, following: Bell | None
    ) -> Cut:
        """Cut the time from an instant of the session on, until another, in which a standing holds.

        `following` is what rings next after the session's own bells.
        """
        origin, times = self.origin, self.routine.times
        on = slice(bisect_right(times, first - origin) - 1, bisect_left(times, until - origin))
        period, next_period = (*self.bells, None), (*self.bells, following)
        cut = [
            (
                origin + at,
                Stretch(
                    Interval(type_, name, period[bell], origin + begins, origin + ends),
                    next_period[next_bell],
                    standing,
                ),
            )
            for at, type_, name, bell, begins, ends, next_bell in self.routine.steps[on]
        ]
        cut[0] = first, cut[0][1]
        return cut

    def next_bell(self, instant: dt.datetime) -> Bell | None:
        """Return the first bell to ring after `instant`."""
        for bell in self.bells:
            if instant < bell.starts_at:
                return bell
        return None

    def early_bells(self) -> list[dt.datetime]:
        """Return when bells ring before the session can begin, since another is still on."""
        begins = self.session.starts_at
        return [each.starts_at for each in self.bells if each.starts_at < begins]
