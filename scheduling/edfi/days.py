"""What an academic year's dates are to Ed-Fi, and how many of a span are instructional."""

import datetime as dt
from functools import cached_property
from uuid import UUID

from scheduling.calendar.days import Day, Rulings, staff_days, student_day
from scheduling.calendar.facts import DateRange, School, Year
from scheduling.edfi.students import StudentBells, student_bells

INSTRUCTIONAL = "Instructional day"
MAKE_UP = "Make-up day"
SHORTENED = "Student late arrival/early dismissal"
CLOSED = "Non-instructional day"
STAFF = "Teacher only day"
BREAKS = {
    "holiday": "Holiday",
    "vacation": CLOSED,
    "staff_day": STAFF,
    "weather": "Weather day",
    "other": CLOSED,
}
"""The event of a day in a break, by the kind of the break."""
NOTICEABLE = dt.timedelta(minutes=15)
"""Who comes later, or leaves earlier, by less than this is not late and not dismissed early."""


class SchoolDays:
    """An academic year as its students have it, day by day."""

    def __init__(self, school: School, year: Year) -> None:
        self.school = school
        self.year = year
        self.rulings = Rulings(school, year)
        self.days = tuple(map(student_day, staff_days(school, year)))

    @cached_property
    def bells(self) -> dict[UUID, StudentBells]:
        """What the students hear of each bell schedule, by its id."""
        cap = self.school.passing_minutes_cap
        return {key: student_bells(each, cap) for key, each in self.school.templates.items()}

    def instructional(self, span: DateRange) -> int:
        """Return how many dates of a span are instructional."""
        return sum(day.is_school_day for day in self.days if span.covers(day.date))

    def event(self, day: Day) -> str | None:
        """Return what a date is called; a free weekday and a date between terms are nothing."""
        if day.is_school_day:
            return self._event_with_school(day)
        if day.school_break is not None:
            return BREAKS[day.school_break.kind]
        return {"override": CLOSED, "staff_only": STAFF}.get(day.reason)

    def _event_with_school(self, day: Day) -> str:
        if day.date.weekday() not in self.school.weekdays:
            return MAKE_UP
        return SHORTENED if self._is_shortened(day) else INSTRUCTIONAL

    def _is_shortened(self, day: Day) -> bool:
        """Return whether an override takes instruction away, and students come or go for it."""
        usual = self._usually(day)
        if day.reason != "override" or usual is None or day.template is None:
            return False
        bells, usual_bells = self.bells[day.template.id], self.bells[usual]
        return bells.minutes < usual_bells.minutes and any(
            missed >= NOTICEABLE for missed in bells.missed_of(usual_bells)
        )

    def _usually(self, day: Day) -> UUID | None:
        """Return what would ring on a date if it had no override."""
        template = self.rulings.by_rule(day.date, day.cycle_day).template
        return template.id if template else None
