"""What the calendar says for a date or an instant."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from typing_extensions import override

from api.lasting import Span
from api.serializers.day import (
    DailyScheduleSerializer,
    DailySchedulesSerializer,
    DayParameters,
    DaysParameters,
)
from api.serializers.minutes import (
    InstructionalMinutesParameters,
    InstructionalMinutesSerializer,
)
from api.serializers.now import NowParameters, NowSerializer
from api.serializers.quarter_for_date import QuarterForDateParameters, QuarterForDateSerializer
from api.serializers.weeks import WeeksParameters, WeeksSerializer
from api.viewsets.base import Asked, LookupView, rendered
from scheduling import lookups
from scheduling.calendar.answers import DailySchedule
from scheduling.lookups import QuarterForDate
from scheduling.states import SchoolState


@extend_schema_view(
    get=extend_schema(
        operation_id="getDailySchedule",
        tags=["Calendar"],
        summary="The daily schedule of a date",
        responses=DailyScheduleSerializer,
    )
)
class DayView(LookupView):
    """What kind of day a date is, why, and which bells ring."""

    parameters = DayParameters

    @override
    def answer(self, school: SchoolState, asked: Asked) -> lookups.Shown[bytes]:
        return lookups.daily_schedule(school, asked["date"], asked["track"], _daily_schedule)


@extend_schema_view(
    get=extend_schema(
        operation_id="listDailySchedules",
        tags=["Calendar"],
        summary="The daily schedules of a range of dates",
        responses=DailySchedulesSerializer,
    )
)
class DaysView(LookupView):
    """The daily schedule of every date from one to another, at most 400."""

    parameters = DaysParameters

    @override
    def answer(self, school: SchoolState, asked: Asked) -> lookups.Shown[bytes]:
        token, days = lookups.days(school, asked["from"], asked["to"], asked["track"])
        return token, rendered(DailySchedulesSerializer({"days": days}).data)


@extend_schema_view(
    get=extend_schema(
        operation_id="getNow",
        tags=["Calendar"],
        summary="What is on at an instant",
        responses=NowSerializer,
    )
)
class NowView(LookupView):
    """The period or the gap that holds an instant, the next bell and the next school day."""

    parameters = NowParameters

    @override
    def is_lasting(self, asked: Asked) -> bool:
        return asked["at"] is not None

    @override
    def settled(self, school: SchoolState, asked: Asked) -> tuple[Asked, Span]:
        """Without an instant, this second is asked about."""
        if self.is_lasting(asked):
            return asked, Span()
        second = school.now().replace(microsecond=0)
        return {**asked, "at": second}, Span(second.timestamp(), second.timestamp() + 1)

    @override
    def answer(self, school: SchoolState, asked: Asked) -> lookups.Shown[bytes]:
        token, now = lookups.now(school, asked["at"], asked["track"])
        return token, rendered(NowSerializer(now).data)


@extend_schema_view(
    get=extend_schema(
        operation_id="getQuarterForDate",
        tags=["Calendar"],
        summary="The quarter of a date",
        responses=QuarterForDateSerializer,
    )
)
class QuarterForDateView(LookupView):
    """The quarter, the term and the week of a date, or why it has no quarter."""

    parameters = QuarterForDateParameters

    @override
    def answer(self, school: SchoolState, asked: Asked) -> lookups.Shown[bytes]:
        return lookups.quarter_for_date(school, asked["date"], _quarter_for_date)


@extend_schema_view(
    get=extend_schema(
        operation_id="listWeeks",
        tags=["Calendar"],
        summary="The weeks of an academic year",
        responses=WeeksSerializer,
    )
)
class WeeksView(LookupView):
    """Every calendar week of an academic year, with its numbers and its school days.

    A school that has no academic year yet has no weeks, which is no error.
    """

    parameters = WeeksParameters

    @override
    def answer(self, school: SchoolState, asked: Asked) -> lookups.Shown[bytes]:
        token, weeks = lookups.weeks(school, asked["academic_year"], asked["track"])
        return token, rendered(WeeksSerializer(weeks).data)


@extend_schema_view(
    get=extend_schema(
        operation_id="getInstructionalMinutes",
        tags=["Calendar"],
        summary="The instructional minutes of an academic year",
        responses=InstructionalMinutesSerializer,
    )
)
class InstructionalMinutesView(LookupView):
    """The instructional minutes of a person, by day, week, quarter, term and year.

    A school that has no academic year yet has no minutes, which is no error.
    """

    parameters = InstructionalMinutesParameters

    @override
    def answer(self, school: SchoolState, asked: Asked) -> lookups.Shown[bytes]:
        year, tracks = asked["academic_year"], asked["track"]
        token, minutes = lookups.instructional_minutes(school, year, tracks)
        return token, rendered(InstructionalMinutesSerializer(minutes).data)


def _daily_schedule(schedule: DailySchedule) -> bytes:
    return rendered(DailyScheduleSerializer(schedule).data)


def _quarter_for_date(answer: QuarterForDate) -> bytes:
    return rendered(QuarterForDateSerializer(answer).data)
