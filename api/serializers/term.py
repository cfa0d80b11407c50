"""Terms, as JSON."""

from typing import Any, get_args

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from typing_extensions import override

from api.serializers import examples
from api.serializers.base import TRACKING, ModelSerializer, Shape, StrictShape
from api.serializers.brief import SchoolBriefSerializer, YearBriefSerializer
from api.serializers.fields import FlagField, WholeNumberField
from api.serializers.quarter import QuarterSerializer
from scheduling.models import Term
from scheduling.services.quarters import Strategy

STRATEGIES = get_args(Strategy)


class TermSerializer(ModelSerializer[Term]):
    """A semester or a trimester of an academic year."""

    EXPANDABLE = {"academic_year": YearBriefSerializer, "school": SchoolBriefSerializer}
    EXAMPLE = examples.FULL_TERM

    sequence = WholeNumberField(
        1, 3, required=False, help_text=_("The number in its type; taken from it if left out.")
    )

    class Meta:
        model = Term
        fields = [
            "id",
            "academic_year",
            "school",
            "term_type",
            "sequence",
            "name",
            "start_date",
            "end_date",
            *TRACKING,
        ]


class TermCreateSerializer(TermSerializer):
    """A new term; a semester gets its two quarters."""

    generate_quarters = FlagField(
        default=True,
        write_only=True,
        help_text=_("Whether a semester gets its two quarters; a trimester never has any."),
    )

    class Meta(TermSerializer.Meta):
        fields = [*TermSerializer.Meta.fields, "generate_quarters"]

    @override
    def save_options(self) -> dict[str, Any]:
        return {"generate_quarters": self.read["generate_quarters"]}


class GenerateQuartersSerializer(StrictShape):
    """How to divide a semester."""

    EXAMPLE = {"strategy": "balanced"}

    strategy = serializers.ChoiceField(
        STRATEGIES,
        default="even",
        help_text=_(
            "`even` halves the days; `balanced` cuts after the Sunday that best balances the "
            "school days."
        ),
    )


class TermQuartersSerializer(Shape):
    """The quarters of a semester, in order."""

    EXAMPLE = {"quarters": examples.FULL_QUARTERS}

    quarters = QuarterSerializer(many=True)
