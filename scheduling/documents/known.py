"""What many rows have shown of a few values, so that the rest need not ask again."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import CheckConstraint, ForeignKey

from core.conditions import columns_of, holds, sources_of


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """A CHECK constraint, the columns that it names, and the attributes that it depends on."""

    constraint: CheckConstraint
    named: frozenset[str]
    sources: tuple[str, ...]


@cache
def checks(model: Any) -> tuple[Check, ...]:
    """Return the CHECK constraints of a model."""
    found = (each for each in model._meta.constraints if isinstance(each, CheckConstraint))
    return tuple(
        Check(
            each,
            frozenset(columns_of(each.condition)),
            tuple(attname(model, name) for name in sorted(sources_of(each.condition))),
        )
        for each in found
    )


def attname(model: Any, name: str) -> str:
    """Return the attribute that holds what the database has in a column."""
    return str(model._meta.get_field(name).attname)


@cache
def foreign_keys(model: Any) -> frozenset[str]:
    """Return the columns that name another row."""
    fields = model._meta.concrete_fields
    return frozenset(field.name for field in fields if isinstance(field, ForeignKey))


@cache
def own_columns(model: Any) -> tuple[str, ...]:
    """Return the columns that hold values of their own."""
    fields = model._meta.concrete_fields
    return tuple(field.name for field in fields if not isinstance(field, ForeignKey))


class Known:
    """What fields and CHECK constraints have said of values: they say the same of each row.

    In a school of a thousand bell schedules there are few lengths, names and times of a period.
    """

    def __init__(self) -> None:
        self._sound: set[tuple[Any, ...]] = set()
        self._passed: dict[tuple[Any, ...], bool] = {}

    def unsound(self, row: Any) -> dict[str, tuple[Any, ...]]:
        """Return the columns whose values no row has shown to be sound."""
        model = row._meta.model
        keys = {name: _value_key(model, name, getattr(row, name)) for name in own_columns(model)}
        return {name: key for name, key in keys.items() if key not in self._sound}

    def learn(self, row: Any, keys: Mapping[str, tuple[Any, ...]]) -> None:
        """Note that a row's fields took these values for sound, and kept them as they are."""
        model = row._meta.model
        for name, key in keys.items():
            if key[-1] is not _UNHASHABLE and key == _value_key(model, name, getattr(row, name)):
                self._sound.add(key)

    def passes(self, check: Check, row: Any) -> bool:
        """Return whether a constraint does not refuse a row."""
        key = (check, *(getattr(row, name) for name in check.sources))
        if not all(isinstance(value, Hashable) for value in key):
            return holds(check.constraint.condition, row) is not False
        if key not in self._passed:
            self._passed[key] = holds(check.constraint.condition, row) is not False
        return self._passed[key]


_UNHASHABLE = object()


def _value_key(model: Any, name: str, value: Any) -> tuple[Any, ...]:
    """Return what names a value: `True` is not `1`, and of JSON the empty one alone is named."""
    kind = type(value)
    if kind is dict or kind is list:
        return (model, name, kind, _UNHASHABLE if value else None)
    return (model, name, kind, value)
