"""A school's calendar becomes a document: the same rows, the same bytes."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core.cache import filled
from scheduling.documents.kinds import (
    DISTRICT_COLUMNS,
    FORMAT,
    KINDS,
    SCHOOL_COLUMNS,
    TEMPLATES,
    YEARS,
    Kind,
)
from scheduling.models.sources import RowsNow, RowSource
from scheduling.past import PastState

Rows = Mapping[Kind, Mapping[UUID, list[Any]]]


def export_document(school_id: UUID) -> dict[str, Any]:
    """Return the calendar document of a school: every key, natural keys only, in a fixed order.

    It shows one committed state, whoever writes meanwhile. Raises School.DoesNotExist.
    """
    _token, document = exported(school_id)
    return document


def exported(school_id: UUID) -> tuple[UUID | None, dict[str, Any]]:
    """Return the calendar document of a school, and the token of the state that it shows.

    The token is None if writes overtook it again and again. Raises School.DoesNotExist.
    """
    return filled(school_id, lambda: _document(RowsNow(school_id)))


def exported_as_of(state: PastState) -> tuple[UUID, dict[str, Any]]:
    """Return the calendar document of a school in a past state, and the token of that state.

    Raises HistoryForgotten.
    """
    return state.token, state.read(_document)


def render_document(document: Mapping[str, Any]) -> str:
    """Return a document as text: equal documents are equal bytes in UTF-8."""
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _document(source: RowSource) -> dict[str, Any]:
    school = source.school()
    rows = _rows(source)
    return {
        "format": FORMAT,
        "district": {key: _plain(getattr(school.district, key)) for key in DISTRICT_COLUMNS},
        "school": {key: _plain(getattr(school, key)) for key in SCHOOL_COLUMNS},
        TEMPLATES.key: _items(TEMPLATES, rows, school.pk),
        YEARS.key: _items(YEARS, rows, school.pk),
    }


def _rows(source: RowSource) -> Rows:
    """Return the rows of a school by kind and parent, in one query a kind."""
    found: dict[Kind, defaultdict[UUID, list[Any]]] = {}
    templates: dict[UUID, Any] = {}
    for kind in KINDS:
        found[kind] = defaultdict(list)
        for row in source.of(kind.model):
            if kind is TEMPLATES:
                templates[row.pk] = row
            elif kind.refers_to_template and row.template_id is not None:
                row.template = templates[row.template_id]
            found[kind][getattr(row, f"{kind.parent}_id")].append(row)
    return found


def _items(kind: Kind, rows: Rows, parent_id: UUID) -> list[dict[str, Any]]:
    items = [(row.pk, _item(kind, row)) for row in rows[kind].get(parent_id, ())]
    items.sort(key=lambda pair: _sort_key(kind, pair[1]))
    for pk, item in items:
        item.update({child.key: _items(child, rows, pk) for child in kind.children})
    return [item for _pk, item in items]


def _item(kind: Kind, row: Any) -> dict[str, Any]:
    item: dict[str, Any] = {}
    for column, place in kind.columns.items():
        *outer, key = place.split("/")
        holder = item.setdefault(outer[0], {}) if outer else item
        holder[key] = _plain(getattr(row, column))
    return item


def _sort_key(kind: Kind, item: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what orders an item: the columns of its kind, then everything it says."""
    return (*(f"{item[column]!s:>6}" for column in kind.sorted_by), json.dumps(item))


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; the keys of objects come in order, as databases mix them."""
    if isinstance(value, dict):
        return {key: _plain(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    if isinstance(value, dt.date):
        return value.isoformat()
    return getattr(value, "code", value)
