"""The quarter of a date, as JSON."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from api.serializers import examples
from api.serializers.base import Parameters, Shape
from api.serializers.brief import (
    QuarterBriefSerializer,
    SchoolBriefSerializer,
    TermBriefSerializer,
    WeekNumbersSerializer,
)
from api.serializers.day import REASONS
from api.serializers.fields import AsOfField, DateOrTodayField, RevisionField, SchoolKeyField

QUARTER_REASONS = (*REASONS, "no_quarter")


class QuarterForDateParameters(Parameters):
    """A date of a school."""

    school = SchoolKeyField()
    date = DateOrTodayField(help_text=_("A date, or `today`: the school's today."))
    as_of = AsOfField()


@extend_schema_serializer(
    examples=[
        OpenApiExample("In a quarter", examples.QUARTER_FOR_DATE, response_only=True),
        OpenApiExample("Between terms", examples.NO_QUARTER_FOR_DATE, response_only=True),
    ]
)
class QuarterForDateSerializer(Shape):
    """The quarter of a date, if it has one."""

    school = SchoolBriefSerializer()
    date = serializers.DateField()
    quarter = QuarterBriefSerializer(allow_null=True)
    term = TermBriefSerializer(
        allow_null=True, help_text=_("The semester of the date, or else its trimester.")
    )
    week = WeekNumbersSerializer()
    reason = serializers.ChoiceField(
        QUARTER_REASONS,
        help_text=_(
            "What decided about the date, as in the daily schedule. Where there is no quarter, "
            "why: `outside_year`, or `override`, `break` or `between_terms` between two terms, "
            "or `no_quarter` inside a term that has none on the date, such as a trimester."
        ),
    )
    revision = RevisionField()
