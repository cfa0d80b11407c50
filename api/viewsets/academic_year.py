"""Academic years, over HTTP."""

from api.filters.resources import AcademicYearFilter
from api.serializers.academic_year import AcademicYearSerializer
from api.viewsets.school_row import SchoolRowViewSet
from scheduling.models import AcademicYear


class AcademicYearViewSet(SchoolRowViewSet):
    """School years of a school; they never overlap."""

    queryset = AcademicYear.objects.all()
    serializer_class = AcademicYearSerializer
    filterset_class = AcademicYearFilter
    ordering_fields = ("start_date", "end_date", "name", "updated_at", "id")
