"""The instructional minutes of an academic year, as JSON."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from api.serializers import examples
from api.serializers.base import Parameters, Shape
from api.serializers.brief import SchoolBriefSerializer
from api.serializers.fields import AsOfField, RevisionField, SchoolKeyField, TracksField
from api.serializers.now import OWN_TRACKS
from api.serializers.weeks import EVERY_WEEK, WEEKS_WITH_SCHOOL, YearKeyField
from scheduling.models import Quarter, Term

HOW_MANY = _("How many days the minutes are from.")


class InstructionalMinutesParameters(Parameters):
    """A person's academic year at a school."""

    school = SchoolKeyField()
    academic_year = YearKeyField()
    track = TracksField(OWN_TRACKS)
    as_of = AsOfField()


class YearMinutesSerializer(Shape):
    """The minutes of an academic year."""

    id = serializers.UUIDField(source="span.id")
    name = serializers.CharField(source="span.name")
    minutes = serializers.IntegerField()
    school_days = serializers.IntegerField(help_text=HOW_MANY)


class TermMinutesSerializer(Shape):
    """The minutes of a semester or a trimester."""

    id = serializers.UUIDField(source="span.id")
    term_type = serializers.ChoiceField(Term.TermType.choices, source="span.term_type")
    name = serializers.CharField(source="span.name")
    minutes = serializers.IntegerField()
    school_days = serializers.IntegerField(help_text=HOW_MANY)


class QuarterMinutesSerializer(Shape):
    """The minutes of a quarter."""

    id = serializers.UUIDField(source="span.id")
    quarter_type = serializers.ChoiceField(Quarter.QuarterType.choices, source="span.quarter_type")
    full_label = serializers.CharField(source="span.full_label")
    minutes = serializers.IntegerField()
    school_days = serializers.IntegerField(help_text=HOW_MANY)


class WeekMinutesSerializer(Shape):
    """The minutes of a calendar week, Monday first."""

    position = serializers.IntegerField(source="span.position", help_text=EVERY_WEEK)
    monday = serializers.DateField(source="span.monday")
    number = serializers.IntegerField(
        source="span.number", allow_null=True, help_text=WEEKS_WITH_SCHOOL
    )
    minutes = serializers.IntegerField()
    school_days = serializers.IntegerField(help_text=HOW_MANY)


class DayMinutesSerializer(Shape):
    """The minutes of a school day."""

    date = serializers.DateField()
    minutes = serializers.IntegerField()


@extend_schema_serializer(
    examples=[OpenApiExample("Parts of a year", examples.INSTRUCTIONAL_MINUTES, response_only=True)]
)
class InstructionalMinutesSerializer(Shape):
    """Instructional minutes: class, advisory and exam, with passing up to the school's cap."""

    school = SchoolBriefSerializer()
    academic_year = YearMinutesSerializer(
        allow_null=True, help_text=_("Null, with all lists empty, while the school has no year.")
    )
    terms = TermMinutesSerializer(many=True)
    quarters = QuarterMinutesSerializer(many=True)
    weeks = WeekMinutesSerializer(many=True, help_text=_("Every calendar week of the year."))
    days = DayMinutesSerializer(many=True, help_text=_("The school days of the year."))
    revision = RevisionField()
