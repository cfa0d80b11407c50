"""What the objects of a document say, by column."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import ForeignKey

from scheduling.documents.kinds import MISSING, Kind, find

Values = dict[str, Any]
TemplateNamed = Callable[[str | None], Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """How one column is read."""

    column: str
    place: str
    field: Any
    like: str | None
    names_template: bool
    is_nested: bool

    def value(self, item: Mapping[str, Any], values: Values, template_named: TemplateNamed) -> Any:
        """Return the column's value, given those of the columns before it."""
        value = find(item, self.place) if self.is_nested else item.get(self.place, MISSING)
        if self.names_template:
            return template_named(None if value is MISSING else value)
        if value is not MISSING:
            return self.field.to_python(value)
        return self.field.get_default() if self.like is None else values[self.like]


def values_of(kind: Kind, item: Mapping[str, Any], template_named: TemplateNamed) -> Values:
    """Return what an object says, by column; what it leaves out has its default."""
    values: Values = {}
    for reader in _readers(kind):
        values[reader.column] = reader.value(item, values, template_named)
    return values


@cache
def _readers(kind: Kind) -> tuple[Reader, ...]:
    return tuple(_reader(kind, column, place) for column, place in kind.columns.items())


def _reader(kind: Kind, column: str, place: str) -> Reader:
    field = kind.model._meta.get_field(column)
    return Reader(
        column, place, field, kind.like.get(column), isinstance(field, ForeignKey), "/" in place
    )
