"""Conditions in SQL: a text of ours, and the values of others beside it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Condition:
    """What rows meet: `sql` has a placeholder for each of the values."""

    sql: str
    values: tuple[object, ...] = ()


EVERYTHING = Condition("1 = 1")
NOTHING = Condition("1 = 0")


def every(conditions: Iterable[Condition]) -> Condition:
    """Return what holds where all of them hold."""
    return _joined(" AND ", [each for each in conditions if each != EVERYTHING], EVERYTHING)


def some(conditions: Iterable[Condition]) -> Condition:
    """Return what holds where one of them holds."""
    return _joined(" OR ", list(conditions), NOTHING)


def compares(column: str, operator: str, value: object) -> Condition:
    """Return the comparison of a column with a value, by code points."""
    return Condition(f"{column} {operator} %s", (value,))


def among(column: str, values: Iterable[object]) -> Condition:
    """Return whether a column holds one of the values."""
    given = tuple(values)
    if not given:
        return NOTHING
    return Condition(f"{column} IN ({', '.join(['%s'] * len(given))})", given)


def contains(column: str, value: str) -> Condition:
    """Return whether a column holds a text, letter by letter."""
    function = "strpos" if connection.vendor == "postgresql" else "instr"
    return Condition(f"{function}({column}, %s) > 0", (value,))


def _joined(word: str, conditions: list[Condition], empty: Condition) -> Condition:
    if len(conditions) <= 1:
        return conditions[0] if conditions else empty
    sql = word.join(f"({each.sql})" for each in conditions)
    return Condition(sql, tuple(value for each in conditions for value in each.values))
