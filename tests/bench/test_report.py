"""What a run leaves: the results that are committed, and the page that shows them."""

import json

import pytest

from bench.report import PAGE, RESULTS, result, rounded, shown, table
from bench.rows import ROWS, Row

REPEATS = 5


@pytest.fixture(scope="module")
def kept() -> dict:
    return json.loads(RESULTS.read_text())


def test_the_committed_results_have_every_row_with_its_bound(kept: dict) -> None:
    expected = [{"row": row.text, "unit": row.unit, **row.bound} for row in ROWS]
    assert [
        {name: each[name] for name in each if name not in {"value", "met", "runs"}}
        for each in kept["rows"]
    ] == expected
    assert kept["machine"]
    assert kept["commit"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.group}-{row.key}")
def test_a_committed_figure_is_made_of_its_runs(kept: dict, row: Row) -> None:
    found = next(each for each in kept["rows"] if each["row"] == row.text)
    assert len(found["runs"]) >= REPEATS
    assert found["value"] == pytest.approx(row.value_of(found["runs"]), rel=0.01)
    assert found["met"] == row.is_met(found["value"])


def test_the_page_shows_the_committed_results(kept: dict) -> None:
    page = PAGE.read_text()
    assert shown(page, kept) == page


def test_the_page_names_every_group() -> None:
    page = PAGE.read_text()
    assert all(f"| `{row.group}` |" in page for row in ROWS)


def test_a_bound_that_is_not_met_stands_out() -> None:
    row = Row("door", "day", "day ÷ bare", "×", at_least=2.0)
    found = result(row, [1.0, 1.501, 1.9])
    assert found == {
        "row": "day ÷ bare",
        "unit": "×",
        "value": 1.5,
        "at_least": 2.0,
        "met": False,
        "runs": [1.0, 1.5, 1.9],
    }
    assert table([found]).endswith("| day ÷ bare | 1.5 × | ≥ 2 | **no** |\n")


def test_three_digits_count() -> None:
    assert [rounded(value) for value in (1.23456, 1234.56, 0.000123456)] == [1.23, 1230, 0.000123]


def test_the_figure_that_is_shown_decides() -> None:
    row = Row("door", "day", "day ÷ bare", "×", at_least=2.0)
    assert [result(row, [value])["met"] for value in (1.994, 1.996)] == [False, True]
