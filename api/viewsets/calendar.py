"""What the calendar says for a date or an instant."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from typing_extensions import override

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
from api.viewsets.base import LookupView
from scheduling import lookups
from scheduling.calendar.answers import DailySchedule
from scheduling.lookups import QuarterForDate
from scheduling.models import School


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
    def answer(self, school: School, asked: dict[str, Any]) -> Any:
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
    def answer(self, school: School, asked: dict[str, Any]) -> Any:
        days = lookups.days(school, asked["from"], asked["to"], asked["track"])
        return DailySchedulesSerializer({"days": days}).data


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
    def is_lasting(self, asked: dict[str, Any]) -> bool:
        return asked["at"] is not None

    @override
    def answer(self, school: School, asked: dict[str, Any]) -> Any:
        instant = asked["at"] or timezone.now().replace(microsecond=0)
        return NowSerializer(lookups.now(school, instant, asked["track"])).data


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
    def answer(self, school: School, asked: dict[str, Any]) -> Any:
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
    def answer(self, school: School, asked: dict[str, Any]) -> Any:
        return WeeksSerializer(lookups.weeks(school, asked["academic_year"], asked["track"])).data


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
    def answer(self, school: School, asked: dict[str, Any]) -> Any:
        year, tracks = asked["academic_year"], asked["track"]
        minutes = lookups.instructional_minutes(school, year, tracks)
        return InstructionalMinutesSerializer(minutes).data


def _daily_schedule(schedule: DailySchedule) -> dict[str, Any]:
    return dict(DailyScheduleSerializer(schedule).data)


def _quarter_for_date(answer: QuarterForDate) -> dict[str, Any]:
    return dict(QuarterForDateSerializer(answer).data)
