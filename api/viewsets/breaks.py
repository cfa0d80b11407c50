"""Breaks, over HTTP."""

from api.filters.resources import BreakFilter
from api.serializers.breaks import BreakSerializer
from api.viewsets.school_row import SchoolRowViewSet
from scheduling.models import Break


class BreakViewSet(SchoolRowViewSet):
    """Days without school: holidays, vacations, staff days, weather."""

    queryset = Break.objects.all()
    serializer_class = BreakSerializer
    filterset_class = BreakFilter
    ordering_fields = ("start_date", "end_date", "name", "updated_at", "id")
