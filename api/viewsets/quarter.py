"""Quarters, over HTTP."""

from api.filters.resources import QuarterFilter
from api.serializers.quarter import QuarterSerializer
from api.viewsets.school_row import SchoolRowViewSet
from scheduling.models import Quarter


class QuarterViewSet(SchoolRowViewSet):
    """Halves of semesters."""

    queryset = Quarter.objects.all()
    serializer_class = QuarterSerializer
    filterset_class = QuarterFilter
    ordering_fields = ("start_date", "end_date", "updated_at", "id")
