"""The OpenAPI document: committed, served, and true."""

import json
import re
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from jsonschema import Draft202012Validator

from api.codes import TITLES
from api.schema_hooks import schemas_in
from scheduling import cache_keys

DOCUMENT = Path(__file__).resolve().parents[1] / "openapi" / "schema.yaml"
PROBLEM = {"$ref": "#/components/schemas/Problem"}
RESOURCES = (
    *("Districts", "Schools", "AcademicYears", "Terms", "Breaks", "Quarters"),
    *("PeriodTemplates", "PeriodDefinitions", "ScheduleRules", "DayOverrides"),
)
LIMITS = {"maxLength", "maxItems", "minimum", "maximum"}
LOOKUPS = (["Calendar"], ["Ed-Fi"])
"""The tags of what is told of a whole school, and kept under its state."""

Operation = dict[str, Any]


@cache
def committed() -> dict[str, Any]:
    return yaml.load(DOCUMENT.read_text(), yaml.CSafeLoader)


def operations() -> list[Operation]:
    """Return every operation, with its method among what the document says of it."""
    paths = committed()["paths"].values()
    return [{**operation, "method": method} for item in paths for method, operation in item.items()]


def operation_id(operation: Operation) -> str:
    return operation["operationId"]


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """Return what a reference stands for."""
    while "$ref" in part:
        _, kind, name = part["$ref"].removeprefix("#/").split("/")
        part = committed()["components"][kind][name]
    return part


@cache
def strict_shapes() -> dict[str, Any]:
    """Return the components, with all that forbid what they do not name."""
    shapes = json.loads(json.dumps(committed()["components"]["schemas"]))
    for shape in shapes.values():
        if shape.get("type") == "object":
            shape.setdefault("additionalProperties", False)
    return {"schemas": shapes}


def faults(example: Any, schema: dict[str, Any]) -> list[str]:
    """Return how an example differs from its schema."""
    whole = {**schema, "components": strict_shapes()}
    checker = Draft202012Validator.FORMAT_CHECKER
    validator = Draft202012Validator(whole, format_checker=checker)
    return [error.message for error in validator.iter_errors(example)]


def test_the_committed_document_is_up_to_date(tmp_path) -> None:
    fresh = tmp_path / "schema.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(fresh))
    assert fresh.read_text() == DOCUMENT.read_text(), "run `make schema`"


def test_the_document_is_of_the_version_that_json_schema_goes_with() -> None:
    assert committed()["openapi"].startswith("3.1.")


def answers() -> dict[str, Any]:
    """Return the components that the lookups answer with, and those that are named in them."""
    known = committed()["components"]["schemas"]
    found: dict[str, Any] = {}
    lookups = [each for each in operations() if each["tags"] in LOOKUPS]
    bodies = [each["responses"]["200"]["content"] for each in lookups if each["method"] == "get"]
    waiting = set(names_in(bodies))
    while waiting:
        name = waiting.pop()
        found[name] = shape_alone(known[name])
        waiting |= set(names_in(known[name])) - found.keys()
    return found


def names_in(schema: Any) -> list[str]:
    return re.findall(r"#/components/schemas/(\w+)", json.dumps(schema))


