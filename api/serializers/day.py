"""What the calendar says for a date, as JSON."""

from typing import Any, get_args

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from typing_extensions import override

from api.serializers import examples
from api.serializers.base import Parameters, Shape
from api.serializers.brief import (
    BreakBriefSerializer,
    QuarterBriefSerializer,
    SchoolBriefSerializer,
    TemplateBriefSerializer,
    TermBriefSerializer,
    WeekNumbersSerializer,
    YearBriefSerializer,
)
from api.serializers.fields import (
    AsOfField,
    ClockField,
    DateField,
    DateOrTodayField,
    InstantField,
    RevisionField,
    SchoolKeyField,
    TracksField,
)
from scheduling.calendar.days import WEEKDAYS, Reason
from scheduling.models import PeriodDefinition

MAX_DAYS = 400
REASONS = get_args(Reason)

ALL_TRACKS = _(
    "A track whose periods to show beside everybody's; may be repeated. `none` shows everybody's "
    "alone, `all`, or leaving it out, every track's. Bounds and minutes are those of a person who "
    "is on the named tracks, and for `staff` so are the school days."
)


class DayParameters(Parameters):
    """One date of a school."""

    school = SchoolKeyField()
    date = DateOrTodayField(help_text=_("A date, or `today`: the school's today."))
    track = TracksField(ALL_TRACKS)
    as_of = AsOfField()


class DaysParameters(Parameters):
    """A range of dates of a school."""

    school = SchoolKeyField()
    from_ = DateField(help_text=_("The first date."))
    to = DateField(help_text=_("The last date, included; at most 400 dates in all."))
    track = TracksField(ALL_TRACKS)
    as_of = AsOfField()

    default_error_messages = {
        "dates_out_of_order": _("The last date must not be before the first."),
        "too_many_days": _("Ask for at most 400 days at once."),
    }

    @override
    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        days = (attrs["to"] - attrs["from"]).days + 1
        if days < 1:
            self._refuse("dates_out_of_order")
        if days > MAX_DAYS:
            self._refuse("too_many_days")
        return attrs

    def _refuse(self, code: str) -> None:
        message = ErrorDetail(str(self.error_messages[code]), code)
        raise serializers.ValidationError({"to": [message]})


class BellSerializer(Shape):
    """A period as it rings on a date; its start belongs to it, its end does not."""

    id = serializers.UUIDField(source="period.id")
    number = serializers.IntegerField(source="period.number")
    name = serializers.CharField(source="period.name")
    type = serializers.ChoiceField(PeriodDefinition.Type.choices, source="period.type")
    track = serializers.CharField(
        source="period.track", help_text=_("Whose period it is; everybody's if empty.")
    )
    start = ClockField(source="period.start", help_text=_("On the school's clock."))
    end = ClockField(source="period.end", help_text=_("On the school's clock."))
    length = serializers.IntegerField(source="period.length", help_text=_("Minutes."))
    passing = serializers.IntegerField(
        source="period.passing", help_text=_("Minutes after it to get to the next one.")
    )
    starts_at = InstantField()
    ends_at = InstantField()


@extend_schema_serializer(
    examples=[OpenApiExample("A late-start Monday", examples.DAILY_SCHEDULE, response_only=True)]
)
class DailyScheduleSerializer(Shape):
    """A date of a school: what kind of day it is, why, and which bells ring."""

    school = SchoolBriefSerializer()
    date = serializers.DateField(source="day.date")
    weekday = serializers.ChoiceField(WEEKDAYS, source="day.weekday")
    is_school_day = serializers.BooleanField(source="day.is_school_day")
    reason = serializers.ChoiceField(
        REASONS,
        source="day.reason",
        help_text=_("What decided, the first of these that applies to the date."),
    )
    label_ = serializers.CharField(
        source="day.label",
        allow_null=True,
        help_text=_("The name of the override or the break that decided."),
    )
    academic_year = YearBriefSerializer(source="day.year", allow_null=True)
    terms = TermBriefSerializer(source="day.terms", many=True)
    quarter = QuarterBriefSerializer(source="day.quarter", allow_null=True)
    week = WeekNumbersSerializer()
    cycle_day = serializers.CharField(source="day.cycle_day", allow_null=True)
    break_ = BreakBriefSerializer(
        source="day.school_break", allow_null=True, help_text=_("The break that decided.")
    )
    template = TemplateBriefSerializer(
        source="day.template", allow_null=True, help_text=_("The bell schedule of the day.")
    )
    starts_at = InstantField(allow_null=True, help_text=_("The person's first bell."))
    ends_at = InstantField(allow_null=True, help_text=_("The person's last bell."))
    instructional_minutes = serializers.IntegerField()
    periods = BellSerializer(many=True)
    revision = RevisionField()


@extend_schema_serializer(
    examples=[OpenApiExample("One Monday", {"days": [examples.DAILY_SCHEDULE]}, response_only=True)]
)
class DailySchedulesSerializer(Shape):
    """A range of dates, in order."""

    days = DailyScheduleSerializer(many=True)
