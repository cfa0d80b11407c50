"""The service's shapes, as nested ModelSerializers."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from rest_framework import serializers

from scheduling.models import (
    AcademicYear,
    PeriodDefinition,
    PeriodTemplate,
    Quarter,
    School,
    Term,
)


class SchoolSerializer(serializers.ModelSerializer[School]):
    """A school, in short."""

    class Meta:
        model = School
        fields = ("id", "slug", "name", "timezone")


class YearSerializer(serializers.ModelSerializer[AcademicYear]):
    """An academic year, in short."""

    class Meta:
        model = AcademicYear
        fields = ("id", "name")


class TermSerializer(serializers.ModelSerializer[Term]):
    """A term, in short."""

    class Meta:
        model = Term
        fields = ("id", "term_type", "name")


class QuarterBriefSerializer(serializers.ModelSerializer[Quarter]):
    """A quarter, in short."""

    class Meta:
        model = Quarter
        fields = ("id", "quarter_type", "full_label")


class QuarterSerializer(serializers.ModelSerializer[Quarter]):
    """A quarter, as the service lists it."""

    class Meta:
        model = Quarter
        fields = (
            "id",
            "term",
            "school",
            "quarter_type",
            "sequence",
            "full_label",
            "start_date",
            "end_date",
            "sourced_id",
            "metadata",
            "revision",
            "created_at",
            "updated_at",
        )


class TemplateSerializer(serializers.ModelSerializer[PeriodTemplate]):
    """A bell schedule, in short."""

    class Meta:
        model = PeriodTemplate
        fields = ("id", "code", "name")


class PeriodSerializer(serializers.ModelSerializer[PeriodDefinition]):
    """A period, as it rings on the date of the context."""

    starts_at = serializers.SerializerMethodField()
    ends_at = serializers.SerializerMethodField()

    class Meta:
        model = PeriodDefinition
        fields = (
            "id",
            "number",
            "name",
            "type",
            "track",
            "start",
            "end",
            "length",
            "passing",
            "starts_at",
            "ends_at",
        )

    def get_starts_at(self, period: PeriodDefinition) -> str:
        """Return the instant of the first bell."""
        return _instant(period.start, self.context)

    def get_ends_at(self, period: PeriodDefinition) -> str:
        """Return the instant of the last bell."""
        return _instant(period.end, self.context)


class DailyScheduleSerializer(serializers.Serializer[Any]):
    """The daily schedule of an ordinary date."""

    school = SchoolSerializer()
    date = serializers.DateField()
    weekday = serializers.DateField(source="date", format="%A")
    is_school_day = serializers.BooleanField(default=True)
    reason = serializers.CharField(default="default")
    label = serializers.CharField(default=None, allow_null=True)  # type: ignore[assignment]
    academic_year = YearSerializer()
    terms = TermSerializer(many=True)
    quarter = QuarterBriefSerializer()
    week = serializers.SerializerMethodField()
    cycle_day = serializers.CharField(default="A")
    template = TemplateSerializer()
    starts_at = serializers.SerializerMethodField()
    ends_at = serializers.SerializerMethodField()
    instructional_minutes = serializers.SerializerMethodField()
    periods = PeriodSerializer(many=True)
    revision = serializers.IntegerField()

    def get_week(self, day: Any) -> dict[str, int]:
        """Return the numbers of the week, as if no week were all off."""
        starts = {
            "quarter": day.quarter.start_date,
            "term": day.terms[0].start_date,
            "year": day.academic_year.start_date,
        }
        return {name: (day.date - start).days // 7 + 1 for name, start in starts.items()}

    def get_starts_at(self, day: Any) -> str:
        """Return the instant of the day's first bell."""
        return _instant(min(each.start for each in day.periods), self.context)

    def get_ends_at(self, day: Any) -> str:
        """Return the instant of the day's last bell."""
        return _instant(max(each.end for each in day.periods), self.context)

    def get_instructional_minutes(self, day: Any) -> int:
        """Return the minutes of the classes, without what the service knows of passing."""
        return sum(each.length for each in day.periods if each.type == "class")


def _instant(clock: dt.time, context: Mapping[str, Any]) -> str:
    zone = ZoneInfo(context["school"].timezone)
    local = dt.datetime.combine(context["date"], clock, zone)
    return local.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
