"""What an Ed-Fi host is told of a calendar: the shapes of Data Standard 5."""

from typing import Any, get_args

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from typing_extensions import override

from api.serializers import examples
from api.serializers.base import Parameters, Shape
from api.serializers.fields import SchoolKeyField
from api.serializers.weeks import YearKeyField
from scheduling.edfi.conventions import (
    LONGEST_NAME,
    LONGEST_NAMESPACE,
    NAMESPACE,
    NAMESPACE_PATTERN,
    EndDates,
)
from scheduling.edfi.school_id import HIGHEST_ID

DESCRIPTOR_LENGTH = 306
"""A namespace of 255 characters, `#`, and a code value of 50."""


class NamespaceField(serializers.RegexField):
    """The namespace of descriptors: the part of their URIs that all of them share."""

    default_error_messages = {
        "invalid": _("Write the URI that descriptors begin with, such as uri://ed-fi.org."),
    }

    def __init__(self) -> None:
        super().__init__(
            NAMESPACE_PATTERN,
            default=NAMESPACE,
            max_length=LONGEST_NAMESPACE,
            trim_whitespace=False,
            help_text=_("What the URIs of descriptors begin with; `uri://ed-fi.org` if left out."),
        )


class EdFiParameters(Parameters):
    """An academic year of a school, and how the host wants to be told of it."""

    school = SchoolKeyField()
    academic_year = YearKeyField()
    namespace = NamespaceField()
    end_dates = serializers.ChoiceField(
        get_args(EndDates),
        default="inclusive",
        help_text=_(
            "Whether an `endDate` is the last day, `inclusive`, as Ed-Fi advises, or the day after "
            "it, `exclusive`."
        ),
    )


class EdFiShape(Shape):
    """A JSON object whose keys are written as Ed-Fi writes them."""

    @override
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {_camel(name): field for name, field in super().get_fields().items()}


def _camel(name: str) -> str:
    first, *words = name.split("_")
    return first + "".join(map(str.capitalize, words))


class SchoolIdField(serializers.IntegerField):
    """The school's number in Ed-Fi."""

    def __init__(self) -> None:
        super().__init__(min_value=1, max_value=HIGHEST_ID)


class SchoolYearField(serializers.IntegerField):
    """A school year by the year in which it ends."""

    def __init__(self) -> None:
        super().__init__(
            min_value=1900, max_value=2199, help_text=_("The year in which the school year ends.")
        )


class NameField(serializers.CharField):
    """A name that is part of a key."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_NAME, **kwargs)


class DescriptorField(serializers.CharField):
    """A value of a descriptor, as its URI."""

    def __init__(self) -> None:
        super().__init__(max_length=DESCRIPTOR_LENGTH)


@extend_schema_field({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$"})
class ClockField(serializers.CharField):
    """A time on the school's clock, with seconds."""


class EndDateField(serializers.DateField):
    """Where a span ends."""

    def __init__(self) -> None:
        super().__init__(help_text=_("The last day, or with `end_dates=exclusive` the one after."))


class InstructionalDaysField(serializers.IntegerField):
    """How many instructional days a span has."""

    def __init__(self) -> None:
        super().__init__(help_text=_("As many as there are instructional calendar dates in it."))


class EdFiSchoolReferenceSerializer(EdFiShape):
    """The school."""

    school_id = SchoolIdField()


class EdFiSchoolYearReferenceSerializer(EdFiShape):
    """The school year."""

    school_year = SchoolYearField()


class EdFiGradingPeriodReferenceSerializer(EdFiShape):
    """The key of a grading period."""

    grading_period_descriptor = DescriptorField()
    grading_period_name = NameField()
    school_id = SchoolIdField()
    school_year = SchoolYearField()


class EdFiSessionGradingPeriodSerializer(EdFiShape):
    """A grading period of a session."""

    grading_period_reference = EdFiGradingPeriodReferenceSerializer()


