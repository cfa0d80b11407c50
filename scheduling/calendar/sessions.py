"""Sessions: the school days of a person in instants, from the first bell to the last."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from scheduling.calendar.bells import Bell, heard, ring
from scheduling.calendar.days import Day
from scheduling.calendar.facts import Template, Year
from scheduling.calendar.tracks import own


@dataclass(frozen=True, slots=True)
class Session:
    """A school day with bells: from its first bell to its last, `starts_at <= t < ends_at`.

    It is never empty. `year` and `template` are the day's.
    """

    date: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime
    year: Year
    template: Template

    def bells(self, person: frozenset[str], zone: ZoneInfo) -> tuple[Bell, ...]:
        """Return the bells of the person whose session it is, as far as they are heard."""
        return heard(ring(own(self.template, person), self.date, zone))


def sessions(days: Iterable[Day], person: frozenset[str], zone: ZoneInfo) -> Iterator[Session]:
    """Yield the sessions of some days, in order.

    They are disjoint, for one begins only when all before it have ended: where the clock skips a
    whole date, the bells of two dates ring at once.
    """
    so_far = dt.datetime.min.replace(tzinfo=dt.UTC)
    for day in days:
        if not day.is_school_day or day.year is None or day.template is None:
            continue
        bells = heard(ring(own(day.template, person), day.date, zone))
        if not bells:
            continue
        starts_at = max(so_far, min(bell.starts_at for bell in bells))
        ends_at = max(bell.ends_at for bell in bells)
        if starts_at < ends_at:
            yield Session(day.date, starts_at, ends_at, day.year, day.template)
            so_far = ends_at
