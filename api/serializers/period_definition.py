"""Periods, as JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError as ModelError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.problems import Refused, errors_of
from api.serializers import examples
from api.serializers.base import ModelSerializer, Shape, StrictShape
from api.serializers.brief import SchoolBriefSerializer, TemplateBriefSerializer
from api.serializers.fields import ClockField, ShortListField, WholeNumberField
from scheduling.models import PeriodDefinition, PeriodTemplate
from scheduling.services import require_sound

MOST_PERIODS = 200
"""As many periods can one bell schedule have when they are sent at once."""

OWN = ["number", "name", "type", "start", "length", "passing", "track", "irregular", "meta"]
"""What a person says of a period."""


class PeriodSerializer(ModelSerializer[PeriodDefinition]):
    """A period of a bell schedule."""

    EXAMPLE = examples.NESTED_PERIODS[1]

    number = WholeNumberField(
        0, 32_767, help_text=_("Unique in the bell schedule; holes and 0 are fine.")
    )
    length = WholeNumberField(
        1,
        480,
        help_text=_("Minutes. A class lasts 30 to 120 unless it is irregular; others 1 to 480."),
    )
    passing = WholeNumberField(
        0,
        30,
        required=False,
        help_text=_("Minutes after it to get to the next one, 0 to 30."),
    )
    end = ClockField(read_only=True, help_text=_("On the school's clock: start plus length."))

    class Meta:
        model = PeriodDefinition
        fields = ["id", *OWN, "end", "sourced_id", "revision"]


class PeriodDefinitionSerializer(PeriodSerializer):
    """A period of a bell schedule, by itself."""

    EXPANDABLE = {"template": TemplateBriefSerializer, "school": SchoolBriefSerializer}
    EXAMPLE = examples.PERIOD_DEFINITION

    class Meta(PeriodSerializer.Meta):
        fields = [
            "id",
            "template",
            "school",
            *OWN,
            "end",
            "sourced_id",
            "revision",
            "created_at",
            "updated_at",
        ]


class PeriodListSerializer(StrictShape):
    """A list of whatever its items are."""

    periods = ShortListField(child=serializers.JSONField(allow_null=True), max_length=MOST_PERIODS)


class PeriodsSerializer(Shape):
    """All periods of a bell schedule."""

    EXAMPLE = {"periods": examples.NEW_PERIODS}

    periods = PeriodSerializer(many=True, max_length=MOST_PERIODS)  # type: ignore[call-arg]

    @staticmethod
    def rows(data: Any, template: PeriodTemplate) -> Sequence[PeriodDefinition]:
        """Return what a body lists as rows of a bell schedule, not saved.

        Raises Refused with everything that is wrong with any of them.
        """
        listed = PeriodListSerializer(data=data)
        listed.is_valid(raise_exception=True)
        rows, unreadable = [], []
        for index, each in enumerate(listed.validated_data["periods"]):
            row = PeriodDefinition(template=template)
            unreadable += [
                {**problem, "pointer": f"/periods/{index}{problem['pointer']}"}
                for problem in PeriodSerializer(data=each).read_into(row)
            ]
            rows.append(row)
        if unreadable:
            known = tuple(f"{problem['pointer']}/" for problem in unreadable)
            others = (
                each
                for each in set_problems(rows, template)
                if not f"{each['pointer']}/".startswith(known)
            )
            raise Refused([*unreadable, *others])
        return rows


def set_problems(
    rows: Sequence[PeriodDefinition], template: PeriodTemplate
) -> Iterator[dict[str, str]]:
    """Yield what is wrong with rows as the periods of one bell schedule."""
    try:
        require_sound(rows, template)
    except ModelError as refusal:
        yield from errors_of(refusal)
