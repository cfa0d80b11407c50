"""What a row's figure is, and which rows are asked for."""

import pytest

from bench.__main__ import MEASURES
from bench.costs import Load, needed, ratios
from bench.groups import door, oneroster, view
from bench.rows import ROWS, Row, groups, selected


def test_a_row_keeps_to_its_bound_or_does_not() -> None:
    capacity = Row("door", "day", "day", "×", at_least=2.0)
    count = Row("miss", "first", "first", "queries", at_most=8)
    assert [capacity.is_met(value) for value in (1.99, 2.0, 2.01)] == [False, True, True]
    assert [count.is_met(value) for value in (7, 8, 9)] == [True, True, False]


@pytest.mark.parametrize(("figure", "value"), [("median", 3), ("least", 1), ("most", 9)])
def test_a_figure_is_made_of_all_runs(figure: str, value: float) -> None:
    row = Row("door", "day", "day", "×", at_least=2.0, figure=figure)
    assert row.value_of([9, 1, 3, 2, 4]) == value


def test_every_row_has_one_bound_and_a_name_of_its_own() -> None:
    assert all(len(row.bound) == 1 for row in ROWS)
    assert len({row.text for row in ROWS}) == len(ROWS)
    assert len({(row.group, row.key) for row in ROWS}) == len(ROWS)


def test_every_group_is_measured_by_a_module() -> None:
    assert list(MEASURES) == groups(ROWS)


@pytest.mark.parametrize("group", [door, oneroster, view])
def test_pairs_name_rows_and_loads(group: object) -> None:
    name = group.__name__.rpartition(".")[2]
    assert set(group.PAIRS) == {row.key for row in ROWS if row.group == name}
    assert {load for pair in group.PAIRS.values() for load in pair} == set(group.LOADS)


def test_all_rows_are_asked_for_without_words() -> None:
    assert selected("") == selected(" , ") == ROWS


def test_a_group_names_its_rows_and_no_others() -> None:
    assert {row.group for row in selected("miss")} == {"miss"}
    assert {row.group for row in selected("miss,Door")} == {"miss", "door"}


def test_a_part_of_a_name_names_rows() -> None:
    assert [row.key for row in selected("hello, ÷ save")] == ["day_hello", "postgresql", "sqlite"]


def test_a_word_that_names_nothing_is_told() -> None:
    with pytest.raises(ValueError, match="There is no row 'dooor'"):
        selected("view,dooor")


def test_ratios_are_made_repeat_by_repeat() -> None:
    runs = {"bare": [10.0, 30.0], "ours": [5.0, 10.0], "other": [1.0, 1.0]}
    assert ratios(runs, {"row": ("bare", "ours")}) == {"row": [2.0, 3.0]}


def test_only_what_is_compared_is_asked() -> None:
    loads = {name: Load("door", f"/{name}") for name in ("bare", "ours", "other")}
    assert set(needed(loads, {"row": ("bare", "ours")})) == {"bare", "ours"}