@extend_schema_serializer(
    examples=[OpenApiExample("A quarter", examples.EDFI_GRADING_PERIOD, response_only=True)]
)
class EdFiGradingPeriodSerializer(EdFiShape):
    """A quarter, or a term that has none."""

    grading_period_descriptor = DescriptorField()
    grading_period_name = NameField()
    school_reference = EdFiSchoolReferenceSerializer()
    school_year_type_reference = EdFiSchoolYearReferenceSerializer()
    begin_date = serializers.DateField()
    end_date = EndDateField()
    total_instructional_days = InstructionalDaysField()
    period_sequence = serializers.IntegerField(min_value=1, max_value=4)


@extend_schema_serializer(
    examples=[OpenApiExample("A semester", examples.EDFI_SESSION, response_only=True)]
)
class EdFiSessionSerializer(EdFiShape):
    """A semester or a trimester, with what is graded in it."""

    session_name = NameField()
    school_reference = EdFiSchoolReferenceSerializer()
    school_year_type_reference = EdFiSchoolYearReferenceSerializer()
    term_descriptor = DescriptorField()
    begin_date = serializers.DateField()
    end_date = EndDateField()
    total_instructional_days = InstructionalDaysField()
    grading_periods = EdFiSessionGradingPeriodSerializer(many=True)


@extend_schema_serializer(
    examples=[OpenApiExample("The calendar", examples.EDFI_CALENDAR, response_only=True)]
)
class EdFiCalendarSerializer(EdFiShape):
    """The calendar of a school year."""

    calendar_code = NameField()
    school_reference = EdFiSchoolReferenceSerializer()
    school_year_type_reference = EdFiSchoolYearReferenceSerializer()
    calendar_type_descriptor = DescriptorField()


class EdFiCalendarReferenceSerializer(EdFiShape):
    """The key of a calendar."""

    calendar_code = NameField()
    school_id = SchoolIdField()
    school_year = SchoolYearField()


class EdFiCalendarEventSerializer(EdFiShape):
    """What a date is."""

    calendar_event_descriptor = DescriptorField()


@extend_schema_serializer(
    examples=[OpenApiExample("A day off", examples.EDFI_CALENDAR_DATE, response_only=True)]
)
class EdFiCalendarDateSerializer(EdFiShape):
    """A date of the calendar about which there is something to say."""

    calendar_reference = EdFiCalendarReferenceSerializer()
    date = serializers.DateField()
    calendar_events = EdFiCalendarEventSerializer(many=True)


class EdFiMeetingTimeSerializer(EdFiShape):
    """When a class period meets, on the school's clock."""

    start_time = ClockField()
    end_time = ClockField()


@extend_schema_serializer(
    examples=[OpenApiExample("A period", examples.EDFI_CLASS_PERIOD, response_only=True)]
)
class EdFiClassPeriodSerializer(EdFiShape):
    """A period at its times: bell schedules that ring it then share it."""

    class_period_name = NameField()
    school_reference = EdFiSchoolReferenceSerializer()
    meeting_times = EdFiMeetingTimeSerializer(many=True)


class EdFiClassPeriodReferenceSerializer(EdFiShape):
    """The key of a class period."""

    class_period_name = NameField()
    school_id = SchoolIdField()


class EdFiBellScheduleClassPeriodSerializer(EdFiShape):
    """A class period of a bell schedule."""

    class_period_reference = EdFiClassPeriodReferenceSerializer()


class EdFiBellScheduleDateSerializer(EdFiShape):
    """A date on which a bell schedule rings."""

    date = serializers.DateField()


@extend_schema_serializer(
    examples=[OpenApiExample("A late start", examples.EDFI_BELL_SCHEDULE, response_only=True)]
)
class EdFiBellScheduleSerializer(EdFiShape):
    """What rings on the dates that are told, for students."""

    bell_schedule_name = NameField()
    school_reference = EdFiSchoolReferenceSerializer()
    class_periods = EdFiBellScheduleClassPeriodSerializer(many=True)
    dates = EdFiBellScheduleDateSerializer(many=True)
    alternate_day_name = serializers.CharField(
        required=False, max_length=20, help_text=_("The rotation day, if there is one.")
    )
    start_time = ClockField(help_text=_("When the first class period starts."))
    end_time = ClockField(help_text=_("When the last class period ends."))
    total_instructional_time = serializers.IntegerField(
        help_text=_("The instructional minutes of a student.")
    )
