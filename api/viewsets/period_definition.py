"""Periods, over HTTP."""

from api.filters.resources import PeriodDefinitionFilter
from api.serializers.period_definition import PeriodDefinitionSerializer
from api.viewsets.school_row import SchoolRowViewSet
from scheduling.models import PeriodDefinition


class PeriodDefinitionViewSet(SchoolRowViewSet):
    """The periods of bell schedules, one by one."""

    queryset = PeriodDefinition.objects.all()
    serializer_class = PeriodDefinitionSerializer
    filterset_class = PeriodDefinitionFilter
    ordering_fields = ("start", "number", "updated_at", "id")
