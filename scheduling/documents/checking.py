"""Is it a calendar document at all: keys, types and formats, against the published schema."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any

import jsonschema_rs
from django.conf import settings
from jsonschema import Draft202012Validator

from core.metadata import json_pointer
from scheduling.documents.problems import Problem

SHOWN_CHARACTERS = 60
TYPE_NAMES = {
    "object": "an object {…}",
    "array": "a list […]",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


@cache
def document_schema() -> Mapping[str, Any]:
    """Return the published JSON Schema of the calendar document."""
    schema: Mapping[str, Any] = json.loads(settings.CALENDAR_DOCUMENT_SCHEMA.read_bytes())
    return schema


@cache
def _validator() -> Draft202012Validator:
    Draft202012Validator.check_schema(document_schema())
    return Draft202012Validator(
        document_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER
    )


@cache
def _quick_validator() -> jsonschema_rs.Draft202012Validator:
    """Return what tells at once that a document is sound, by the same idea of a date."""
    known = Draft202012Validator.FORMAT_CHECKER
    return jsonschema_rs.Draft202012Validator(
        dict(document_schema()),
        validate_formats=True,
        formats={"date": lambda text: known.conforms(text, "date")},
    )


def _is_sound(document: Any) -> bool:
    """Return whether a document is known to be sound; what no file can say is not."""
    try:
        return _quick_validator().is_valid(document)
    except (TypeError, ValueError):
        return False


def schema_problems(document: Any) -> Iterator[Problem]:
    """Find every place where a document breaks the published schema, in document order."""
    if _is_sound(document):
        return
    for error in _validator().iter_errors(document):
        yield from _EXPLANATIONS[str(error.validator)](error)


def _at(error: Any, code: str, detail: str, *more: str) -> Problem:
    return Problem(json_pointer((*error.absolute_path, *more)), code, detail)


def _show(value: Any) -> str:
    """Return a value as the document spells it, cut if it is long."""
    if isinstance(value, dict | list):
        return TYPE_NAMES["object" if isinstance(value, dict) else "array"]
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"


def _guess(word: Any, known: Sequence[str]) -> str:
    found = get_close_matches(str(word)[:SHOWN_CHARACTERS], known, n=1)
    return f'; did you mean "{found[0]}"?' if found else "."


def _unknown_keys(error: Any) -> Iterator[Problem]:
    known = list(error.schema["properties"])
    for key in error.instance:
        if key not in known:
            detail = f"{_show(key)} is not known here{_guess(key, known)}"
            yield _at(error, "unknown_key", detail, key)


def _missing_keys(error: Any) -> Iterator[Problem]:
    for key in error.validator_value:
        if key not in error.instance:
            yield _at(error, "required", f'"{key}" is missing.', key)


def _wrong_type(error: Any) -> Iterator[Problem]:
    wanted = error.validator_value
    names = [TYPE_NAMES[name] for name in ([wanted] if isinstance(wanted, str) else wanted)]
    detail = f"This must be {' or '.join(names)}, not {_show(error.instance)}."
    yield _at(error, "wrong_type", detail)


def _unknown_choice(error: Any) -> Iterator[Problem]:
    known = error.validator_value
    detail = f"{_show(error.instance)} is none of {', '.join(known)}{_guess(error.instance, known)}"
    yield _at(error, "invalid_choice", detail)


def _unknown_format(error: Any) -> Iterator[Problem]:
    detail = f'This must be "{error.validator_value}", not {_show(error.instance)}.'
    yield _at(error, "unknown_format", detail)


def _no_date(error: Any) -> Iterator[Problem]:
    detail = f"{_show(error.instance)} is not a date such as 2026-08-12."
    yield _at(error, "invalid_date", detail)


def _no_time(error: Any) -> Iterator[Problem]:
    detail = f"{_show(error.instance)} is not a time of day such as 08:30."
    yield _at(error, "invalid_time", detail)


def _too_many(error: Any) -> Iterator[Problem]:
    detail = f"This list has {len(error.instance)} items, at most {error.validator_value} are read."
    yield _at(error, "too_many", detail)


def _out_of_range(error: Any) -> Iterator[Problem]:
    bounds = f"{error.schema['minimum']} to {error.schema['maximum']}"
    yield _at(error, "out_of_range", f"This must be {bounds}, not {_show(error.instance)}.")


_EXPLANATIONS: Mapping[str, Callable[[Any], Iterator[Problem]]] = {
    "additionalProperties": _unknown_keys,
    "required": _missing_keys,
    "type": _wrong_type,
    "enum": _unknown_choice,
    "const": _unknown_format,
    "format": _no_date,
    "pattern": _no_time,
    "maxLength": _no_time,
    "maxItems": _too_many,
    "minimum": _out_of_range,
    "maximum": _out_of_range,
}
