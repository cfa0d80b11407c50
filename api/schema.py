"""The OpenAPI document: what drf-spectacular cannot know."""

from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from drf_spectacular import openapi
from drf_spectacular.drainage import set_override
from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.plumbing import force_instance, get_doc
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS
from typing_extensions import override

from api.permissions import KnownReader
from api.problems import CONTENT_TYPE
from api.serializers.base import ModelSerializer, Parameters, Shape
from api.serializers.problem import ProblemSerializer
from api.serializers.versions import HistoryPageSerializer, example_of
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
ROW_ETAG = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    description="Names this state of the row, for `If-Match` and `If-None-Match`.",
    response=[200, 201, 304],
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of the row as the caller knows it: if it has changed since, a 412 tells.",
)
IF_NEW = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="`*` only creates: if the row is there already, a 412 tells.",
)
LINK = OpenApiParameter(
    "Link",
    str,
    OpenApiParameter.HEADER,
    description='The address of the next page, with `rel="next"`, if there is one.',
    response=[200],
)
LOCATION = OpenApiParameter(
    "Location",
    str,
    OpenApiParameter.HEADER,
    description="Where the new row is.",
    response=[201],
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description=(
        "Any name for this request: sent again with it within 24 hours, it is not done again, "
        "but gets the first answer."
    ),
)
REPLAYED = OpenApiParameter(
    "Idempotent-Replayed",
    str,
    OpenApiParameter.HEADER,
    description="`true` if this is the answer of an earlier request with the same key.",
    response=[200, 201],
)
HISTORY = "history"
VERBS = {
    HISTORY: "list",
    "list": "list",
    "create": "create",
    "retrieve": "get",
    "update": "replace",
    "partial_update": "update",
    "destroy": "delete",
    "upsert": "upsert",
}
"""What the operations of a resource are called."""
OFTEN_CHANGED = ("end_date", "valid_from", "length", "name")
"""What the example of a change changes: the first of these that a row has."""
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
        only_reads = KnownReader in auto_schema.view.permission_classes
        reads = only_reads or auto_schema.method in SAFE_METHODS
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


