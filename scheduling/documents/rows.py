"""The rows of a school in memory: read at once, tied to each other, set to other values."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import ForeignKey

from core.conditions import same_value
from core.constraints import MatchesParent
from scheduling.calendar.splits import halves
from scheduling.documents.kinds import KINDS, QUARTERS, Kind
from scheduling.documents.plan import Entry, Plan, prime
from scheduling.documents.problems import from_refusal

Values = Mapping[str, Any]
Dates = tuple[dt.date, dt.date]


def stored_rows(school: Any) -> dict[Kind, dict[UUID, list[Any]]]:
    """Return the rows of a school by kind and parent, each with its parents at hand."""
    found: dict[Kind, dict[UUID, list[Any]]] = {}
    by_id: dict[UUID, Any] = {school.pk: school}
    for kind in KINDS:
        found[kind] = defaultdict(list)
        for row in kind.model.objects.filter(school=school.pk).order_by("id"):
            by_id[row.pk] = row
            _attach_parents(row, by_id)
            found[kind][getattr(row, f"{kind.parent}_id")].append(row)
    return found


def _attach_parents(row: Any, by_id: Mapping[UUID, Any]) -> None:
    row.FIXED = frozenset()  # no column that is fixed will be touched: do not ask the database
    for field in row._meta.concrete_fields:
        parent = by_id.get(getattr(row, field.attname)) if isinstance(field, ForeignKey) else None
        if parent is not None:
            setattr(row, field.name, parent)


def new_row(kind: Kind, school: Any, parent: Any, values: Values) -> Any:
    """Return a row that is not stored yet."""
    row = kind.model(**{"school": school, kind.parent: parent, **values})
    copy_columns(row)
    row.derive()
    return row


def set_values(row: Any, values: Values) -> dict[str, Any]:
    """Set a stored row to what is said of it; return the old values of what changed."""
    before = {column: getattr(row, column) for column in values}
    for column, value in values.items():
        setattr(row, column, value)
    copy_columns(row)
    row.derive()
    return {
        column: old for column, old in before.items() if not same_value(old, getattr(row, column))
    }


def copy_columns(row: Any) -> None:
    """Fill the columns that the database copies from the row's parents, from those in memory."""
    for constraint in row._meta.constraints:
        if isinstance(constraint, MatchesParent):
            parent = getattr(row, constraint.parent)
            for own, theirs in constraint.copies if parent is not None else ():
                setattr(row, own, getattr(parent, theirs))


def move_even_quarters(parent: Entry, entries: Sequence[Entry]) -> None:
    """Let quarters that halve a semester as it is stored halve it as it shall be.

    Quarters of any other dates have been set by somebody: all stay.
    """
    stored = _halves(parent.was("start_date"), parent.was("end_date"))
    wanted = _halves(parent.row.start_date, parent.row.end_date)
    if not wanted or not _are_halves([entry.row for entry in entries], stored):
        return
    for entry in entries:
        start, end = wanted[entry.row.sequence]
        entry.before = set_values(entry.row, {"start_date": start, "end_date": end})


def are_nobodys_own(term: Any, quarters: Sequence[Any]) -> bool:
    """Return whether quarters are what a semester is made with: nobody has set or named them."""
    is_named = any(each.sourced_id for each in quarters)
    return not is_named and _are_halves(quarters, _halves(term.start_date, term.end_date))


def missing_quarters(plan: Plan, parent: Entry, entries: Sequence[Entry]) -> Iterator[Entry]:
    """Make the quarters that a semester lacks, half the term each."""
    term = parent.row
    if not term.is_semester or term.start_date > term.end_date:
        return
    prime([parent], QUARTERS, {term.pk: [entry.row for entry in entries]})
    try:
        missing = term.missing_quarters(halves)
    except ValidationError as refusal:
        for column, problem in from_refusal(refusal):
            plan.problems.append(parent.problem(column, problem))
        return
    for values in missing:
        row = new_row(QUARTERS, plan.school, term, values)
        yield Entry(QUARTERS, row, parent, is_new=True)


def _are_halves(quarters: Sequence[Any], halves_of_term: Mapping[int, Dates]) -> bool:
    return all(
        (each.start_date, each.end_date) == halves_of_term.get(each.sequence) for each in quarters
    )


def _halves(start: dt.date, end: dt.date) -> dict[int, Dates]:
    """Return the even split of a semester by sequence; nothing if it is too short."""
    try:
        return dict(enumerate(halves(start, end), start=1))
    except ValueError:
        return {}
