"""The OpenAPI document: committed, served, and true."""

import json
import re
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from jsonschema import Draft202012Validator

from scheduling import cache_keys

DOCUMENT = Path(__file__).resolve().parents[1] / "openapi" / "schema.yaml"
METHODS = {"get", "post", "put", "patch", "delete"}


def committed() -> dict[str, Any]:
    return yaml.safe_load(DOCUMENT.read_text())


def operations() -> list[dict[str, Any]]:
    paths = committed()["paths"].values()
    return [operation for item in paths for name, operation in item.items() if name in METHODS]


def operation_id(operation: dict[str, Any]) -> str:
    return operation["operationId"]


def validator(name: str) -> Draft202012Validator:
    """Return a validator that forbids what a component of the document does not name."""
    components = committed()["components"]
    for shape in components["schemas"].values():
        if shape["type"] == "object":
            shape["additionalProperties"] = False
    schema = {"$ref": f"#/components/schemas/{name}", "components": components}
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_the_committed_document_is_up_to_date(tmp_path) -> None:
    fresh = tmp_path / "schema.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(fresh))
    assert fresh.read_text() == DOCUMENT.read_text(), "run `make schema`"


def answers() -> dict[str, Any]:
    """Return the components that the lookups answer with, and those that are named in them."""
    known = committed()["components"]["schemas"]
    found: dict[str, Any] = {}
    bodies = [operation["responses"]["200"]["content"] for operation in operations()]
    waiting = set(names_in(bodies))
    while waiting:
        name = waiting.pop()
        found[name] = undescribed(known[name])
        waiting |= set(names_in(known[name])) - found.keys()
    return found


def names_in(schema: Any) -> list[str]:
    return re.findall(r"#/components/schemas/(\w+)", json.dumps(schema))


def undescribed(schema: Any) -> Any:
    """Leave out the texts: they may change without the shape."""
    if isinstance(schema, list):
        return [undescribed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    texts = {key for key in ("description", "title") if isinstance(schema.get(key), str)}
    return {key: undescribed(value) for key, value in schema.items() if key not in texts}


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


@pytest.mark.parametrize("operation", operations(), ids=operation_id)
def test_an_operation_is_explained(operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"]
    assert operation["tags"]
    undescribed = [each["name"] for each in operation["parameters"] if not each.get("description")]
    assert undescribed == []


@pytest.mark.parametrize("operation", operations(), ids=operation_id)
def test_an_operation_may_answer_with_a_problem(operation: dict[str, Any]) -> None:
    assert operation["responses"]["default"]["content"] == {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
    }


@pytest.mark.parametrize("operation", operations(), ids=operation_id)
def test_examples_have_the_shape_that_they_are_examples_of(operation: dict[str, Any]) -> None:
    body = operation["responses"]["200"]["content"]["application/json"]
    examples = [example["value"] for example in body["examples"].values()]
    name = body["schema"]["$ref"].rpartition("/")[2]
    assert examples
    assert [error.message for each in examples for error in validator(name).iter_errors(each)] == []
