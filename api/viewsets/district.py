"""Districts, over HTTP."""

from typing import Any

from rest_framework.exceptions import PermissionDenied
from typing_extensions import override

from api.authentication import actor_of
from api.filters.resources import DistrictFilter
from api.permissions import require_district_role
from api.serializers.district import DistrictSerializer
from api.viewsets.resource import ResourceViewSet
from scheduling.models import District


class DistrictViewSet(ResourceViewSet):
    """What schools belong to. Only a superuser creates one; its admins change it."""

    lookup_url_kwarg = "district"
    queryset = District.objects.all()
    serializer_class = DistrictSerializer
    filterset_class = DistrictFilter
    ordering_fields = ("name", "slug", "updated_at", "id")

    @override
    def require_role(self, row: Any) -> None:
        if not row._state.adding:  # noqa: SLF001
            require_district_role(self.request, row)
        elif not actor_of(self.request).is_superuser:
            raise PermissionDenied
