"""Where rows wait while others take their place: what no two rows may have, even for a moment.

Two periods that swap their numbers, or a year that moves with all its terms, pass through states
that the database refuses. So such rows are first set to values that are in nobody's way, without
a trace in their history, and then to what the document says.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from core.history import BATCH_ROWS
from core.revision import plain
from scheduling.documents.kinds import PERIODS, TEMPLATES, TERMS, YEARS, Kind
from scheduling.documents.plan import Entry
from scheduling.models.period_definition import HIGHEST_NUMBER

Values = dict[str, Any]


def park(kind: Kind, entries: Sequence[Entry]) -> None:
    """Set the rows that give up a name or a range to values that are in nobody's way."""
    used = _used_numbers(entries) if kind is PERIODS else {}
    parked = [
        kind.model(pk=entry.row.pk, **values)
        for entry in entries
        if (values := _parked_values(entry, used))
    ]
    if parked:
        _store(kind, parked, ["sourced_id", *_PARKED.get(kind, {})])


def park_gone_templates(rows: Sequence[Any]) -> None:
    """Take code and default from bell schedules that go, but only when their last use has gone."""
    parked = [TEMPLATES.model(pk=row.pk, code=_placeholder(row), is_default=False) for row in rows]
    _store(TEMPLATES, parked, ["code", "is_default", "sourced_id"])


def _store(kind: Kind, rows: Sequence[Any], columns: Sequence[str]) -> None:
    plain(kind.model).bulk_update(rows, columns, batch_size=BATCH_ROWS)


def _parked_values(entry: Entry, used: Mapping[UUID, set[int]]) -> Values:
    """Return a row's values while it waits: others only of what changes; none if nothing does."""
    parking = {"sourced_id": _nothing, **_PARKED.get(entry.kind, {})}
    if entry.before.keys().isdisjoint(parking):
        return {}
    values = {
        column: value(entry, column) if column in entry.before else getattr(entry.row, column)
        for column, value in parking.items()
    }
    if "number" in entry.before:
        values["number"] = _free_number(used[entry.row.template_id])
    return values


def _used_numbers(entries: Sequence[Entry]) -> dict[UUID, set[int]]:
    """Return the numbers that the periods of each bell schedule have or will have."""
    used: defaultdict[UUID, set[int]] = defaultdict(set)
    for entry in entries:
        used[entry.row.template_id] |= {entry.row.number, entry.was("number")}
    return used


def _free_number(used: set[int]) -> int:
    number = next(number for number in range(HIGHEST_NUMBER, 0, -1) if number not in used)
    used.add(number)
    return number


def _placeholder(row: Any) -> str:
    return f"parked-{row.pk.hex}"


def _nothing(_entry: Entry, _column: str) -> str:
    return ""


def _as_it_was(entry: Entry, column: str) -> Any:
    return entry.was(column)


def _a_placeholder(entry: Entry, _column: str) -> str:
    return _placeholder(entry.row)


def _not_default(_entry: Entry, _column: str) -> bool:
    return False


def _the_earlier(entry: Entry, column: str) -> Any:
    return min(entry.was(column), getattr(entry.row, column))


def _the_later(entry: Entry, column: str) -> Any:
    return max(entry.was(column), getattr(entry.row, column))


_Parking = Mapping[str, Callable[[Entry, str], Any]]
_WIDENED: _Parking = {"start_date": _the_earlier, "end_date": _the_later}
_PARKED: Mapping[Kind, _Parking] = {
    TEMPLATES: {"code": _a_placeholder, "is_default": _not_default},
    PERIODS: {"number": _as_it_was},
    YEARS: {"name": _a_placeholder, **_WIDENED},
    TERMS: _WIDENED,
}
