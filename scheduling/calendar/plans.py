"""Plans: a bell schedule as one person has it, on whatever date it rings."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from scheduling.calendar.bells import Hours, Span
from scheduling.calendar.minutes import instructional_minutes


@dataclass(frozen=True, slots=True)
class Plan:
    """How long after midnight the first bell and the last ring, and the minutes of instruction.

    Where no bell rings for the person, it has no `hours`.
    """

    hours: tuple[dt.timedelta, dt.timedelta] | None
    minutes: int

    def span(self, midnight: dt.datetime) -> Span | None:
        """Return the first and the last bell of a date on which the clock does not change."""
        if self.hours is None:
            return None
        first, last = self.hours
        return midnight + first, midnight + last


def plan_of(hours: Iterable[Hours], person: frozenset[str], cap: int) -> Plan:
    """Return the plan of a person who is on these tracks, by the hours of a bell schedule."""
    own = [each for each in hours if each.period.track in person]
    held = [each for each in own if each.begins < each.ends]
    starts, ends = [each.begins for each in held], [each.ends for each in held]
    return Plan(
        hours=(min(starts), max(ends)) if held else None,
        minutes=instructional_minutes([each.period for each in own], cap),
    )
