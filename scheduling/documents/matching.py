"""Find the stored row that each object of a document speaks of, and set it to what it says."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import ForeignKey

from core.conditions import same_value
from core.constraints import MatchesParent
from scheduling.calendar.splits import halves
from scheduling.documents.kinds import (
    KINDS,
    QUARTERS,
    TEMPLATES,
    YEARS,
    Kind,
    hashable,
)
from scheduling.documents.plan import Entry, Plan, prime
from scheduling.documents.problems import Problem, from_refusal
from scheduling.documents.values import TemplateNamed, Values, values_of
from scheduling.models import PeriodTemplate

Item = Mapping[str, Any]


class Matcher:
    """Lays a document over the rows of a school: no query a row, nothing is written."""

    def __init__(
        self, school: Any, document: Item, advance: Callable[[int], None] = lambda _count: None
    ) -> None:
        self.plan = Plan(school)
        self.document = document
        self.advance = advance
        self.stored = _stored_rows(school)
        self.templates: dict[str, Any] = {}

    def match(self) -> Plan:
        """Return the plan."""
        self._match_list(TEMPLATES, None, self.document)
        self.templates = _first_by_code(self.plan.entries[TEMPLATES])
        self._match_list(YEARS, None, self.document)
        claimed = {id(entry.row) for entry in self.plan.all_entries()}
        for kind, groups in self.stored.items():
            rows = (row for group in groups.values() for row in group)
            self.plan.gone[kind] = [row for row in rows if id(row) not in claimed]
        return self.plan

    def _match_list(self, kind: Kind, parent: Entry | None, item: Item | None) -> None:
        """Match the rows of one list; without a list, the stored ones stay as they are."""
        parent_row = self.plan.school if parent is None else parent.row
        stored = self.stored[kind].get(parent_row.pk, [])
        items = None if item is None else item.get(kind.key)
        if items is None:
            entries = [Entry(kind, row, parent) for row in stored]
        else:
            entries = self._given(kind, parent, parent_row, self.pairs(kind, items, stored))
        if kind is QUARTERS and parent is not None and item is not None and items is None:
            _move_even_quarters(parent, entries)
            entries += self._missing_quarters(parent, entries)
        self._keep(kind, entries, items)

    def pairs(
        self, kind: Kind, items: Sequence[Item], stored: Sequence[Any]
    ) -> Iterable[tuple[Values, Any]]:
        """Return what each object of a list says, by column, with its stored row, if it has one."""
        return _pair(kind, items, stored, self.template_named)

    def _keep(self, kind: Kind, entries: list[Entry], items: Sequence[Item] | None) -> None:
        self.plan.entries[kind].extend(entries)
        for place, entry in enumerate(entries):
            for child in kind.children:
                self._match_list(child, entry, None if items is None else items[place])

    def _given(
        self, kind: Kind, parent: Entry | None, parent_row: Any, pairs: Iterable[tuple[Any, Any]]
    ) -> list[Entry]:
        entries = []
        for index, (values, row) in enumerate(pairs):
            entry = Entry(kind, row, parent, index, is_new=row is None)
            if row is None:
                entry.row = self._new_row(kind, parent_row, values)
            else:
                entry.before = _set(entry.row, values)
            entries.append(entry)
            self._require_template(entry)
            self.advance(1)
        return entries

    def _new_row(self, kind: Kind, parent_row: Any, values: Item) -> Any:
        row = kind.model(**{"school": self.plan.school, kind.parent: parent_row, **values})
        copy_columns(row)
        row.derive()
        return row

    def template_named(self, code: str | None) -> Any:
        """Return the bell schedule of a code; an unknown one is stood in for, and reported."""
        if code is None:
            return None
        if code not in self.templates:
            return PeriodTemplate(school=self.plan.school, code=code, name=code)
        return self.templates[code]

    def _require_template(self, entry: Entry) -> None:
        template = entry.row.template if entry.kind.refers_to_template else None
        if template is not None and self.templates.get(template.code) is not template:
            detail = f"The school has no bell schedule with the code “{template.code}”."
            problem = Problem("", "unknown_template", detail)
            self.plan.problems.append(entry.problem("template", problem))

    def _missing_quarters(self, parent: Entry, entries: Sequence[Entry]) -> Iterator[Entry]:
        """Make the quarters that a semester lacks, half the term each."""
        term = parent.row
        if not term.is_semester or term.start_date > term.end_date:
            return
        prime([parent], QUARTERS, {term.pk: [entry.row for entry in entries]})
        try:
            missing = term.missing_quarters(halves)
        except ValidationError as refusal:
            for column, problem in from_refusal(refusal):
                self.plan.problems.append(parent.problem(column, problem))
            return
        for values in missing:
            yield Entry(QUARTERS, self._new_row(QUARTERS, term, values), parent, is_new=True)


def _move_even_quarters(parent: Entry, entries: Sequence[Entry]) -> None:
    """Let quarters that halve a semester as it is stored halve it as it shall be.

    Quarters of any other dates have been set by somebody: all stay.
    """
    stored = _halves(parent.was("start_date"), parent.was("end_date"))
    wanted = _halves(parent.row.start_date, parent.row.end_date)
    if not wanted or any(
        (entry.row.start_date, entry.row.end_date) != stored.get(entry.row.sequence)
        for entry in entries
    ):
        return
    for entry in entries:
        start, end = wanted[entry.row.sequence]
        entry.before = _set(entry.row, {"start_date": start, "end_date": end})


def _halves(start: dt.date, end: dt.date) -> dict[int, tuple[dt.date, dt.date]]:
    """Return the even split of a semester by sequence; nothing if it is too short."""
    try:
        return dict(enumerate(halves(start, end), start=1))
    except ValueError:
        return {}


def copy_columns(row: Any) -> None:
    """Fill the columns that the database copies from the row's parents, from those in memory."""
    for constraint in row._meta.constraints:
        if isinstance(constraint, MatchesParent):
            parent = getattr(row, constraint.parent)
            for own, theirs in constraint.copies if parent is not None else ():
                setattr(row, own, getattr(parent, theirs))


