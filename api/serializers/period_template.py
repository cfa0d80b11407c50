"""Bell schedules, as JSON."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from typing_extensions import override

from api.conditions import row_tag
from api.serializers import examples
from api.serializers.base import TRACKING, ModelSerializer, StrictShape
from api.serializers.brief import SchoolBriefSerializer
from api.serializers.fields import (
    ClockField,
    FlagField,
    NamedKeyField,
    TextField,
    WholeNumberField,
)
from api.serializers.period_definition import PeriodSerializer
from scheduling.models import PeriodTemplate, School


class PeriodTemplateSerializer(ModelSerializer[PeriodTemplate]):
    """A bell schedule: the periods of one kind of day."""

    EXPANDABLE = {"school": SchoolBriefSerializer}
    EXAMPLE = examples.PERIOD_TEMPLATE

    school = NamedKeyField(
        queryset=School.objects.all(),
        help_text=_("The school: its id or its slug. It cannot change."),
    )
    periods = PeriodSerializer(many=True, read_only=True, help_text=_("By their start."))

    class Meta:
        model = PeriodTemplate
        fields = [
            "id",
            "school",
            "code",
            "name",
            "is_default",
            "is_archived",
            "periods",
            *TRACKING,
        ]

    @classmethod
    @override
    def tag(cls, row: PeriodTemplate) -> str:
        return row_tag(row, row.get_periods())


class CloneSerializer(StrictShape):
    """What the copy of a bell schedule is called."""

    EXAMPLE = {"code": "late-start-2027", "name": "Late start 2027"}

    code = TextField(
        max_length=63,
        required=False,
        help_text=_("A free code of the school; made from the original's if left out."),
    )
    name = TextField(max_length=100, required=False, help_text=_("The original's if left out."))


class GeneratedBreakSerializer(StrictShape):
    """A break between two of the generated classes."""

    after = WholeNumberField(1, 30, help_text=_("The number of the class before it."))
    length = WholeNumberField(1, 480, help_text=_("Minutes."))


class GenerateSerializer(StrictShape):
    """A day of equal classes, laid out one after another."""

    EXAMPLE = {
        "start": "08:30",
        "count": 7,
        "length": 50,
        "passing": 5,
        "breaks": [{"after": 4, "length": 30}],
    }

    start = ClockField(help_text=_("When the first class starts, on the school's clock."))
    count = WholeNumberField(1, 30, help_text=_("How many classes."))
    length = WholeNumberField(1, 480, help_text=_("Minutes of each class."))
    passing = WholeNumberField(0, 30, default=5, help_text=_("Minutes between two classes."))
    breaks = GeneratedBreakSerializer(  # type: ignore[call-arg]
        many=True, default=list, max_length=30, help_text=_("The longer breaks, such as lunch.")
    )
    irregular = FlagField(
        default=False,
        help_text=_("Whether classes may be shorter than 30 or longer than 120 minutes."),
    )

    @override
    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require at most one break after each class."""
        numbers = [each["after"] for each in attrs["breaks"]]
        again = [index for index, number in enumerate(numbers) if number in numbers[:index]]
        if again:
            fault = ErrorDetail(str(_("There is another break after this class.")), "repeated")
            places = {str(index): {"after": [fault]} for index in again}
            raise serializers.ValidationError({"breaks": places})
        return attrs
