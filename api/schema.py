"""The OpenAPI document: what drf-spectacular cannot know."""

from typing import Any

from django.conf import settings
from drf_spectacular import openapi
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.plumbing import get_doc
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS
from typing_extensions import override

from api.problems import CONTENT_TYPE
from api.serializers.base import Parameters
from api.serializers.problem import ProblemSerializer
from scheduling.access import READ, SCOPES, WRITE

REQUEST_ID = OpenApiParameter(
    "X-Request-Id",
    str,
    OpenApiParameter.HEADER,
    description="The id of the request: the caller's, or one made for it.",
    response=True,
)
CACHE_CONTROL = OpenApiParameter(
    "Cache-Control",
    str,
    OpenApiParameter.HEADER,
    description="`no-cache` beside an ETag, `no-store` where the answer holds for a moment only.",
    response=[200],
)
ETAG = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    description="Names the answer; it changes when anything of the school changes.",
    response=[200, 304],
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of the answer that the caller holds: a 304 tells that it still holds.",
)
STILL_HOLDS = "The answer that the caller holds still holds."


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """A program's access token."""

    target_class = "api.authentication.BearerAuthentication"
    name = "clientCredentials"

    @override
    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        flow = {"tokenUrl": "/oauth/token", "scopes": SCOPES}
        return {
            "type": "oauth2",
            "description": "A program's access token, which `/oauth/token` gives for an hour.",
            "flows": {"clientCredentials": flow},
        }

    @override
    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        reads = auto_schema.method in SAFE_METHODS
        return {self.name: [READ if reads else WRITE]}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """A person's session."""

    target_class = "api.authentication.PersonAuthentication"
    name = "session"

    @override
    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "A person who has logged in; writes also need `X-CSRFToken`.",
        }


class AutoSchema(openapi.AutoSchema):
    """Describe a lookup: the `parameters` that it declares, and the problem it may answer with."""

    @override
    def get_override_parameters(self) -> list[Any]:
        parameters: Parameters = self.view.parameters()  # type: ignore[attr-defined]
        described = [self._parameter(name, field) for name, field in parameters.fields.items()]
        return [*described, IF_NONE_MATCH, ETAG, CACHE_CONTROL, REQUEST_ID]

    @override
    def get_description(self) -> str:  # type: ignore[override]
        return get_doc(type(self.view))

    @override
    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        bodies["304"] = self._body(OpenApiResponse(description=STILL_HOLDS), "304")
        problem = OpenApiResponse(ProblemSerializer, description="Whatever went wrong.")
        bodies["default"] = self._body(problem, "default", CONTENT_TYPE)
        return bodies

    def _body(self, response: OpenApiResponse, status: str, *media_types: str) -> Any:
        return self._get_response_for_code(response, status, media_types or None)  # type: ignore[no-untyped-call]

    def _parameter(self, name: str, field: Any) -> OpenApiParameter:
        in_path = f"{{{name}}}" in self.path
        shape = self._map_serializer_field(field, "request")  # type: ignore[no-untyped-call]
        for known_elsewhere in ("description", "default"):
            shape.pop(known_elsewhere, None)
        return OpenApiParameter(
            name,
            shape,
            OpenApiParameter.PATH if in_path else OpenApiParameter.QUERY,
            required=field.required,
            description=str(field.help_text),
            explode=True if isinstance(field, serializers.ListField) else None,
        )
