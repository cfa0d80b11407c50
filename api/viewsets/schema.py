"""The OpenAPI document, served."""

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from typing_extensions import override

from api.serializers.base import Parameters


@cache
def document() -> Any:
    """Return the document; while a process runs, it does not change."""
    return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]


class SchemaView(SpectacularAPIView):
    """The OpenAPI document of this API, as YAML or as JSON: as `Accept` says; no parameters."""

    schema = None
    authentication_classes = []
    permission_classes = []

    @override
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        Parameters.read(kwargs, request.query_params)
        return Response(document())