def shape_alone(schema: Any) -> Any:
    """Leave out the texts and the limits: they may change without the shape."""
    if isinstance(schema, list):
        return [shape_alone(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    texts = {key for key in ("description", "title") if isinstance(schema.get(key), str)}
    limits = {key for key in LIMITS if isinstance(schema.get(key), int)}
    return {key: shape_alone(value) for key, value in schema.items() if key not in texts | limits}


def test_answers_of_another_shape_have_another_number() -> None:
    shape = json.dumps(answers(), sort_keys=True).encode()
    digest = blake2b(shape, digest_size=16).hexdigest()
    assert digest == cache_keys.SHAPE_DIGEST, (
        "Answers have another shape: raise SHAPE in scheduling/cache_keys.py, "
        f"and let its SHAPE_DIGEST be {digest}"
    )


def test_operations_have_names_of_their_own() -> None:
    names = [operation_id(operation) for operation in operations()]
    assert len(set(names)) == len(names)
    assert {"getDailySchedule", "listDailySchedules", "getNow", "getQuarterForDate"} <= set(names)


@pytest.mark.parametrize("plural", RESOURCES)
def test_a_resource_has_its_six_operations(plural: str) -> None:
    one = plural.removesuffix("s")
    expected = {f"{verb}{one}" for verb in ("create", "get", "replace", "update", "delete")}
    assert {f"list{plural}", *expected} <= {operation_id(each) for each in operations()}


@pytest.mark.parametrize("operation", operations(), ids=operation_id)
def test_an_operation_is_explained(operation: Operation) -> None:
    assert operation["summary"]
    assert operation["description"]
    assert set(operation["tags"]) <= {tag["name"] for tag in committed()["tags"]}
    undescribed = [each["name"] for each in operation["parameters"] if not each.get("description")]
    assert undescribed == []


@pytest.mark.parametrize("operation", operations(), ids=operation_id)
def test_an_operation_may_answer_with_a_problem(operation: Operation) -> None:
    assert problem_of(operation["responses"]["default"])["schema"] == PROBLEM


@pytest.mark.parametrize("operation", operations(), ids=operation_id)
def test_an_operation_names_its_refusals(operation: Operation) -> None:
    responses = operation["responses"]
    given = {each["name"] for each in operation["parameters"]}
    refusals = {status for status in responses if status >= "400"} - {"default"}
    assert refusals >= {"400", "401", "403", "404", "406", "429", "500", "503"}
    assert ("409" in refusals) == (operation["method"] != "get")
    assert ("412" in refusals) == ("If-Match" in given)
    assert ("422" in refusals) == ("Idempotency-Key" in given)
    assert (refusals >= {"413", "415"}) == ("requestBody" in operation)
    for status in refusals:
        problem = problem_of(responses[status])
        assert problem["schema"] == PROBLEM
        shown = [example["value"] for example in problem["examples"].values()]
        assert {each["status"] for each in shown} == {int(status)}


def problem_of(response: dict[str, Any]) -> dict[str, Any]:
    """Return how a refusal is told: as a problem and in no other way."""
    ((media_type, content),) = resolved(response)["content"].items()
    assert media_type == "application/problem+json"
    return content


def test_the_document_shows_every_code_that_an_operation_may_answer_with() -> None:
    refusals = committed()["components"]["responses"].values()
    shown = [problem_of(each).get("examples", {}) for each in refusals]
    found = {code: example["value"] for examples in shown for code, example in examples.items()}
    of_no_operation = {"bad_request", "method_not_allowed"}
    assert found.keys() == TITLES.keys() - of_no_operation
    assert {code: each["code"] for code, each in found.items()} == {code: code for code in found}
    assert [fault for each in found.values() for fault in faults(each, PROBLEM)] == []


@pytest.mark.parametrize("operation", operations(), ids=operation_id)
def test_an_operation_says_who_may(operation: Operation) -> None:
    is_webhook = operation["tags"] == ["Webhooks"]
    reads = operation["method"] == "get"
    scope = "calendar.read" if reads or is_webhook else "calendar.write"
    is_open = reads and not is_webhook and operation_id(operation) != "listFeedTokens"
    anybody = [{}] if is_open else []
    known = [{"clientCredentials": [scope]}, {"session": []}]
    assert operation["security"] == [*known, *anybody]


@pytest.mark.parametrize("operation", operations(), ids=operation_id)
def test_an_answer_has_an_etag_where_it_is_one_row_or_a_lookup(operation: Operation) -> None:
    is_lookup = operation["tags"] in LOOKUPS
    for status in operation["responses"].keys() & {"200", "201"}:
        answer = operation["responses"][status]
        if "text/calendar" in answer["content"]:
            assert {"ETag", "Last-Modified", "Referrer-Policy"} <= answer["headers"].keys()
            continue
        if "application/zip" in answer["content"]:
            assert {"ETag", "Content-Disposition"} <= answer["headers"].keys()
            continue
        shape = resolved(answer["content"]["application/json"]["schema"])
        assert ("ETag" in answer["headers"]) == (is_lookup or "etag" in shape["properties"])


@pytest.mark.parametrize("plural", RESOURCES)
def test_a_row_has_all_its_fields(plural: str) -> None:
    row = committed()["components"]["schemas"][plural.removesuffix("s")]
    assert set(row["required"]) == row["properties"].keys() - {"expanded"}


def bodies(operation: Operation) -> Iterator[dict[str, Any]]:
    """Yield what an operation takes, and what it answers with when all went well."""
    answered = [body for status, body in operation["responses"].items() if status.startswith("2")]
    for body in (operation.get("requestBody", {}), *answered):
        yield from body.get("content", {}).values()


@pytest.mark.parametrize("operation", operations(), ids=operation_id)
def test_examples_have_the_shape_that_they_are_examples_of(operation: Operation) -> None:
    for body in bodies(operation):
        examples = [example["value"] for example in body["examples"].values()]
        assert examples
        assert [fault for each in examples for fault in faults(each, body["schema"])] == []


def test_a_search_that_the_document_allows_has_a_word() -> None:
    patterns = {
        parameter["schema"]["pattern"]
        for operation in operations()
        for parameter in operation["parameters"]
        if parameter["name"] == "search"
    }
    (has_a_word,) = map(re.compile, patterns)
    characters = map(chr, range(0x110000))
    assert [
        each for each in characters if bool(has_a_word.search(each)) != bool(each.strip())
    ] == []
    assert "\\s" not in has_a_word.pattern.lower()  # which is another set in each dialect


def allows_null(schema: dict[str, Any]) -> bool:
    """Return whether null is among the types or the alternatives of a schema."""
    alternatives = [*schema.get("oneOf", []), *schema.get("anyOf", [])]
    is_null = "null" in schema["type"] if isinstance(schema.get("type"), list) else False
    return is_null or schema.get("type") == "null" or any(map(allows_null, alternatives))


def is_enum(schema: dict[str, Any]) -> bool:
    """Return whether a schema, or an alternative of it, has a list of values."""
    schema = resolved(schema)
    alternatives = [each for key in ("allOf", "anyOf", "oneOf") for each in schema.get(key, [])]
    return "enum" in schema or any(map(is_enum, alternatives))


def test_no_enum_may_be_null() -> None:
    shapes = committed()["components"]["schemas"].items()
    nullable = [
        f"{name}.{key}"
        for name, shape in shapes
        for key, schema in shape.get("properties", {}).items()
        if allows_null(schema) and is_enum(schema)
    ]
    assert nullable == []


def test_null_is_a_value_of_no_enum() -> None:
    values = [value for schema in schemas_in(committed()) for value in schema.get("enum", [])]
    assert values
    assert None not in values


def test_every_enum_of_a_body_has_a_name() -> None:
    shapes = committed()["components"]["schemas"]
    nameless = [
        name
        for name, shape in shapes.items()
        if any("enum" in schema for schema in schemas_in(shape.get("properties", {})))
    ]
    assert nameless == []
