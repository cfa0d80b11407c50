"""The document of errors lists every code that the service can answer, and no other."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings

from api.codes import RENAMED, TITLES
from tests.api import error_codes
from tests.api.test_every_problem import PROBLEMS

DOCUMENT = settings.BASE_DIR / "docs" / "errors.md"

NEVER_A_PROBLEM = {"authentication_failed", "parse_error"}
"""Codes of failures of REST framework that nothing raises here."""

NEVER_AN_ERROR = {
    # Of columns: values that the serializers have read, and what constraints tell in their own way.
    "invalid_datetime", "invalid_nullable", "unique", "unique_for_date",
    # Of fields: no field has a least length, and dates, instants and ids are read by our own.
    "date", "datetime", "does_not_exist", "empty", "incorrect_type", "make_aware", "min_length",
    "overflow",
}  # fmt: skip
"""Codes of libraries that no value can bring about here."""


def rows(heading: str) -> Iterator[list[str]]:
    """Yield the cells of the table below a heading."""
    section = DOCUMENT.read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    for line in section.splitlines():
        if line.startswith("| `"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def documented(heading: str) -> list[str]:
    return [cells[0].strip("` ") for cells in rows(heading)]


def errors_in_code() -> set[str]:
    found = error_codes.codes_in_source() | error_codes.codes_of_models()
    return found | error_codes.codes_of_fields()


def test_every_kind_of_problem_is_documented_with_its_status() -> None:
    raised = error_codes.kinds_of_problems()
    assert set(raised) >= NEVER_A_PROBLEM
    kinds = {code: status for code, status in raised.items() if code not in NEVER_A_PROBLEM}
    told = {cells[0].strip("` "): int(cells[1]) for cells in rows("Problems")}
    assert kinds | {"bad_request": 400, "server_error": 500} == told
    assert {code: status for code, (status, _provoke) in PROBLEMS.items()} == told
    assert set(TITLES) == set(told)


def test_every_error_is_documented() -> None:
    found = errors_in_code()
    assert found >= NEVER_AN_ERROR
    assert found - NEVER_AN_ERROR - RENAMED.keys() == set(documented("Single errors"))


@pytest.mark.parametrize("heading", ["Problems", "Single errors"])
def test_a_code_is_found_by_its_place_and_explained(heading: str) -> None:
    codes = documented(heading)
    assert codes == sorted(set(codes))
    assert all(re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", code) for code in codes)
    assert all(cell for cells in rows(heading) for cell in cells)
