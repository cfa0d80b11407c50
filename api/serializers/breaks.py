"""Breaks, as JSON."""

from api.serializers import examples
from api.serializers.base import TRACKING, ModelSerializer
from api.serializers.brief import SchoolBriefSerializer, YearBriefSerializer
from scheduling.models import Break


class BreakSerializer(ModelSerializer[Break]):
    """Days of an academic year without school."""

    EXPANDABLE = {"academic_year": YearBriefSerializer, "school": SchoolBriefSerializer}
    EXAMPLE = examples.BREAK

    class Meta:
        model = Break
        fields = [
            "id",
            "academic_year",
            "school",
            "name",
            "kind",
            "start_date",
            "end_date",
            "counts_weeks",
            *TRACKING,
        ]
