"""Find the stored row that each item of a batch speaks of, and set it to what it says."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from core.history import BATCH_ROWS, GONE
from core.ids import as_uuid
from scheduling.documents.items import TARGETS, Given, Item, Precondition, Result
from scheduling.documents.kinds import KINDS, PERIODS, QUARTERS, TEMPLATES, TERMS, Kind
from scheduling.documents.plan import Entry, Plan
from scheduling.documents.problems import Problem
from scheduling.documents.rows import (
    are_nobodys_own,
    missing_quarters,
    move_even_quarters,
    new_row,
    set_values,
    stored_rows,
)


class _UnknownRowError(Exception):
    """A row below one that is not there, which has been told."""


class Overlay:
    """Lays items over the rows of a school: no query a row, nothing is written."""

    def __init__(self, school: Any, items: Sequence[Item], precondition: Precondition) -> None:
        self.plan = Plan(school)
        self.precondition = precondition
        self.items = items
        self.stored: dict[Kind, dict[UUID, Any]] = {
            kind: {row.pk: row for rows in groups.values() for row in rows}
            for kind, groups in stored_rows(school).items()
        }
        self.by_source = {
            (kind, row.sourced_id): row
            for kind, rows in self.stored.items()
            for row in rows.values()
            if row.sourced_id
        }
        self.gone: dict[UUID, Item] = {}
        """The items by which rows go."""
        self.entries: dict[UUID, Entry] = {}
        self.given: dict[tuple[Kind, str], Given | None] = {}
        """What items are laid over; nothing, where a problem of an item has been told."""

    def laid(self) -> Iterator[Problem]:
        """Lay every item over the rows; yield what is wrong with what they refer to."""
        self._bury()
        for kind in KINDS:
            yield from self._lay(kind)
            if kind is QUARTERS:
                self._follow_terms()
        yield from self._still_needed()

    def results(self) -> list[Result]:
        """Return what happens to the row of every item."""
        return [self._result(item) for item in self.items]

    def _result(self, item: Item) -> Result:
        entry = self.given.get(item.key)
        if entry is not None:
            change = "updated" if entry.before else "unchanged"
            return Result(item, "created" if entry.is_new else change, entry.row.pk)
        row = self.by_source.get(item.key)
        return Result(item, "unchanged", None) if row is None else Result(item, "deleted", row.pk)

    # What goes

    def _bury(self) -> None:
        """Let rows go, with what is only there because of them."""
        going = list(self._going())
        for item, row in going:
            self._let_go(item, item.kind, [row])
        below = {kind: self._unnamed_below(kind) for kind in (PERIODS, QUARTERS)} if going else {}
        for item, row in going:
            if item.kind is TEMPLATES:
                self._let_go(item, PERIODS, below[PERIODS][row.pk])
            elif item.kind is TERMS and are_nobodys_own(row, below[QUARTERS][row.pk]):
                self._let_go(item, QUARTERS, below[QUARTERS][row.pk])

    def _going(self) -> Iterator[tuple[Item, Any]]:
        """Yield the items that delete, each with its row, if there is one."""
        for item in self.items:
            if item.values is None:
                row = self.by_source.get(item.key)
                self.precondition(item, row)
                if row is not None:
                    yield item, row

    def _let_go(self, item: Item, kind: Kind, rows: Sequence[Any]) -> None:
        self.gone.update(dict.fromkeys((row.pk for row in rows), item))
        self.plan.gone[kind].extend(rows)

    def _unnamed_below(self, kind: Kind) -> dict[UUID, list[Any]]:
        """Return the rows of a kind that the batch does not name, by their parent."""
        named = {item.key for item in self.items}
        found = defaultdict(list)
        for row in self.stored[kind].values():
            if row.pk not in self.gone and (kind, row.sourced_id) not in named:
                found[getattr(row, f"{kind.parent}_id")].append(row)
        return found

    def _still_needed(self) -> Iterator[Problem]:
        """Find rows that go although others, which stay, belong to them or use them."""
        for entry in self.plan.all_entries() if self.gone else ():
            for column in TARGETS:
                item = self.gone.get(getattr(entry.row, f"{column}_id", None))  # type: ignore[arg-type]
                if item is not None:
                    detail = f"“{entry.row}” needs it: change or delete that first."
                    yield Problem(item.pointer, "in_use", detail)

    # What comes and changes

    def _lay(self, kind: Kind) -> Iterator[Problem]:
        items = [each for each in self.items if each.kind is kind and each.values is not None]
        buried = self._buried(kind, items)
        nameless = self._nameless(kind)
        for item in items:
            self.given[item.key] = None
            try:
                yield from self._place(item, nameless, buried)
            except _UnknownRowError:
                continue
        for row in self.stored[kind].values():
            if row.pk not in self.gone and row.pk not in self.entries:
                self._keep(Entry(kind, row, self._above(kind, row)))

    def _keep(self, entry: Entry) -> None:
        self.entries[entry.row.pk] = entry
        self.plan.entries[entry.kind].append(entry)

    def _above(self, kind: Kind, row: Any) -> Entry | None:
        return self.entries.get(getattr(row, f"{kind.parent}_id"))

    def _buried(self, kind: Kind, items: Sequence[Item]) -> dict[str, UUID]:
        """Return the ids under which rows that have gone come back, by sourced id."""
        wanted = [each.sourced_id for each in items if each.key not in self.by_source]
        history = kind.model.history.model.objects
        later = history.filter(id=OuterRef("id"), history_id__gt=OuterRef("history_id"))
        last = history.filter(~Exists(later), school=self.plan.school.pk, history_type=GONE)
        found: dict[str, UUID] = {}
        for start in range(0, len(wanted), BATCH_ROWS):
            names = wanted[start : start + BATCH_ROWS]
            rows = last.filter(sourced_id__in=names).order_by("history_id")
            found |= dict(rows.values_list("sourced_id", "id"))
        return found

    def _nameless(self, kind: Kind) -> dict[Any, list[Any]]:
        """Return the rows that have no sourced id yet, by what tells them from others."""
        found = defaultdict(list)
        for row in self.stored[kind].values():
            if not row.sourced_id and row.pk not in self.gone:
                found[_name(kind, row)].append(row)
        return found

    def _place(
        self, item: Item, nameless: Mapping[Any, list[Any]], buried: Mapping[str, UUID]
    ) -> Iterator[Problem]:
        """Lay an item over its row. Raises _UnknownRowError, and what the precondition raises."""
        references, problems = self._references(item)
        yield from problems
        if problems:
            return
        kind = item.kind
        values = {**(item.values or {}), **references, "sourced_id": item.sourced_id}
        row = self.by_source.get(item.key)
        if row is None:
            parent = values.pop(kind.parent, None if kind.parent in TARGETS else self.plan.school)
            if parent is None:
                detail = "Say what the new row belongs to."
                yield Problem(item.pointer_to(kind.parent), "required", detail)
                return
            fresh = new_row(kind, self.plan.school, parent, values)
            row = next(iter(nameless.get(_name(kind, fresh), ())), None)
            if row is None:
                self.precondition(item, None)
                fresh.pk = buried.get(item.sourced_id, fresh.pk)
                self._give(item, fresh, is_new=True)
                return
            nameless[_name(kind, fresh)].remove(row)
        self.precondition(item, row)
        yield from self._change(item, row, values)

    def _give(self, item: Item, row: Any, **said: Any) -> None:
        above = self._above(item.kind, row)
        entry = Given(item.kind, row, above, item.index, item=item, **said)
        self.given[item.key] = entry
        self._keep(entry)

    def _change(self, item: Item, row: Any, values: dict[str, Any]) -> Iterator[Problem]:
        kind = item.kind
        parent = values.pop(kind.parent, None)
        is_moved = parent is not None and parent.pk != getattr(row, f"{kind.parent}_id")
        before = set_values(row, values)
        fixed = [*([kind.parent] if is_moved else []), *(set(kind.kept) & set(before))]
        if not fixed:
            self._give(item, row, before=before)
        for column in fixed:
            set_values(row, before)
            detail = "This cannot change: delete the row, and create it anew after that."
            yield Problem(item.pointer_to(column), "fixed", detail)

    def _references(self, item: Item) -> tuple[dict[str, Any], list[Problem]]:
        """Return the rows that an item refers to, by column. Raises _UnknownRowError."""
        found, problems = {}, []
        for column, name in item.named.items():
            row = None if name is None else self._named(TARGETS[column], name)
            if row is None and name is not None:
                detail = f"The school has no such row, or the batch deletes it: “{name}”."
                problems.append(Problem(item.pointer_to(column), "unknown_reference", detail))
            found[column] = row
        return found, problems

    def _named(self, kind: Kind, name: str) -> Any:
        """Return the row of a sourced id or an id. Raises _UnknownRowError."""
        if (kind, name) in self.given:
            entry = self.given[kind, name]
            if entry is None:
                raise _UnknownRowError
            return entry.row
        row = self.by_source.get((kind, name)) or self.stored[kind].get(as_uuid(name))  # type: ignore[arg-type]
        return None if row is None or row.pk in self.gone else row

    def _follow_terms(self) -> None:
        """Let the quarters that nobody has set follow their semester; a new one gets its own."""
        below = defaultdict(list)
        for entry in self.plan.entries[QUARTERS]:
            below[entry.row.term_id].append(entry)
        for term in [each for each in self.plan.entries[TERMS] if isinstance(each, Given)]:
            entries = below[term.row.pk]
            if not any(entry.is_given for entry in entries):
                move_even_quarters(term, entries)
            if term.is_new and term.item.gets_quarters:
                for entry in missing_quarters(self.plan, term, entries):
                    self._keep(entry)


def _name(kind: Kind, row: Any) -> Any:
    """Return what tells a row from all others of its school."""
    return getattr(row, f"{kind.parent}_id"), kind.name_of(row)
