"""JSON that is checked against a schema: Draft 2020-12, dates too, compiled once a class."""

import math
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator
from typing_extensions import override

DEEPEST = 32
"""Levels of nesting that free JSON may have: more than anybody needs, less than hurts."""
LARGEST_NUMBER = 2**53 - 1
"""The largest number that every reader of JSON tells from its neighbours (RFC 8259, 6)."""


def json_pointer(path: Iterable[object]) -> str:
    """Return the RFC 6901 pointer of a path of keys and indexes; "" is the whole document."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def problems_of_json(value: Any, path: tuple[object, ...] = ()) -> Iterator[ValidationError]:
    """Find what no database keeps as it is: depth, NUL bytes, lone surrogates, huge numbers."""
    if len(path) > DEEPEST:
        message = _("This is nested more than %(deepest)s levels deep.") % {"deepest": DEEPEST}
        yield _problem(message, "too_deep", path)
        return
    for key, child in _children(value):
        if isinstance(key, str) and not is_storable(key):
            yield _problem(_("A key has characters that cannot be stored."), _UNSTORABLE, path)
        else:  # a pointer through such a key could not be shown
            yield from problems_of_json(child, (*path, key))
    if isinstance(value, str) and not is_storable(value):
        yield _problem(_("The text has characters that cannot be stored."), _UNSTORABLE, path)
    if isinstance(value, int | float):
        yield from _number_problems(value, path)


def _number_problems(value: float, path: tuple[object, ...]) -> Iterator[ValidationError]:
    if isinstance(value, float) and not math.isfinite(value):
        yield _problem(_("The number must be finite."), "not_finite", path)
    elif abs(value) > LARGEST_NUMBER:
        message = _("The number must lie between -%(largest)s and %(largest)s.")
        yield _problem(message % {"largest": LARGEST_NUMBER}, "number_too_large", path)
    elif value == 0 and math.copysign(1, value) < 0:
        yield _problem(_("A zero has no sign."), "negative_zero", path)


def _children(value: Any) -> Iterable[tuple[object, Any]]:
    if isinstance(value, Mapping):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


_UNSTORABLE = "invalid_characters"


def is_storable(text: str) -> bool:
    """Return whether a database can hold the text: no NUL byte, no unpaired surrogate."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def schema_problems(value: Any, model: type[models.Model]) -> Iterator[ValidationError]:
    """Find where `value` breaks the METADATA_SCHEMA of a model class."""
    errors = sorted(_validator(model).iter_errors(value), key=lambda error: list(error.path))
    for error in errors:
        yield _problem(error.message, "schema", tuple(error.absolute_path))


def _problem(problem: str, code: str, path: tuple[object, ...]) -> ValidationError:
    pointer = json_pointer(path)
    params = {"pointer": pointer, "where": pointer or "/", "problem": problem}
    return ValidationError("%(where)s: %(problem)s", code, params)


@cache
def _validator(model: type[models.Model]) -> Draft202012Validator:
    schema = model.METADATA_SCHEMA  # type: ignore[attr-defined]
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


class FreeJSONField(models.JSONField):
    """A JSON object of any shape that a database can store and a reader can bear."""

    empty_values = ()  # Django does not validate what it takes for empty, such as []

    @override
    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if value == "{}":  # as most are
            return {}
        return super().from_db_value(value, expression, connection)

    @override
    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        if not isinstance(value, dict):
            message = _("This must be a JSON object, such as {}.")
            raise ValidationError(message, "not_an_object", {"pointer": ""})
        problems = list(problems_of_json(value))
        if problems:
            raise ValidationError(problems)
        super().validate(value, model_instance)


class MetadataField(FreeJSONField):
    """A JSON object that fits the METADATA_SCHEMA of the model it sits on.

    Each error carries `params["pointer"]`, the JSON pointer into the metadata.
    """

    @override
    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if model_instance is None:
            return  # there is no schema without a model
        problems = list(schema_problems(value, type(model_instance)))
        if problems:
            raise ValidationError(problems)
