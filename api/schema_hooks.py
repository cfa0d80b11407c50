"""The OpenAPI document, finished: what holds for every operation and every value alike."""

import json
import re
from collections.abc import Iterator
from typing import Any

from api import schema_problems
from api.problems import CONTENT_TYPE, MOST_ERRORS
from scheduling.documents import LARGEST_BYTES

Schema = dict[str, Any]

REFUSALS = (400, 401, 403, 404, 406, 429, 500, 503)
"""Of every operation: 400 also for a parameter that is not known, 404 for a school named in one."""
REFUSALS_OF_BODIES = (413, 415)
REFUSALS_OF_PARAMETERS = {"If-Match": 412, "Idempotency-Key": 422, "since": 410, "as_of": 410}
LOST_RACE = 409
FOR_KNOWN_CALLERS = {"getWebhook", "listFeedTokens", "listWebhookDeliveries", "listWebhooks"}
"""The reads that are for nobody who has not said who it is."""

LENGTHS: dict[str, int] = {"uuid": 36, "date": 10, "time": 15, "date-time": 40, "uri": 8_000}
LONGEST_TEXT = 1_000
LONGEST_LIST = 10_000
LARGEST_INT32 = 2**31 - 1
LARGEST_NUMBER = 2**53 - 1
"""The largest whole number that every reader of JSON keeps."""

VALUES = {"const", "default", "enum", "example", "examples"}
"""What is said below these keys are values, not schemas."""

TEXT = {"type": "string", "maxLength": LONGEST_TEXT}
HEADERS: dict[str, Any] = {
    "Access-Control-Allow-Origin": {
        "description": "The origin of the page that asked, if it may read the answer.",
        "schema": TEXT,
    },
    "ETag": {
        "description": "Names how the row is now.",
        "schema": TEXT,
    },
    "RateLimit": {
        "description": "How many requests are left, and for how many seconds.",
        "schema": TEXT,
    },
    "RateLimit-Policy": {
        "description": "How many requests the caller may make in how many seconds.",
        "schema": TEXT,
    },
    "Retry-After": {
        "description": "After how many seconds to try again; not every 409 tells it.",
        "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST_INT32},
    },
    "WWW-Authenticate": {
        "description": "A token is wanted, or what is wrong with the one that came.",
        "schema": TEXT,
    },
    "X-Request-Id": {
        "description": "The id of the request: the caller's, or one made for it.",
        "schema": TEXT,
    },
}
EVERY_ANSWER = ("Access-Control-Allow-Origin", "RateLimit", "RateLimit-Policy", "X-Request-Id")


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


ECHO = 2 * LARGEST_BYTES
"""A problem repeats what was sent: where that is a pointer, `~` is written as two characters."""
PROBLEM_LIMITS: dict[str, dict[str, Schema]] = {
    "Problem": {
        "status": {"minimum": 400, "maximum": 599},
        "detail": {"maxLength": ECHO},
        "instance": {"maxLength": ECHO},
        "errors": {"maxItems": MOST_ERRORS},
    },
    "ProblemError": {"pointer": {"maxLength": ECHO}, "detail": {"maxLength": ECHO}},
}
PROBLEM = {
    "description": "What went wrong, as RFC 9457 describes problems.",
    "headers": _headers(*EVERY_ANSWER),
    "content": {CONTENT_TYPE: {"schema": schema_problems.SCHEMA}},
}
"""What nobody foresees."""


def _refusal(status: int, response: Schema) -> Schema:
    return {
        **response,
        "headers": _headers(*EVERY_ANSWER, *schema_problems.HEADERS.get(status, ())),
    }


def finish(result: Schema, **_unused: Any) -> Schema:
    """Say what drf-spectacular leaves unsaid: limits, error statuses, common headers."""
    _drop_unused(result)
    components = result["components"]
    components["headers"] = HEADERS
    foreseen = schema_problems.responses()
    components["responses"] = {
        "Problem": PROBLEM,
        **{name: _refusal(status, each) for status, (name, each) in foreseen.items()},
    }
    names = {str(status): name for status, (name, _) in foreseen.items()}
    for item in result["paths"].values():
        for method, operation in item.items():
            _finish_operation(method, operation, names)
    for name, schema in components["schemas"].items():
        _finish_shape(name, schema)
    _name_enums(result)
    _limit_problems(components["schemas"])
    for schema in schemas_in(result):
        limit(schema)
    _link_new_rows(result["paths"])
    return result


def _finish_shape(name: str, schema: Schema) -> None:
    if name.endswith("Request"):
        schema["additionalProperties"] = False  # an unknown field is a 400
    if "etag" in schema.get("properties", {}):  # a row is told whole, its parents if asked for
        schema["required"] = sorted(schema["properties"].keys() - {"expanded"})


