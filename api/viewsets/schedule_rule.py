"""Schedule rules, over HTTP."""

from api.filters.resources import ScheduleRuleFilter
from api.serializers.schedule_rule import ScheduleRuleSerializer
from api.viewsets.school_row import SchoolRowViewSet
from scheduling.models import ScheduleRule


class ScheduleRuleViewSet(SchoolRowViewSet):
    """Which bell schedule rings on which weekdays or rotation days."""

    queryset = ScheduleRule.objects.all()
    serializer_class = ScheduleRuleSerializer
    filterset_class = ScheduleRuleFilter
    ordering_fields = ("id", "updated_at")
