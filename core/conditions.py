"""What can be told of values in memory: whether they are the same, whether a condition holds."""

import json
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db import models
from django.db.models import F, Q, Value

_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "in": lambda value, options: value in options,
    "startswith": lambda value, beginning: str(value).startswith(beginning),
    "range": lambda value, bounds: bounds[0] <= value <= bounds[1],
}


def same_value(one: Any, other: Any) -> bool:
    """Return whether two values are one and the same: in JSON `true` is not `1`."""
    if one and isinstance(one, dict | list) and one == other:
        return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    return bool(one == other)


def holds(condition: Any, row: models.Model) -> bool | None:
    """Return whether a constraint's condition holds for a row.

    None, as SQL's NULL, where a value is missing or only a database can compute it.
    """
    if isinstance(condition, tuple):
        return _compare(row, *condition)
    answers = [holds(child, row) for child in condition.children]
    answer = _any(answers) if condition.connector == Q.OR else _all(answers)
    return not answer if condition.negated and answer is not None else answer


def columns_of(condition: Any) -> Iterator[str]:
    """Yield the columns that a condition names."""
    for child in condition.children if condition is not None else ():
        if isinstance(child, Q):
            yield from columns_of(child)
        else:
            lookup, value = child
            yield lookup.split("__")[0]
            if isinstance(value, F):
                yield value.name  # type: ignore[attr-defined]


def sources_of(condition: Any) -> frozenset[str]:
    """Return all columns on which the answer of `holds` depends."""
    found = set(columns_of(condition))
    waiting = [condition]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Q):
            waiting.extend(each.children)
        elif isinstance(each, tuple):
            waiting.append(each[1])
        elif isinstance(each, F):
            found.add(each.name)  # type: ignore[attr-defined]
        elif hasattr(each, "get_source_expressions"):
            waiting.extend(each.get_source_expressions())
    return frozenset(found)


def column_value(row: models.Model, name: str) -> Any:
    """Return what the database would have in a column."""
    field: Any = row._meta.get_field(name)
    return getattr(row, field.attname)


def evaluate(expression: Any, row: models.Model) -> Any:
    """Return what an expression gives for a row; itself if only a database can tell.

    An expression of ours says what it gives in a method `in_memory(row)`.
    """
    if isinstance(expression, F):
        return column_value(row, expression.name)  # type: ignore[attr-defined]
    if isinstance(expression, Value):
        return expression.value
    if hasattr(expression, "in_memory"):
        return expression.in_memory(row)
    return expression


def _compare(row: models.Model, lookup: str, wanted: Any) -> bool | None:
    name, _, comparison = lookup.partition("__")
    value = column_value(row, name)
    if comparison == "isnull":
        return (value is None) is wanted
    wanted = evaluate(wanted, row)
    if value is None or wanted is None or hasattr(wanted, "resolve_expression"):
        return None
    return _COMPARISONS[comparison or "exact"](value, wanted)


def _any(answers: list[bool | None]) -> bool | None:
    if True in answers:
        return True
    return None if None in answers else False


def _all(answers: list[bool | None]) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True