def _link_new_rows(paths: Schema) -> None:
    """Say what can be asked about a new row: every operation on the path of its id."""
    for path, item in paths.items():
        made = item.get("post", {}).get("responses", {}).get("201")
        if made is not None:
            has_rows = any(each.startswith(f"{path}/{{") for each in paths)
            made["links"] = _links(paths, path if has_rows else path.partition("/{")[0])


def _links(paths: Schema, collection: str) -> dict[str, Any]:
    """Return links to the operations on a row of a collection, which may be within a school."""
    around = {key: f"$request.path.{key}" for key in re.findall(r"{(\w+)}", collection)}
    row = re.compile(rf"{re.escape(collection)}/{{(\w+)}}(?:/[a-z-]+)?")
    return {
        operation["operationId"]: {
            "operationId": operation["operationId"],
            "parameters": {**around, named[1]: "$response.body#/id"},
        }
        for path, item in paths.items()
        if (named := row.fullmatch(path))
        for operation in item.values()
    }


def _drop_unused(document: Schema) -> None:
    """Drop the request's half of what is only ever answered."""
    schemas = document["components"]["schemas"]
    while unused := schemas.keys() - named_in(document):
        for name in unused:
            del schemas[name]


def _name_enums(document: Schema) -> None:
    """Let parameters refer to the enums that bodies have, where they are the same."""
    schemas = document["components"]["schemas"]
    names = {tuple(schema["enum"]): name for name, schema in schemas.items() if "enum" in schema}
    for schema in schemas_in(document["paths"]):
        if (name := names.get(tuple(schema.get("enum", ())))) is not None:
            schema.clear()
            schema["$ref"] = f"#/components/schemas/{name}"


def named_in(part: Any) -> set[str]:
    """Return the names of the schemas that a part of the document refers to."""
    return set(re.findall(r"#/components/schemas/([\w.-]+)", json.dumps(part, default=str)))


def _finish_operation(method: str, operation: Schema, names: dict[str, str]) -> None:
    may_be_open = method == "get" and operation["operationId"] not in FOR_KNOWN_CALLERS
    if may_be_open and {} not in operation["security"]:
        operation["security"].append({})  # anybody may read a public school
    given = operation.get("parameters", [])
    operation["parameters"] = [each for each in given if _can_be_given(each)]
    responses = operation["responses"]
    for response in responses.values():
        response["headers"] = {**response.get("headers", {}), **_headers(*EVERY_ANSWER)}
    for status in _refusals(method, operation):
        responses[str(status)] = _named(names[str(status)])
    responses["default"] = _named("Problem")
    operation["responses"] = dict(sorted(responses.items()))


def _named(response: str) -> Schema:
    return {"$ref": f"#/components/responses/{response}"}


def _can_be_given(parameter: Schema) -> bool:
    """Return whether a parameter has a value: `expand` has none where a row has no parents."""
    return bool(parameter["schema"].get("items", {}).get("enum") != [])


def _refusals(method: str, operation: Schema) -> Iterator[int]:
    yield from REFUSALS
    if method != "get":
        yield LOST_RACE
    if "requestBody" in operation:
        yield from REFUSALS_OF_BODIES
    for parameter in operation["parameters"]:
        is_time = parameter["schema"].get("format") == "date-time"  # which no backup undoes
        if parameter["name"] in REFUSALS_OF_PARAMETERS and not is_time:
            yield REFUSALS_OF_PARAMETERS[parameter["name"]]


def schemas_in(part: Any) -> Iterator[Schema]:
    """Yield every schema in a part of the document that says its type."""
    if isinstance(part, dict):
        if isinstance(part.get("type"), str | list):
            yield part
        part = [inner for name, inner in part.items() if name not in VALUES]
    if isinstance(part, list):
        for inner in part:
            yield from schemas_in(inner)


def _limit_problems(schemas: Schema) -> None:
    for name, limits in PROBLEM_LIMITS.items():
        for key, limits_of_key in limits.items():
            schemas[name]["properties"][key] |= limits_of_key


def limit(schema: Schema) -> None:
    """Give a schema a limit where it has none."""
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if "string" in kinds and not {"const", "enum"} & schema.keys():
        schema.setdefault("maxLength", LENGTHS.get(schema.get("format", ""), LONGEST_TEXT))
    if "array" in kinds:
        schema.setdefault("maxItems", LONGEST_LIST)
    if "integer" in kinds:
        _limit_integer(schema)


def _limit_integer(schema: Schema) -> None:
    schema.setdefault("minimum", 0)  # a whole number counts something
    schema.setdefault("maximum", LARGEST_NUMBER)
    schema.setdefault("format", "int32" if schema["maximum"] <= LARGEST_INT32 else "int64")
