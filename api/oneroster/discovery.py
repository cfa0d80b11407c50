"""The discovery document of version 1.2: an OpenAPI document of what is served here."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from api.oneroster.addresses import absolute
from api.oneroster.callers import count
from api.oneroster.errors import Refusal, RefusedResponse, read_only
from api.oneroster.versions import V1P2
from scheduling.access import ANYBODY

DOCUMENTED = "/ims/oneroster/rostering/v1p2"
DOCUMENTS = (
    "onerosterv1p2rostersservice_openapi3_v1p0.json",
    "imsorv1p2_rostering_openapi3_v1p0.json",
)
"""What the binding and the conformance guide call it: the same document."""

Schema = dict[str, Any]

_SCOPES = {
    "https://purl.imsglobal.org/spec/or/v1p2/scope/roster-core.readonly": "Read orgs and sessions.",
    "https://purl.imsglobal.org/spec/or/v1p2/scope/roster.readonly": "Read their parts, too.",
}
_OBJECTS = {"orgs": "Org", "schools": "School", "academicSessions": "AcademicSession"} | {
    "terms": "Term",
    "gradingPeriods": "GradingPeriod",
}
_PARTS = {
    "/schools/{schoolSourcedId}/terms": ("getTermsForSchool", "schoolSourcedId"),
    "/terms/{termSourcedId}/gradingPeriods": ("getGradingPeriodsForTerm", "termSourcedId"),
}
_TEXT: Schema = {"type": "string", "minLength": 1}
_STATUSES = {
    HTTPStatus.BAD_REQUEST: "A parameter cannot be read.",
    HTTPStatus.UNAUTHORIZED: "There is no token, or none that is valid.",
    HTTPStatus.FORBIDDEN: "The token has not the scope.",
    HTTPStatus.NOT_FOUND: "There is no such object.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Rosters are only read.",
    HTTPStatus.TOO_MANY_REQUESTS: "That was too much for one minute.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The database is away for a moment.",
}


@csrf_exempt
def discovery_view(request: HttpRequest) -> HttpResponse:
    """Answer anybody with the document, in which addresses are those of the request."""
    try:
        count(request, ANYBODY)
        if request.method not in {"GET", "HEAD"}:
            raise read_only()
    except Refusal as refusal:
        return RefusedResponse(refusal)
    found = document(absolute(request, DOCUMENTED), absolute(request, "/oauth/token"))
    return HttpResponse(orjson.dumps(found), content_type="application/json")


def document(root: str, token_url: str) -> Schema:
    """Return the document."""
    flow = {"tokenUrl": token_url, "scopes": _SCOPES}
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "OneRoster 1.2 Rostering: orgs and academic sessions",
            "version": "1.2",
            "description": "The part of the rostering service that Schoolday provides, read only.",
        },
        "servers": [{"url": root}],
        "paths": dict(_paths()),
        "components": {
            "securitySchemes": {
                "OAuth2CC": {"type": "oauth2", "flows": {"clientCredentials": flow}}
            },
            "schemas": _schemas(),
        },
    }


def _paths() -> Iterator[tuple[str, Schema]]:
    for path, name in _OBJECTS.items():
        is_org = path in {"orgs", "schools"}
        shape, key, keys = _shape(is_org=is_org)
        several = _operation(f"getAll{name}s", keys, {"type": "array", "items": shape})
        several["parameters"] = _page_parameters()
        yield f"/{path}", {"get": several}
        single = _operation(f"get{name}", key, shape)
        single["parameters"] = [_path_parameter("sourcedId"), *_page_parameters()[-1:]]
        yield f"/{path}/{{sourcedId}}", {"get": single}
    shape, _key, keys = _shape(is_org=False)
    for path, (name, parameter) in _PARTS.items():
        several = _operation(name, keys, {"type": "array", "items": shape}, is_core=False)
        several["parameters"] = [_path_parameter(parameter), *_page_parameters()]
        yield path, {"get": several}


def _shape(*, is_org: bool) -> tuple[Schema, str, str]:
    name = "Org" if is_org else "AcademicSession"
    key = name[0].lower() + name[1:]
    return {"$ref": f"#/components/schemas/{name}"}, key, f"{key}s"


def _operation(name: str, key: str, shape: Schema, *, is_core: bool = True) -> Schema:
    scopes = sorted(V1P2.scopes(is_core=is_core) & _SCOPES.keys())
    envelope = {
        "type": "object",
        "properties": {key: shape},
        "required": [key],
        "additionalProperties": False,
    }
    refusals = {str(int(status)): _refusal(text) for status, text in _STATUSES.items()}
    return {
        "operationId": name,
        "security": [{"OAuth2CC": [scope]} for scope in scopes],
        "responses": {"200": _content("What was asked for.", envelope), **refusals},
    }


def _refusal(description: str) -> Schema:
    return _content(description, {"$ref": "#/components/schemas/imsx_StatusInfo"})


def _content(description: str, schema: Schema) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _path_parameter(name: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": _TEXT}


def _page_parameters() -> list[Schema]:
    shapes: dict[str, Schema] = {
        "limit": {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 100},
        "offset": {"type": "integer", "minimum": 0, "maximum": 2**31 - 1, "default": 0},
        "sort": _TEXT,
        "orderBy": {"type": "string", "enum": ["asc", "desc"]},
        "filter": _TEXT,
        "fields": {"type": "array", "items": _TEXT},
    }
    return [{"name": name, "in": "query", "schema": shape} for name, shape in shapes.items()]


def _schemas() -> dict[str, Schema]:
    head: dict[str, Schema] = {
        "sourcedId": _TEXT,
        "status": {"type": "string", "enum": ["active", "tobedeleted"]},
        "dateLastModified": {"type": "string", "format": "date-time"},
    }
    return {
        "AcademicSession": _object(
            {
                **head,
                "title": _TEXT,
                "type": {"type": "string", "enum": ["gradingPeriod", "schoolYear", "term"]},
                "startDate": {"type": "string", "format": "date"},
                "endDate": {"type": "string", "format": "date"},
                "schoolYear": {"type": "string", "pattern": "^[0-9]{4}$"},
            },
            {**_family("AcademicSessionGUIDRef"), "metadata": {"type": "object"}},
        ),
        "Org": _object(
            {
                **head,
                "name": _TEXT,
                "type": {"type": "string", "enum": ["district", "school"]},
                "identifier": _TEXT,
            },
            _family("OrgGUIDRef"),
        ),
        "AcademicSessionGUIDRef": _reference("academicSession"),
        "OrgGUIDRef": _reference("org"),
        "imsx_StatusInfo": _status(),
    }


def _family(name: str) -> dict[str, Schema]:
    shape = {"$ref": f"#/components/schemas/{name}"}
    return {"parent": shape, "children": {"type": "array", "items": shape}}


def _reference(kind: str) -> Schema:
    address: Schema = {"type": "string", "format": "uri"}
    return _object(
        {"href": address, "sourcedId": _TEXT, "type": {"type": "string", "enum": [kind]}}, {}
    )


def _status() -> Schema:
    field = _object({"imsx_codeMinorFieldName": _TEXT, "imsx_codeMinorFieldValue": _TEXT}, {})
    fields = {"type": "array", "items": field, "minItems": 1}
    return _object(
        {
            "imsx_codeMajor": {"type": "string", "enum": ["failure", "unsupported"]},
            "imsx_severity": {"type": "string", "enum": ["error"]},
            "imsx_CodeMinor": _object({"imsx_codeMinorField": fields}, {}),
        },
        {"imsx_description": {"type": "string"}},
    )


def _object(required: dict[str, Schema], optional: dict[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }
