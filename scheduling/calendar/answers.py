"""What a caller is told: the daily schedule, and what is on now."""

import datetime as dt
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduling.calendar.bells import Bell
from scheduling.calendar.clock import Interval
from scheduling.calendar.days import Day
from scheduling.calendar.facts import School
from scheduling.calendar.sessions import Session
from scheduling.calendar.stretches import Stretch
from scheduling.calendar.weeks import WeekNumbers


class DailySchedule(NamedTuple):
    """A date and its bells; instants are UTC and aware.

    `periods` are sorted by start, end, track and number. The first and the last bell and the
    minutes are the person's alone; there are none on a closed day or on a day without bells.
    """

    school: School
    day: Day
    week: WeekNumbers
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    instructional_minutes: int
    periods: tuple[Bell, ...]


class Now(NamedTuple):
    """An instant of a person's time; `at` is UTC.

    - `next_period` is the first to start after it, today or on the next school day.
    - `next_school_day` is the next whose first bell is after it, `previous_school_day` the last
      whose last bell is not; only school days with bells count for either.
    - `school_days_left` are those of the local date's year whose last bell is after it; one
      without bells lasts until its date is over. Outside a year there are none.
    """

    school: School
    at: dt.datetime
    stretch: Stretch

    @property
    def local_time(self) -> dt.datetime:
        """The instant on the school's clock."""
        return self.at.astimezone(ZoneInfo(self.school.timezone))

    @property
    def interval(self) -> Interval:
        """The one interval that holds the instant."""
        return self.stretch.interval

    @property
    def next_period(self) -> Bell | None:
        """The next period to start."""
        return self.stretch.next_period

    @property
    def next_school_day(self) -> Session | None:
        """The school day whose first bell is the next."""
        return self.stretch.standing.next_school_day

    @property
    def previous_school_day(self) -> Session | None:
        """The school day whose last bell was the last."""
        return self.stretch.standing.previous_school_day

    @property
    def school_days_left(self) -> int:
        """The school days of the year that are not over."""
        return self.stretch.standing.school_days_left

    @property
    def seconds_left(self) -> int | None:
        """The whole seconds to the end of the interval, if the end is known."""
        ends_at = self.interval.ends_at
        return None if ends_at is None else (ends_at - self.at) // dt.timedelta(seconds=1)
