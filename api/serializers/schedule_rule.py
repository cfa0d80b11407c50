"""Schedule rules, as JSON."""

from django.utils.translation import gettext_lazy as _

from api.serializers import examples
from api.serializers.base import TRACKING, ModelSerializer
from api.serializers.brief import (
    SchoolBriefSerializer,
    TemplateBriefSerializer,
    YearBriefSerializer,
)
from api.serializers.fields import WeekdaysField
from scheduling.models import ScheduleRule


class ScheduleRuleSerializer(ModelSerializer[ScheduleRule]):
    """Which bell schedule rings on which weekdays or rotation days."""

    EXPANDABLE = {
        "academic_year": YearBriefSerializer,
        "school": SchoolBriefSerializer,
        "template": TemplateBriefSerializer,
    }
    EXAMPLE = examples.SCHEDULE_RULE

    weekdays = WeekdaysField(
        required=False, help_text=_("The weekdays it is for; any if there is none.")
    )

    class Meta:
        model = ScheduleRule
        fields = [
            "id",
            "academic_year",
            "school",
            "template",
            "weekdays",
            "cycle_day",
            "valid_from",
            "valid_to",
            *TRACKING,
        ]
