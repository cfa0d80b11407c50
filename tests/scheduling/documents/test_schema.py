"""The published schema: strict, explained, and what an export obeys."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from scheduling.documents import document_schema, export_document, import_document
from scheduling.models import School
from tests.scheduling.documents.builders import document


def objects(schema: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(schema, list):
        for each in schema:
            yield from objects(each)
    if isinstance(schema, dict):
        if "properties" in schema and isinstance(schema.get("type"), str):
            yield schema
        for each in schema.values():
            yield from objects(each)


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    name = schema.get("$ref", "").removeprefix("#/$defs/")
    found: Mapping[str, Any] = document_schema()["$defs"][name] if name else schema
    return found


def test_the_schema_is_a_valid_schema() -> None:
    Draft202012Validator.check_schema(document_schema())


def test_every_object_is_closed_and_every_key_is_explained() -> None:
    for schema in objects(document_schema()):
        assert schema["additionalProperties"] is False
        assert schema["description"].endswith(".")
        for name, key in schema["properties"].items():
            assert resolved(key)["description"].endswith("."), name


@pytest.mark.django_db
def test_an_export_writes_every_key_in_the_order_of_the_schema() -> None:
    import_document(document())

    exported = export_document(School.objects.get().pk)

    assert_in_order(exported, document_schema())


def assert_in_order(value: Any, schema: Mapping[str, Any]) -> None:
    schema = resolved(schema)
    if "properties" in schema:
        assert list(value) == list(schema["properties"])
        for key, child in schema["properties"].items():
            assert_in_order(value[key], child)
    elif schema.get("type") == "array":
        for each in value:
            assert_in_order(each, schema["items"])
