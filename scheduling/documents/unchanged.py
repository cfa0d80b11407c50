"""Does a document say what is stored by now? It is told from columns: no row becomes an object.

Student information systems send the same calendar every night. Rows that are stored have been
judged when they were written, so a document that says just what they say needs no judging again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import JSONField

from core.conditions import same_value
from core.revision import plain
from scheduling.documents.kinds import KINDS, QUARTERS, Kind
from scheduling.documents.values import values_of
from scheduling.models import School
from scheduling.models.quarter import FIRST_OF_TERM

Item = Mapping[str, Any]
Row = tuple[Any, ...]
"""The values of a row in the order of its kind's columns; a bell schedule by its code."""


def rows_if_unchanged(school: School, document: Item) -> dict[Kind, int] | None:
    """Return how many rows of each kind a school has; None if the document may change any.

    None is the cautious answer: then somebody else has to look closer.
    """
    stored: dict[Kind, _Lists] = {}
    for kind in KINDS:
        stored[kind] = _lists(kind, school)
    tops = (kind for kind in KINDS if kind.parent == "school")
    if not all(_says_the_same(stored, kind, school.pk, document) for kind in tops):
        return None
    return {kind: sum(map(len, lists.values())) for kind, lists in stored.items()}


_Lists = dict[UUID, list[tuple[UUID, Row]]]
"""The stored rows below each parent."""


def _lists(kind: Kind, school: School) -> _Lists:
    columns = ["template__code" if name == "template" else name for name in kind.columns]
    rows = plain(kind.model).filter(school=school.pk).order_by()
    found: defaultdict[UUID, list[tuple[UUID, Row]]] = defaultdict(list)
    for parent, pk, *values in rows.values_list(f"{kind.parent}_id", "pk", *columns):
        found[parent].append((pk, tuple(values)))
    return found


def _says_the_same(stored: Mapping[Kind, _Lists], kind: Kind, parent: UUID, item: Item) -> bool:
    """Return whether a list of a document has just the rows below a parent, in any order.

    Without the list they stay as they are; but a semester gets the quarters that it lacks.
    """
    rows = stored[kind].get(parent, [])
    items = item.get(kind.key)
    if items is None:
        return kind is not QUARTERS or item["term_type"] not in FIRST_OF_TERM or len(rows) == 2
    if len(items) != len(rows):
        return False
    pairs = _pairs(kind, items, rows)
    return all(
        pk is not None and all(_says_the_same(stored, child, pk, each) for child in kind.children)
        for each, pk in pairs
    )


def _pairs(
    kind: Kind, items: Iterable[Item], rows: Iterable[tuple[UUID, Row]]
) -> Iterator[tuple[Item, UUID | None]]:
    """Yield each object with the id of a row that says the same, and that no other has taken."""
    free: defaultdict[Row, list[tuple[UUID, Row]]] = defaultdict(list)
    for pk, row in rows:
        free[_plain_part(kind, row)].append((pk, row))
    for item in items:
        values = values_of(kind, item, lambda code: code)
        found = _take(kind, free, tuple(values.values()))
        yield item, found or _take(kind, free, _completed(kind, values))


def _take(kind: Kind, free: Mapping[Row, list[tuple[UUID, Row]]], wanted: Row) -> UUID | None:
    candidates = free.get(_plain_part(kind, wanted), [])
    for place, (pk, row) in enumerate(candidates):
        if all(same_value(row[index], wanted[index]) for index in _json_places(kind)):
            del candidates[place]
            return pk
    return None


def _completed(kind: Kind, values: Mapping[str, Any]) -> Row:
    """Return the values of a row that has derived what the document leaves out."""
    own = {column: value for column, value in values.items() if column != "template"}
    row = kind.model(**own)
    row.derive()
    return tuple(values[name] if name == "template" else getattr(row, name) for name in values)


def _plain_part(kind: Kind, row: Row) -> Row:
    """Return the values that can be looked up; JSON cannot."""
    return tuple(row[index] for index in _plain_places(kind))


@cache
def _json_places(kind: Kind) -> Sequence[int]:
    fields = [kind.model._meta.get_field(column) for column in kind.columns]
    return [index for index, field in enumerate(fields) if isinstance(field, JSONField)]


@cache
def _plain_places(kind: Kind) -> Sequence[int]:
    return [index for index in range(len(kind.columns)) if index not in _json_places(kind)]
