"""Schools, over HTTP."""

from typing import Any

from typing_extensions import override

from api.filters.resources import SchoolFilter
from api.permissions import require_district_role, require_school_role
from api.serializers.school import SchoolSerializer
from api.viewsets.resource import ResourceViewSet
from scheduling.models import Role, School


class SchoolViewSet(ResourceViewSet):
    """Schools. An admin of the district creates one; its own admins change it.

    Moving a school takes being admin of the district that it leaves and of the one it joins.
    """

    lookup_url_kwarg = "school"
    queryset = School.objects.all()
    serializer_class = SchoolSerializer
    filterset_class = SchoolFilter
    ordering_fields = ("name", "slug", "updated_at", "id")

    @override
    def require_role(self, row: Any) -> None:
        stored = row.stored()
        if stored is None:
            require_district_role(self.request, row.district_id)
            return
        require_school_role(self.request, row, Role.ADMIN)
        if stored.district_id != row.district_id:
            for district in (stored.district_id, row.district_id):
                require_district_role(self.request, district)
