"""Plans: a bell schedule as one person has it, on whatever date it rings."""

import datetime as dt
from dataclasses import dataclass

from scheduling.calendar.bells import Span, since_midnight
from scheduling.calendar.facts import Template
from scheduling.calendar.minutes import instructional_minutes
from scheduling.calendar.tracks import own


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


def plan_of(template: Template | None, person: frozenset[str], cap: int) -> Plan:
    """Return the plan of a person who is on these tracks."""
    periods = own(template, person)
    spans = [(since_midnight(each.start), since_midnight(each.end)) for each in periods]
    held = [(start, end) for start, end in spans if start < end]
    starts, ends = [start for start, _ in held], [end for _, end in held]
    return Plan(
        hours=(min(starts), max(ends)) if held else None,
        minutes=instructional_minutes(periods, cap),
    )
