"""Overrides of days, over HTTP."""

from api.filters.resources import DayOverrideFilter
from api.serializers.day_override import DayOverrideSerializer
from api.viewsets.school_row import SchoolRowViewSet
from scheduling.models import DayOverride


class DayOverrideViewSet(SchoolRowViewSet):
    """Days that are closed, or have a bell schedule of their own."""

    queryset = DayOverride.objects.all()
    serializer_class = DayOverrideSerializer
    filterset_class = DayOverrideFilter
    ordering_fields = ("start_date", "end_date", "name", "updated_at", "id")