class NamedKey(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """A parent that may be named by its id or its slug, and is answered as its id."""

    target_class = "api.serializers.fields.NamedKeyField"

    @override
    def map_serializer_field(self, auto_schema: Any, direction: Any) -> Any:
        if direction == "request":
            return {"type": "string", "maxLength": 63}
        return {"type": "string", "format": "uuid"}


class AutoSchema(openapi.AutoSchema):
    """Describe what every operation has: the problem it may answer with, and the request's id."""

    def described_parameters(self) -> list[OpenApiParameter]:
        """Return the parameters and response headers of the operation."""
        return []

    @override
    def get_override_parameters(self) -> list[Any]:
        return [*self.described_parameters(), REQUEST_ID]

    @override
    def get_description(self) -> str:  # type: ignore[override]
        return get_doc(type(self.view))

    @override
    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        if self.can_still_hold():
            bodies["304"] = self._body(OpenApiResponse(description=STILL_HOLDS), "304")
        problem = OpenApiResponse(ProblemSerializer, description="Whatever went wrong.")
        bodies["default"] = self._body(problem, "default", CONTENT_TYPE)
        return bodies

    def can_still_hold(self) -> bool:
        """Return whether the operation may answer that the caller's copy still holds."""
        return False

    def _body(self, response: OpenApiResponse, status: str, *media_types: str) -> Any:
        return self._get_response_for_code(response, status, media_types or None)  # type: ignore[no-untyped-call]

    def _parameters_of(self, parameters: Parameters) -> list[OpenApiParameter]:
        return [self._parameter(name, field) for name, field in parameters.fields.items()]

    def _parameter(self, name: str, field: Any) -> OpenApiParameter:
        in_path = f"{{{name}}}" in self.path
        shape = self._map_serializer_field(field, "request")  # type: ignore[no-untyped-call]
        self._insert_field_validators(field, shape)  # type: ignore[no-untyped-call]
        for known_elsewhere in ("description", "default"):
            shape.pop(known_elsewhere, None)
        return OpenApiParameter(
            name,
            shape,
            OpenApiParameter.PATH if in_path else OpenApiParameter.QUERY,
            required=in_path or field.required,
            description=str(field.help_text),
            explode=True if isinstance(field, serializers.ListField) else None,
        )


class LookupSchema(AutoSchema):
    """Describe a lookup by the `parameters` that it declares."""

    @override
    def described_parameters(self) -> list[OpenApiParameter]:
        parameters: Parameters = self.view.parameters()  # type: ignore[attr-defined]
        return [*self._parameters_of(parameters), IF_NONE_MATCH, ETAG, CACHE_CONTROL]

    @override
    def can_still_hold(self) -> bool:
        return True


class ResourceSchema(AutoSchema):
    """Describe the operations of a resource, from what its viewset declares."""

    view: Any

    @override
    def get_operation_id(self) -> str:
        verb = VERBS[self.view.action]
        if self.view.action == HISTORY:
            return f"{verb}{self.view.model.__name__}History"
        return verb + (self._plural() if verb == "list" else self.view.model.__name__)

    @override
    def get_summary(self) -> str:
        meta = self.view.model._meta
        verb = VERBS[self.view.action].capitalize()
        article = "an" if str(meta.verbose_name)[0] in "aeiou" else "a"
        if self.view.action == HISTORY:
            return f"List what {article} {meta.verbose_name} has been"
        if verb == "List":
            return f"List {meta.verbose_name_plural}"
        if verb == "Upsert":
            return f"Create or replace {article} {meta.verbose_name} by its sourced id"
        return f"{verb} {article} {meta.verbose_name}"

    @override
    def get_description(self) -> str:  # type: ignore[override]
        action = getattr(type(self.view), self.view.action)
        return f"{get_doc(type(self.view))}\n\n{get_doc(action)}"

    @override
    def get_tags(self) -> list[str]:
        return [str(self.view.model._meta.verbose_name_plural).capitalize()]

    @override
    def described_parameters(self) -> list[OpenApiParameter]:
        parameters = self.view.parameters(self.view.action)
        asked = self._parameters_of(parameters())
        return [*self._key(), *asked, *self._headers()]

    def _key(self) -> list[OpenApiParameter]:
        name = self.view.lookup_url_kwarg
        if f"{{{name}}}" not in self.path:
            return []
        has_slug = hasattr(self.view.model, "slug")
        text = "Its id or its slug." if has_slug else "Its id."
        kind: Any = {"type": "string", "maxLength": 63} if has_slug else UUID
        return [OpenApiParameter(name, kind, OpenApiParameter.PATH, description=text)]

    def _headers(self) -> list[OpenApiParameter]:
        headers = [ROW_ETAG]
        if self.view.action in {"list", HISTORY}:
            headers = [LINK]
        elif self.view.action == "retrieve":
            headers = [IF_NONE_MATCH, ROW_ETAG, CACHE_CONTROL]
        elif self.view.action == "upsert":
            headers = [IF_MATCH, IF_NEW, ROW_ETAG, LOCATION]
        elif self.method in {"PUT", "PATCH", "DELETE"}:
            headers = [IF_MATCH, ROW_ETAG] if self.method != "DELETE" else [IF_MATCH]
        elif self.method == "POST":
            condition = [IF_MATCH] if self.view.detail else []
            state = [ROW_ETAG] if self._answers_a_row() else []
            headers = [*condition, IDEMPOTENCY_KEY, REPLAYED, *state, LOCATION]
        return headers

    def _answers_a_row(self) -> bool:
        answers = self.get_response_serializers()
        told = answers.values() if isinstance(answers, dict) else [answers]
        return any(isinstance(force_instance(each), self.view.serializer_class) for each in told)  # type: ignore[no-untyped-call]

    @override
    def can_still_hold(self) -> bool:
        return bool(self.view.action == "retrieve")

    @override
    def get_request_serializer(self) -> Any:
        if self.view.action == "upsert":
            return self.view.upsert_serializer()
        created = self.view.create_serializer_class
        return (
            created
            if created and self.view.action == "create"
            else super().get_request_serializer()
        )

    @override
    def get_response_serializers(self) -> Any:
        if self.view.action == HISTORY:
            return HistoryPageSerializer
        if self.view.action == "list":
            return page_shape(self.view.serializer_class, self._plural())
        if self.view.action == "upsert":
            return dict.fromkeys((200, 201), self.view.serializer_class)
        return super().get_response_serializers()

    @override
    def get_examples(self) -> list[OpenApiExample]:
        name = str(self.view.model._meta.verbose_name).capitalize()
        told = self._told()
        shown = _after(told or {}, self._shown())
        answers = OpenApiExample(name, shown, response_only=True, status_codes=["200", "201"])
        return [answers, OpenApiExample(name, told, request_only=True)] if told else [answers]

    def _told(self) -> dict[str, Any] | None:
        """Return an example of a body: of a row, what can be written of it."""
        if self.method not in {"POST", "PUT", "PATCH"}:
            return None
        serializer = force_instance(self.get_request_serializer())  # type: ignore[no-untyped-call]
        if not isinstance(serializer, ModelSerializer):
            return dict(serializer.EXAMPLE)
        writable = {field.field_name for field in serializer._writable_fields}  # noqa: SLF001
        told = {name: value for name, value in serializer.EXAMPLE.items() if name in writable}
        changed = next(name for name in OFTEN_CHANGED if name in told)
        return {changed: told[changed]} if self.method == "PATCH" else told

    def _shown(self) -> dict[str, Any]:
        """Return an example of an answer."""
        shown = self.view.serializer_class.EXAMPLE
        if self.view.action == HISTORY:
            return example_of(self.view.serializer_class)
        if self.view.action == "list":
            return {"next": None, "results": [shown]}
        return getattr(self.get_response_serializers(), "EXAMPLE", shown)  # type: ignore[no-any-return]

    def _plural(self) -> str:
        return "".join(word.capitalize() for word in self.view.basename.split("-"))


def _after(told: dict[str, Any], shown: dict[str, Any]) -> dict[str, Any]:
    """Return an example of a row with the texts that the example of a body gives it."""
    texts = {name: each for name, each in told.items() if isinstance(shown.get(name), str)}
    return shown | texts


@cache
def page_shape(serializer: Any, plural: str) -> type[Shape]:
    """Return the shape of a page of rows."""
    following = serializers.URLField(
        allow_null=True, help_text="The address of the next page; null on the last one."
    )
    fields = {"next": following, "results": serializer(many=True)}
    shape = type(f"{plural}PageSerializer", (Shape,), fields)
    shape.__doc__ = "A page of a list."
    set_override(shape, "many", value=False)  # it holds rows, and is one
    return shape
