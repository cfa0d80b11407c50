"""A bell schedule as students have it: what rings for them, and how long they are taught."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from scheduling.calendar.bells import hours_of, since_midnight
from scheduling.calendar.facts import Period, Template
from scheduling.calendar.plans import plan_of
from scheduling.calendar.tracks import EVERYBODY, STAFF, in_order


@dataclass(frozen=True, slots=True)
class StudentBells:
    """Every period but the staff's, on whatever track, in order, and a student's minutes."""

    periods: tuple[Period, ...]
    minutes: int

    @property
    def start(self) -> dt.time:
        """When the first period begins. There must be one."""
        return self.periods[0].start

    @property
    def end(self) -> dt.time:
        """When the last period ends. There must be one."""
        return max(each.end for each in self.periods)

    def missed_of(self, usual: "StudentBells") -> Iterator[dt.timedelta]:
        """Yield by how much it begins later and ends earlier than usual."""
        if self.periods and usual.periods:
            yield since_midnight(self.start) - since_midnight(usual.start)
            yield since_midnight(usual.end) - since_midnight(self.end)


def student_bells(template: Template, cap: int) -> StudentBells:
    """Return a bell schedule as students have it.

    Where tracks take turns, as lunch waves do, a student is on one of them, and the minutes are
    those that every such student has: the fewest. Who is on none of them has everybody's.
    """
    periods = in_order(each for each in template.periods if each.track != STAFF)
    hours = [hours_of(each) for each in periods]
    plans = (plan_of(hours, frozenset({EVERYBODY, track}), cap) for track in _turns(periods))
    return StudentBells(tuple(periods), min(plan.minutes for plan in plans))


def _turns(periods: list[Period]) -> set[str]:
    """Return the tracks that take turns: they share minutes, or there is nothing beside them."""
    tracks = {each.track for each in periods}
    turns = {
        each.track
        for each in periods
        for other in periods
        if each.track != other.track and each.start < other.end and other.start < each.end
    }
    return turns or (tracks if EVERYBODY not in tracks and tracks else {EVERYBODY})
