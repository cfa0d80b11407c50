"""The rotation: which of the year's cycle days (A, B, ...) a date has."""

import datetime as dt
from dataclasses import dataclass

from scheduling.calendar.facts import Override, Year


@dataclass(frozen=True, slots=True)
class Rotation:
    """Where a year's rotation stands: `position` is the index of the cycle day that is next.

    A date is offered a turn, an index into `cycle_days`, and shows it if students have school.
    - `pause` takes the turn on students' school days only.
    - `calendar` takes it on each of the school's `weekdays`, closed or not; other days have none.
    - A forced day is the turn, and the rotation goes on from it; under `pause` only if there is
      school. A forced day that the year does not know forces nothing.
    - A held day has no turn, and neither has a date before the rotation starts.
    """

    year: Year
    weekdays: frozenset[int]
    position: int = 0

    def turn(self, date: dt.date, override: Override | None) -> int | None:
        """Return the turn that `date` is offered."""
        if not self.year.cycle_days or date < self._start:
            return None
        if override is not None and override.holds_cycle:
            return None
        if override is not None and override.cycle_day in self.year.cycle_days:
            return self.year.cycle_days.index(override.cycle_day)
        return self.position if self._takes_part(date) else None

    def label(self, turn: int | None) -> str | None:
        """Return the cycle day of a turn."""
        return None if turn is None else self.year.cycle_days[turn]

    def after(self, turn: int | None, *, is_school_day: bool) -> "Rotation":
        """Return where the rotation stands after a date that was offered `turn`."""
        if turn is None or not (is_school_day or self._goes_by_calendar):
            return self
        return Rotation(self.year, self.weekdays, (turn + 1) % len(self.year.cycle_days))

    @property
    def _start(self) -> dt.date:
        return self.year.cycle_start or self.year.start_date

    @property
    def _goes_by_calendar(self) -> bool:
        return self.year.cycle_policy == "calendar"

    def _takes_part(self, date: dt.date) -> bool:
        return not self._goes_by_calendar or date.weekday() in self.weekdays