def _stored_rows(school: Any) -> dict[Kind, dict[UUID, list[Any]]]:
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


def _first_by_code(entries: Iterable[Entry]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry in entries:
        found.setdefault(entry.row.code, entry.row)
    return found


def _pair(
    kind: Kind, items: Sequence[Item], stored: Sequence[Any], template_named: TemplateNamed
) -> Iterator[tuple[dict[str, Any], Any]]:
    """Yield the values of every item and the stored row it speaks of, or None.

    Sourced ids come first; of several rows that one name fits, an equal one.
    """
    given = [values_of(kind, item, template_named) for item in items]
    free = {row.pk: row for row in stored}
    by_source = {row.sourced_id: row for row in stored if row.sourced_id}
    taken: dict[int, Any] = {}
    for index, values in enumerate(given):
        row = by_source.get(values["sourced_id"])
        if row is not None and row.pk in free and _is_kept(kind, row, values):
            taken[index] = free.pop(row.pk)
    by_name: defaultdict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in free.values():
        by_name[kind.name_of(row)].append(row)
    for index, values in enumerate(given):
        yield values, taken.get(index) or _take(by_name[_name(kind, values)], values)


def _is_kept(kind: Kind, row: Any, values: Item) -> bool:
    return all(getattr(row, column) == values[column] for column in kind.kept)


def _take(rows: list[Any], values: Item) -> Any:
    """Take a row out of those that a name fits: an equal one if there is one, else the first."""
    if not rows:
        return None
    row = next((row for row in rows if _equals(row, values)), rows[0])
    rows.remove(row)
    return row


def _equals(row: Any, values: Item) -> bool:
    return all(same_value(getattr(row, key), value) for key, value in values.items())


def _name(kind: Kind, values: Item) -> tuple[Any, ...]:
    """Return what tells the row that would have these values from the others."""
    given = dict(values)
    if "template" in given:
        given["template_id"] = given["template"] and given["template"].pk
    return tuple(hashable(given[column]) for column in kind.named_by)


def _set(row: Any, values: Item) -> dict[str, Any]:
    """Set a stored row to what a document says; return the old values of what changed."""
    before = {column: getattr(row, column) for column in values}
    for column, value in values.items():
        setattr(row, column, value)
    copy_columns(row)
    row.derive()
    return {
        column: old for column, old in before.items() if not same_value(old, getattr(row, column))
    }
