"""From bytes to a JSON object: what no calendar can be made of is named by its place."""

import codecs
import json
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.metadata import is_storable, json_pointer
from scheduling.documents.problems import DocumentError, Problem, refuse

LARGEST_BYTES = 64 * 1024 * 1024
DEEPEST = 200
"""Levels of nesting that a document may have; the calendar itself has a dozen."""
LONGEST_NUMBER = 30
"""Characters of a whole number that is read; one with more is beyond LARGEST_NUMBER anyhow."""

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class _Unreadable:
    """Stands in a document for a number that is none."""

    code: str
    detail: str


class _Repeating(dict[str, Any]):
    """An object in which keys are given more than once."""

    repeated: tuple[str, ...] = ()


def read_document(raw: bytes) -> Any:
    """Return the JSON value that the bytes spell.

    Raises DocumentError for what is too large, too deep, not UTF-8 or not JSON, for keys that
    an object gives twice, numbers that are not finite, and characters that no database stores.
    """
    text = _decode(raw)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_not_finite,
            parse_int=_whole_number,
            parse_float=_number,
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise _refusal("malformed_json", f"This is not JSON: {error.msg} at {place}.") from error
    except RecursionError as error:
        raise _too_deep("") from error
    refuse(_unreadable_places(value, has_escapes="\\u" in text))
    return value


def _decode(raw: bytes) -> str:
    if len(raw) > LARGEST_BYTES:
        megabytes = LARGEST_BYTES // 1024**2
        raise _refusal("too_large", f"A calendar document has at most {megabytes} MB.")
    start = len(codecs.BOM_UTF8) if raw.startswith(codecs.BOM_UTF8) else 0
    try:
        return raw[start:].decode()
    except UnicodeDecodeError as error:
        detail = f"The text is not UTF-8: byte {start + error.start} does not belong there."
        raise _refusal("invalid_utf8", detail) from error


def _refusal(code: str, detail: str) -> DocumentError:
    return DocumentError([Problem("", code, detail)])


def _too_deep(pointer: str) -> DocumentError:
    detail = f"This is nested more than {DEEPEST} levels deep."
    return DocumentError([Problem(pointer, "too_deep", detail)])


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    counts = Counter(key for key, _value in pairs)
    repeating = _Repeating(found)
    repeating.repeated = tuple(key for key, count in counts.items() if count > 1)
    return repeating


def _not_finite(text: str) -> _Unreadable:
    return _Unreadable("not_finite", f"{text} is not a number that JSON has.")


def _whole_number(text: str) -> int | _Unreadable:
    if len(text) > LONGEST_NUMBER:
        return _Unreadable("number_too_large", "The number has too many digits.")
    return int(text)


def _number(text: str) -> float | _Unreadable:
    value = float(text)
    return value if math.isfinite(value) else _not_finite("A number of this size")


def _unreadable_places(document: Any, *, has_escapes: bool) -> Iterator[Problem]:
    """Walk the document without recursion, for it may be deep."""
    waiting: list[tuple[Path, Any]] = [((), document)]
    while waiting:
        path, value = waiting.pop()
        if len(path) > DEEPEST:
            raise _too_deep(json_pointer(path))
        yield from _problems_at(path, value)
        if has_escapes:  # only an escape can bring in what cannot be stored
            yield from _unstorable_text(path, value)
        waiting.extend(((*path, key), child) for key, child in _suspects(value, has_escapes))


def _problems_at(path: Path, value: Any) -> Iterator[Problem]:
    if isinstance(value, _Unreadable):
        yield Problem(json_pointer(path), value.code, value.detail)
    elif isinstance(value, _Repeating):
        for key in value.repeated:
            detail = f"The key {json.dumps(key)} is given more than once."
            yield Problem(json_pointer((*path, key)), "repeated_key", detail)


def _unstorable_text(path: Path, value: Any) -> Iterator[Problem]:
    texts = value if isinstance(value, dict) else [value]
    if any(isinstance(text, str) and not is_storable(text) for text in texts):
        detail = "The text has characters that cannot be stored."
        yield Problem(json_pointer(path), "invalid_characters", detail)


def _suspects(value: Any, has_escapes: bool) -> Iterator[tuple[str | int, Any]]:
    """Yield the children that have to be looked at: most are plain numbers and texts."""
    kinds = (dict, list, _Unreadable, str) if has_escapes else (dict, list, _Unreadable)
    if isinstance(value, dict):
        yield from ((key, child) for key, child in value.items() if isinstance(child, kinds))
    elif isinstance(value, list):
        yield from ((i, child) for i, child in enumerate(value) if isinstance(child, kinds))
