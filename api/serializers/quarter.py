"""Quarters, as JSON."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.serializers import examples
from api.serializers.base import TRACKING, ModelSerializer
from api.serializers.brief import SchoolBriefSerializer, TermBriefSerializer
from api.serializers.fields import WholeNumberField
from scheduling.models import Quarter


class QuarterSerializer(ModelSerializer[Quarter]):
    """Half of a semester. Give its type or its sequence; the other follows."""

    EXPANDABLE = {"term": TermBriefSerializer, "school": SchoolBriefSerializer}
    EXAMPLE = examples.FULL_QUARTER

    quarter_type = serializers.ChoiceField(
        Quarter.QuarterType.choices,
        required=False,
        help_text=_("Q1 and Q2 in the first semester, Q3 and Q4 in the second."),
    )
    sequence = WholeNumberField(
        1,
        2,
        required=False,
        help_text=_("1 for the first half of the semester, 2 for the second."),
    )
    full_label = serializers.CharField(
        read_only=True, help_text=_("The quarter and its semester, such as Q1 (S1).")
    )

    class Meta:
        model = Quarter
        fields = [
            "id",
            "term",
            "school",
            "quarter_type",
            "sequence",
            "full_label",
            "start_date",
            "end_date",
            *TRACKING,
        ]
