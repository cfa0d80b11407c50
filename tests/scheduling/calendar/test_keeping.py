"""What is computed once is kept, and is freed with what computed it."""

import datetime as dt
import gc
from collections.abc import Iterator
from weakref import ref

import pytest

from bench import calendar_rows
from scheduling.calendar.calendar import Calendar
from scheduling.calendar.keeping import keeping


@pytest.fixture(autouse=True)
def without_a_search_for_cycles() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


class Squares:
    def __init__(self) -> None:
        self.computed: list[int] = []
        self.of = keeping(self._of, 2)

    def _of(self, number: int) -> int:
        self.computed.append(number)
        return number**2


def test_what_was_asked_for_last_is_kept() -> None:
    squares = Squares()
    assert [squares.of(number) for number in (1, 2, 1, 3, 1, 2)] == [1, 4, 1, 9, 1, 4]
    assert squares.computed == [1, 2, 3, 2]


def test_what_an_object_keeps_goes_with_it() -> None:
    squares = Squares()
    squares.of(1)
    ask, seen = squares.of, ref(squares)
    del squares
    assert seen() is None
    with pytest.raises(ReferenceError):
        ask(2)


def test_a_calendar_that_is_forgotten_is_freed_at_once() -> None:
    calendar = Calendar(calendar_rows.school())
    year = calendar_rows.school().years[1]
    noon = dt.datetime.combine(year.start_date, dt.time(18), dt.UTC)
    calendar.now(noon)
    calendar.weeks(year)
    calendar.instructional_minutes(year)
    view = calendar.seen_by()
    seen = [ref(each) for each in (calendar, view, view._tables, view._timeline)]
    del calendar, view
    assert [each() for each in seen] == [None] * 4
