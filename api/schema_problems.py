"""The refusals that the OpenAPI document names, by status, and an example of each code."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from itertools import groupby
from operator import attrgetter
from typing import Any

from rest_framework import exceptions

from api.authentication import ForgedRequest, InvalidToken
from api.codes import TITLES
from api.idempotency import KeyReused, KeyRunning
from api.middleware import CODES
from api.parsers import TooLarge
from api.permissions import InsufficientScope
from api.problems import (
    CONTENT_TYPE,
    Conflict,
    HistoryPruned,
    InUse,
    PreconditionFailed,
    SyncTokenExpired,
    Unavailable,
    code_of,
    detail_of,
    problem,
)
from api.serializers import examples
from api.throttling import TooManyRequests
from scheduling.access import WRITE

SERVER_ERROR = "Something went wrong here. Report it with the request id 8f434346648f6b96."
SUBJECT = f"/api/v1/academic-years/{examples.YEAR['id']}"
"""What all the examples are about."""
REFUSALS: Sequence[exceptions.APIException] = (
    exceptions.ValidationError(),
    exceptions.NotAuthenticated(),
    InvalidToken(),
    exceptions.PermissionDenied(),
    InsufficientScope(WRITE),
    ForgedRequest(),
    exceptions.NotFound(),
    exceptions.NotAcceptable(),
    Conflict(),
    InUse(),
    KeyRunning(),
    SyncTokenExpired(),
    HistoryPruned(),
    PreconditionFailed(),
    TooLarge(),
    exceptions.UnsupportedMediaType("text/plain"),
    KeyReused(),
    TooManyRequests(),
    exceptions.APIException(SERVER_ERROR, CODES[HTTPStatus.INTERNAL_SERVER_ERROR]),
    Unavailable(),
)
"""What the document foresees, by status; what a status is mostly about comes first."""
ERRORS: Mapping[str, list[dict[str, str]]] = {
    "invalid": [
        {
            "pointer": "/colour",
            "code": "unknown_field",
            "detail": "There is no such field here.",
        },
        {
            "pointer": "/end_date",
            "code": "dates_out_of_order",
            "detail": "The end date must not be before the start date.",
        },
    ],
    "in_use": [
        {
            "pointer": "",
            "code": "in_use",
            "detail": f"The term “{examples.TERM['name']}” ({examples.TERM['id']}) uses it.",
        },
    ],
}
"""The single errors of an example, by its code."""
HEADERS: Mapping[int, Sequence[str]] = {
    401: ["WWW-Authenticate"],
    403: ["WWW-Authenticate"],
    409: ["Retry-After"],
    412: ["ETag"],
    429: ["Retry-After"],
    503: ["Retry-After"],
}
"""What a refusal tells in headers, beside what every answer does."""
SCHEMA = {"$ref": "#/components/schemas/Problem"}


def responses() -> dict[int, tuple[str, dict[str, Any]]]:
    """Return a name and a description of the refusals of every status, without their headers."""
    by_status = groupby(REFUSALS, attrgetter("status_code"))
    return {int(status): _response(list(failures)) for status, failures in by_status}


def _response(failures: Sequence[exceptions.APIException]) -> tuple[str, dict[str, Any]]:
    codes = [code_of(each) for each in failures]
    examples = {code: {"value": _example(each)} for code, each in zip(codes, failures, strict=True)}
    name = "".join(word.capitalize() for word in codes[0].split("_"))
    return name, {
        "description": " ".join(f"`{code}`: {TITLES[code]}" for code in codes),
        "content": {CONTENT_TYPE: {"schema": SCHEMA, "examples": examples}},
    }


def _example(failure: exceptions.APIException) -> dict[str, Any]:
    code = code_of(failure)
    return problem(
        failure.status_code,
        code,
        detail=detail_of(failure),
        instance=SUBJECT,
        errors=ERRORS.get(code, ()),
    )
