"""The calendar as Ed-Fi hosts take it."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_view
from typing_extensions import override

from api.serializers.base import Shape
from api.serializers.edfi import (
    EdFiBellScheduleSerializer,
    EdFiCalendarDateSerializer,
    EdFiCalendarSerializer,
    EdFiClassPeriodSerializer,
    EdFiGradingPeriodSerializer,
    EdFiParameters,
    EdFiSessionSerializer,
)
from api.viewsets.base import Asked, LookupView, rendered
from scheduling import exports, lookups
from scheduling.edfi.conventions import Conventions
from scheduling.edfi.resources import Resource
from scheduling.states import SchoolState


def _told(operation_id: str, summary: str, shape: type[Shape]) -> Any:
    return extend_schema_view(
        get=extend_schema(
            operation_id=operation_id,
            tags=["Ed-Fi"],
            summary=summary,
            responses=shape(many=True),
        )
    )


class EdFiView(LookupView):
    """Everything of a resource that is to be pushed; each item is the body of one POST."""

    parameters = EdFiParameters
    resource: ClassVar[Resource]

    @override
    def answer(self, school: SchoolState, asked: Asked) -> lookups.Shown[bytes]:
        conventions = Conventions(asked["namespace"], asked["end_dates"])
        year = asked["academic_year"]
        return exports.edfi_bodies(school, self.resource, year, conventions, rendered)


@_told("listEdFiGradingPeriods", "Grading periods for Ed-Fi", EdFiGradingPeriodSerializer)
class EdFiGradingPeriodsView(EdFiView):
    """The quarters of an academic year, and its terms that have none; to be pushed first."""

    resource = "gradingPeriods"


@_told("listEdFiSessions", "Sessions for Ed-Fi", EdFiSessionSerializer)
class EdFiSessionsView(EdFiView):
    """The semesters and trimesters of an academic year; to be pushed after grading periods."""

    resource = "sessions"


@_told("listEdFiCalendars", "The calendar of a year for Ed-Fi", EdFiCalendarSerializer)
class EdFiCalendarsView(EdFiView):
    """The one calendar that a school has in an academic year; to be pushed before its dates."""

    resource = "calendars"


@_told("listEdFiCalendarDates", "Calendar dates for Ed-Fi", EdFiCalendarDateSerializer)
class EdFiCalendarDatesView(EdFiView):
    """The school days of an academic year and its days off; to be pushed after the calendar.

    Free weekdays and days between terms are not listed.
    """

    resource = "calendarDates"


@_told("listEdFiClassPeriods", "Class periods for Ed-Fi", EdFiClassPeriodSerializer)
class EdFiClassPeriodsView(EdFiView):
    """The periods that students have in an academic year; to be pushed before bell schedules."""

    resource = "classPeriods"


@_told("listEdFiBellSchedules", "Bell schedules for Ed-Fi", EdFiBellScheduleSerializer)
class EdFiBellSchedulesView(EdFiView):
    """What rings for students, with its dates: one for each template and rotation day in use."""

    resource = "bellSchedules"


VIEWS = (
    EdFiGradingPeriodsView,
    EdFiSessionsView,
    EdFiCalendarsView,
    EdFiCalendarDatesView,
    EdFiClassPeriodsView,
    EdFiBellSchedulesView,
)
"""In the order of `scheduling.edfi.resources`."""
