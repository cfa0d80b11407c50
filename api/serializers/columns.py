"""Rows of a list, from their columns straight to what their serializer says.

A serializer makes an object of every row and asks every field about it; for a thousand rows that is
most of the cost of a list. Which columns a representation needs, and what becomes of each, follows
from the serializer's fields: it is derived from them once, and the serializer stays the one place
that says it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from operator import itemgetter
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from rest_framework import serializers

from api.conditions import tag_of_columns
from api.serializers import fields
from api.serializers.base import ModelSerializer, Shape, TagField
from core.models.properties import ColumnProperty

AS_STORED = frozenset(
    {
        serializers.UUIDField,
        serializers.CharField,
        serializers.ChoiceField,
        fields.TextField,
        fields.WholeNumberField,
        fields.FlagField,
        fields.DateField,
        fields.InstantField,
        fields.ObjectField,
        fields.RowKeyField,
        fields.NamedKeyField,
    }
)
"""The fields that say what the column holds, as JSON writes it."""
OF_ONE_VALUE = frozenset({fields.ClockField, fields.ShortListField, fields.WeekdaysField})
"""The fields that look at nothing but the value."""


def as_stored(value: Any) -> Any:
    """Return what a column holds: JSON has a way to write it."""
    return value


@dataclass(frozen=True, slots=True)
class Part:
    """A value of a representation: what `make` makes of some columns."""

    columns: tuple[str, ...]
    make: Callable[..., Any] = as_stored


class NotDerivableError(Exception):
    """A representation takes more than columns."""


@cache
def part_of(serializer: type[ModelSerializer[Any]], expand: tuple[str, ...]) -> Part | None:
    """Return how a row is shown from its columns; None if the serializer has to see the row.

    `expand` names the parents that are shown along.
    """
    try:
        return _row(serializer, expand)
    except NotDerivableError:
        return None


def _row(serializer: type[ModelSerializer[Any]], expand: Iterable[str]) -> Part:
    _require_plain(serializer, ModelSerializer)
    model = serializer.Meta.model
    own = {name: each for name, each in _readable(serializer) if name != "expanded"}
    parts = {name: _part(serializer, model, each) for name, each in own.items()}
    if expand:
        parents = {name: _parent(model, name, serializer.EXPANDABLE[name]) for name in expand}
        parts["expanded"] = _object(parents)
    return _object(parts)


def _parent(model: type[Any], name: str, shape: type[Shape]) -> Part:
    """Return how a parent is shown; null if the row has none."""
    _require_plain(shape, Shape)
    parent = model._meta.get_field(name).related_model
    parts = {key: _part(shape, parent, each, f"{name}__") for key, each in _readable(shape)}
    shown = _object(parts)

    def make(key: Any, *values: Any) -> Any:
        return None if key is None else shown.make(*values)

    return Part((f"{name}__id", *shown.columns), make)


def _require_plain(serializer: Any, base: type[Any]) -> None:
    """Require a serializer that says what its fields say."""
    if serializer.to_representation is not base.to_representation:
        raise NotDerivableError


def _readable(serializer: Any) -> Iterable[tuple[str, Any]]:
    every = serializer().fields.items()
    return [(name, field) for name, field in every if not field.write_only]


def _part(serializer: Any, model: type[Any], field: Any, path: str = "") -> Part:
    if isinstance(field, TagField):
        return _tag(serializer)
    computed = getattr(model, str(field.source), None)
    if isinstance(computed, ColumnProperty):
        part = Part(computed.columns, computed.compute)
    else:
        part = _stored(model, field)
    return Part(tuple(f"{path}{name}" for name in part.columns), part.make)


def _tag(serializer: type[ModelSerializer[Any]]) -> Part:
    if serializer.tag.__func__ is not ModelSerializer.tag.__func__:  # type: ignore[attr-defined]
        raise NotDerivableError
    return Part(("revision", "updated_at"), tag_of_columns)


def _stored(model: type[Any], field: Any) -> Part:
    try:
        column = model._meta.get_field(field.source)
    except FieldDoesNotExist as error:
        raise NotDerivableError from error
    if not column.concrete:
        raise NotDerivableError
    if type(field) in AS_STORED:
        return Part((column.attname,))
    if type(field) in OF_ONE_VALUE:
        return Part((column.attname,), _unless_null(field.to_representation))
    raise NotDerivableError


def _unless_null(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else make(value)


def _object(parts: Mapping[str, Part]) -> Part:
    """Return what makes a JSON object, its keys in this order."""
    columns = tuple(dict.fromkeys(chain.from_iterable(part.columns for part in parts.values())))
    stored = _picker([columns.index(part.columns[0]) for part in parts.values()])
    made = [
        (name, _picker([columns.index(each) for each in part.columns]), part.make)
        for name, part in parts.items()
        if part.make is not as_stored
    ]
    keys = tuple(parts)

    def make(*row: Any) -> dict[str, Any]:
        shown = dict(zip(keys, stored(row), strict=True))  # what is made stands in its place first
        for name, values, make_one in made:
            shown[name] = make_one(*values(row))
        return shown

    return Part(columns, make)


def _picker(places: Sequence[int]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """Return what picks the values at these places."""
    if len(places) == 1:
        place = places[0]
        return lambda row: (row[place],)
    return itemgetter(*places)
