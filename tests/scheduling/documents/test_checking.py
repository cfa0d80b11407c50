"""The quick answer, that a document is sound, is never another than the careful one."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from scheduling.documents import check_document
from scheduling.documents.checking import _is_sound, _validator
from tests.scheduling.documents.builders import DOCUMENT

ODD_VALUES = [
    None, True, 1, 1.0, -1, 2**70, 1e300, "", "x", "2026-02-30", "0000-01-01", "20260203",
    "2026-02-03T00:00:00Z", "08:30\n", "8:30", "24:00", "\ud800", [], [None], ["monday"], {},
    {"x": 1},
]  # fmt: skip
DEEP: list[Any] = []
for _level in range(5000):
    DEEP = [DEEP]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of everything inside a value."""
    children: Any = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        children = enumerate(value)
    for key, child in children:
        yield (*path, key)
        yield from places(child, (*path, key))


def with_value(path: tuple[Any, ...], value: Any) -> Any:
    document = copy.deepcopy(DOCUMENT)
    holder: Any = document
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return document


def test_whatever_stands_wherever_both_say_the_same() -> None:
    careful, differing = _validator(), []
    for path in places(DOCUMENT):
        for value in ODD_VALUES:
            document = with_value(path, value)
            if _is_sound(document) and not careful.is_valid(document):
                differing.append((path, value))
    assert differing == []


def test_what_is_sound_is_seen_to_be_so() -> None:
    check_document(DOCUMENT)
    assert _is_sound(DOCUMENT)


@pytest.mark.parametrize("value", [object(), DEEP], ids=["object", "deep"])
def test_what_no_file_can_say_is_left_to_the_careful_one(value: Any) -> None:
    assert not _is_sound(value)
    assert not _is_sound(with_value(("school", "metadata"), value))
