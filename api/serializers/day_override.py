"""Overrides of days, as JSON."""

from api.serializers import examples
from api.serializers.base import TRACKING, ModelSerializer
from api.serializers.brief import (
    SchoolBriefSerializer,
    TemplateBriefSerializer,
    YearBriefSerializer,
)
from scheduling.models import DayOverride


class DayOverrideSerializer(ModelSerializer[DayOverride]):
    """Days on which school is closed, or open with a bell schedule of their own."""

    EXPANDABLE = {
        "academic_year": YearBriefSerializer,
        "school": SchoolBriefSerializer,
        "template": TemplateBriefSerializer,
    }
    EXAMPLE = examples.DAY_OVERRIDE

    class Meta:
        model = DayOverride
        fields = [
            "id",
            "academic_year",
            "school",
            "name",
            "start_date",
            "end_date",
            "closed",
            "template",
            "cycle_day",
            "holds_cycle",
            *TRACKING,
        ]
