"""What the calendar says for an instant, as JSON."""

from typing import get_args

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from api.serializers import examples
from api.serializers.base import Parameters, Shape
from api.serializers.brief import SchoolBriefSerializer
from api.serializers.day import BellSerializer
from api.serializers.fields import (
    AsOfField,
    InstantField,
    LocalTimeField,
    RevisionField,
    SchoolKeyField,
    TracksField,
)
from scheduling.calendar.clock import IntervalType

INTERVAL_TYPES = get_args(IntervalType)

OWN_TRACKS = _(
    "A track that the person is on, beside everybody's periods; may be repeated. Without it, as "
    "with `none`, everybody's periods alone."
)


class NowParameters(Parameters):
    """An instant of a school."""

    school = SchoolKeyField()
    at = InstantField(
        default=None,
        help_text=_("An RFC 3339 instant with an offset, or ending in Z; now if left out."),
    )
    track = TracksField(OWN_TRACKS)
    as_of = AsOfField()


class IntervalSerializer(Shape):
    """The stretch of time that holds the instant; its start belongs to it, its end does not."""

    type = serializers.ChoiceField(INTERVAL_TYPES, source="interval.type")
    name = serializers.CharField(source="interval.name")
    period = BellSerializer(
        source="interval.period", allow_null=True, help_text=_("The period that is on, if one is.")
    )
    starts_at = InstantField(
        source="interval.starts_at", allow_null=True, help_text=_("Null where nothing is known.")
    )
    ends_at = InstantField(
        source="interval.ends_at", allow_null=True, help_text=_("Null where nothing is known.")
    )
    seconds_left = serializers.IntegerField(allow_null=True)


class NextSchoolDaySerializer(Shape):
    """The school day whose first bell is the next."""

    date = serializers.DateField()
    starts_at = InstantField()


class PreviousSchoolDaySerializer(Shape):
    """The school day whose last bell was the last."""

    date = serializers.DateField()
    ends_at = InstantField()


@extend_schema_serializer(
    examples=[OpenApiExample("Passing time", examples.NOW, response_only=True)]
)
class NowSerializer(Shape):
    """An instant of a school: what is on, and what comes next."""

    school = SchoolBriefSerializer()
    at = InstantField()
    local_time = LocalTimeField(help_text=_("The same instant on the school's clock."))
    revision = RevisionField()
    interval = IntervalSerializer(source="*")
    next_period = BellSerializer(
        allow_null=True, help_text=_("The next to start, today or on the next school day.")
    )
    next_school_day = NextSchoolDaySerializer(
        allow_null=True, help_text=_("Today, while its first bell is ahead.")
    )
    previous_school_day = PreviousSchoolDaySerializer(
        allow_null=True, help_text=_("Today, once its last bell has rung.")
    )
    school_days_left = serializers.IntegerField(
        help_text=_("The school days of the year whose last bell is still to come.")
    )
