"""The calendar weeks of an academic year, as JSON."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from api.serializers import examples
from api.serializers.base import Parameters, Shape
from api.serializers.brief import SchoolBriefSerializer, YearBriefSerializer
from api.serializers.fields import (
    TODAY,
    AsOfField,
    IdField,
    RevisionField,
    SchoolKeyField,
    TracksField,
)

STAFF_TRACK = _(
    "`staff` counts the days of the staff rather than the students'. Other tracks may be named, "
    "here as elsewhere, and change nothing."
)
EVERY_WEEK = _("Counts every calendar week, from 1.")
WEEKS_WITH_SCHOOL = _("Counts the weeks with school, from 1; null in a week all off.")


class YearKeyField(IdField):
    """The id of an academic year; without it, the year around today, which the school knows."""

    default_error_messages = {"invalid": _("This is not the id of an academic year.")}

    def __init__(self) -> None:
        super().__init__(
            default=TODAY,  # type: ignore[arg-type]  # until the school is known
            help_text=_(
                "The id of one of the school's academic years. Without it, the year that holds "
                "the school's today; if none does, the next one, or else the last."
            ),
        )


class WeeksParameters(Parameters):
    """An academic year of a school."""

    school = SchoolKeyField()
    academic_year = YearKeyField()
    track = TracksField(STAFF_TRACK)
    as_of = AsOfField()


class WeekSerializer(Shape):
    """A calendar week, Monday first; only its days inside the academic year count."""

    position = serializers.IntegerField(help_text=EVERY_WEEK)
    monday = serializers.DateField()
    number = serializers.IntegerField(allow_null=True, help_text=WEEKS_WITH_SCHOOL)
    quarter_number = serializers.IntegerField(
        allow_null=True, help_text=_("The number in the quarter of its first school day.")
    )
    term_number = serializers.IntegerField(
        allow_null=True,
        help_text=_(
            "The number in the term of its first school day: the semester's, where semesters and "
            "trimesters run side by side."
        ),
    )
    first_school_day = serializers.DateField(allow_null=True)
    last_school_day = serializers.DateField(allow_null=True)
    school_days = serializers.IntegerField(help_text=_("How many there are."))


@extend_schema_serializer(
    examples=[OpenApiExample("Before and in a break", examples.WEEKS, response_only=True)]
)
class WeeksSerializer(Shape):
    """Every calendar week that touches an academic year, in order."""

    school = SchoolBriefSerializer()
    academic_year = YearBriefSerializer(
        allow_null=True, help_text=_("Null, with no weeks, while the school has no year.")
    )
    weeks = WeekSerializer(many=True)
    revision = RevisionField()
