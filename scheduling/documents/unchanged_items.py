"""Does a batch say what is stored by now? Only the rows that it names are looked at.

Student information systems put the same rows every night, many of them one by one. What is stored
has been judged when it was written, so a batch that says just that needs no look at the rest of
the school.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from copy import copy
from typing import Any
from uuid import UUID

from core.conditions import same_value
from core.history import BATCH_ROWS
from core.ids import as_uuid
from scheduling.documents.items import TARGETS, Item, Precondition, Result
from scheduling.documents.kinds import Kind


def results_if_unchanged(
    school: UUID, items: Sequence[Item], precondition: Precondition
) -> list[Result] | None:
    """Return the results of a batch that changes nothing; None if it may change a row.

    None is the cautious answer: then somebody else has to look closer. Raises what `precondition`
    raises, if nothing changes.
    """
    stored = _Stored(school, items)
    if not all(stored.says(item) for item in items):
        return None
    results = []
    for item in items:
        row = stored.rows.get(item.key)
        precondition(item, row)
        results.append(Result(item, "unchanged", None if row is None else row.pk))
    return results


class _Stored:
    """The rows that a batch is about, and those that it refers to, by kind and sourced id."""

    def __init__(self, school: UUID, items: Sequence[Item]) -> None:
        self._school = school
        self.rows = self._named({item.key for item in items})
        asked = {
            (TARGETS[column], name)
            for item in items
            for column, name in item.named.items()
            if name is not None
        }
        self._ids = {key: row.pk for key, row in self.rows.items()}
        self._ids |= {key: row.pk for key, row in self._named(asked - self._ids.keys()).items()}

    def says(self, item: Item) -> bool:
        """Return whether an item says what is stored."""
        row = self.rows.get(item.key)
        if row is None or item.values is None:
            return row is None and item.values is None  # nothing is there, and nothing shall be
        wanted = copy(row)
        for column, value in item.values.items():
            setattr(wanted, column, value)
        wanted.derive()
        same = (same_value(getattr(row, name), getattr(wanted, name)) for name in item.values)
        return all(same) and all(self._refers(row, item, column) for column in item.named)

    def _refers(self, row: Any, item: Item, column: str) -> bool:
        """Return whether a row refers to what an item names; without, it keeps its parent."""
        name = item.named[column]
        if name is None:
            return column == item.kind.parent or getattr(row, f"{column}_id") is None
        wanted = self._ids.get((TARGETS[column], name)) or as_uuid(name)
        return wanted is not None and bool(getattr(row, f"{column}_id") == wanted)

    def _named(self, keys: set[tuple[Kind, str]]) -> dict[tuple[Kind, str], Any]:
        """Return the rows of sourced ids, as far as there are any."""
        by_kind = defaultdict(list)
        for kind, name in keys:
            by_kind[kind].append(name)
        return {
            (kind, row.sourced_id): row
            for kind, names in by_kind.items()
            for row in self._rows(kind, names)
        }

    def _rows(self, kind: Kind, names: Sequence[str]) -> Iterator[Any]:
        rows = kind.model.objects.filter(school=self._school).order_by()
        for start in range(0, len(names), BATCH_ROWS):
            yield from rows.filter(sourced_id__in=names[start : start + BATCH_ROWS])
