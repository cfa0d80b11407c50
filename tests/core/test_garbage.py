"""How seldom garbage is looked for."""

import gc
from collections.abc import Iterator
from weakref import ref

import pytest

from core.garbage import THRESHOLDS, collect_seldom


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


class Node:
    other: "Node"


def test_what_is_loaded_is_left_out_of_later_searches() -> None:
    collect_seldom()
    assert gc.get_threshold() == THRESHOLDS
    assert gc.get_freeze_count() > 10_000


def test_cycles_that_come_later_are_still_found() -> None:
    collect_seldom()
    node = Node()
    node.other = node
    seen = ref(node)
    del node
    gc.collect()
    assert seen() is None
