"""The OpenAPI document, served."""

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from typing_extensions import override


@cache
def document() -> Any:
    """Return the document; while a process runs, it does not change."""
    return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]


class SchemaView(SpectacularAPIView):
    """The OpenAPI document of this API, as YAML or as JSON."""

    schema = None
    authentication_classes = []

    @override
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(document())
