"""Every resource that is exported, in the order in which a host takes them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Literal, get_args

from scheduling.edfi.bells import bell_schedules, class_periods
from scheduling.edfi.calendars import calendar_dates, calendars
from scheduling.edfi.conventions import Body
from scheduling.edfi.sessions import grading_periods, sessions
from scheduling.edfi.source import Source

Resource = Literal[
    "gradingPeriods", "sessions", "calendars", "calendarDates", "classPeriods", "bellSchedules"
]
RESOURCES: tuple[Resource, ...] = get_args(Resource)
"""A resource comes after those that it refers to."""

BODIES: Mapping[Resource, Callable[[Source], Iterator[Body]]] = {
    "gradingPeriods": grading_periods,
    "sessions": sessions,
    "calendars": calendars,
    "calendarDates": calendar_dates,
    "classPeriods": class_periods,
    "bellSchedules": bell_schedules,
}


def bodies(resource: Resource, source: Source) -> list[Body]:
    """Return everything that there is of a resource, in an order of its own."""
    return list(BODIES[resource](source))
