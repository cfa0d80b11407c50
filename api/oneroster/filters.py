"""The language of `filter`: read into conditions.

    filter     = all *( " OR " all )
    all        = one *( " AND " one )
    one        = "(" filter ")" / field operator value
    operator   = "=" / "!=" / ">" / ">=" / "<" / "<=" / "~"
    value      = "'" characters "'" / number        ; a quote is doubled

The standard knows two predicates at most, quoted values and no parentheses. Up to MOST_PREDICATES,
AND before OR, parentheses and plain numbers are ours.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus

from api.oneroster.collections import Field, Kind
from api.oneroster.conditions import Condition, compares, contains, every, some
from api.oneroster.errors import Refusal
from core.metadata import is_storable
from scheduling.models import RosterSession
from scheduling.oneroster import wire_time

MOST_PREDICATES = 10

_FIELD = re.compile(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)*", re.ASCII)
_OPERATOR = re.compile(r"!=|>=|<=|[=<>~]")
_QUOTED = re.compile(r"'((?:[^']|'')*)'")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_WORDS = {word: re.compile(f" +{word} +") for word in ("AND", "OR")}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ](?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.(?P<part>[0-9]{1,9}))?"
    r"(?P<zone>Z|[-+ ][0-9]{2}:?[0-9]{2})?)?"
)
_SQL = {"=": "=", "!=": "<>", ">": ">", ">=": ">=", "<": "<", "<=": "<="}


def read_filter(text: str, fields: Mapping[str, Field]) -> Condition:
    """Return what a filter asks for. Raises Refusal, which says what is wrong and where."""
    return _Reader(text, fields).read()


def refused_filter(description: str) -> Refusal:
    """Return the refusal of a filter."""
    return Refusal(HTTPStatus.BAD_REQUEST, "invalid_filter_field", description)


class _Reader:
    """Reads one filter from left to right."""

    def __init__(self, text: str, fields: Mapping[str, Field]) -> None:
        self._text = text
        self._fields = fields
        self._at = 0
        self._predicates = 0
        self._depth = 0

    def read(self) -> Condition:
        """Return the condition, which is all of the text."""
        if not is_storable(self._text):
            raise refused_filter("The filter has characters that no text can have.")
        condition = self._any()
        if self._at < len(self._text):
            raise self._refusal("expected ' AND ', ' OR ' or the end")
        return condition

    def _any(self) -> Condition:
        return self._joined("OR", self._all, some)

    def _all(self) -> Condition:
        return self._joined("AND", self._one, every)

    def _joined(
        self,
        word: str,
        part: Callable[[], Condition],
        join: Callable[[list[Condition]], Condition],
    ) -> Condition:
        parts = [part()]
        while self._take(_WORDS[word]):
            parts.append(part())
        return join(parts)

    def _one(self) -> Condition:
        if self._text[self._at : self._at + 1] != "(":
            return self._predicate()
        self._at += 1
        self._depth += 1
        if self._depth > MOST_PREDICATES:
            raise self._refusal("there are too many parentheses")
        condition = self._any()
        if self._text[self._at : self._at + 1] != ")":
            raise self._refusal("expected ' AND ', ' OR ' or ')'")
        self._at += 1
        self._depth -= 1
        return condition

    def _predicate(self) -> Condition:
        self._predicates += 1
        if self._predicates > MOST_PREDICATES:
            raise self._refusal(f"there are more than {MOST_PREDICATES} comparisons")
        start = self._at
        name = self._expect(_FIELD, "the name of a field")
        field = self._fields.get(name)
        if field is None:
            raise self._refusal(f"there is no field {name!r} to filter by", start)
        operator_at = self._at
        operator = self._expect(_OPERATOR, "one of = != > >= < <= ~")
        if field.kind is Kind.LIST and operator not in {"=", "!=", "~"}:
            raise self._refusal("a list is compared by = != or ~", operator_at)
        value_at = self._at
        value = self._value()
        try:
            return _condition(field, operator, value)
        except ValueError as error:
            raise self._refusal(str(error), value_at) from error

    def _value(self) -> str:
        quoted = _QUOTED.match(self._text, self._at)
        if quoted is not None:
            self._at = quoted.end()
            return quoted[1].replace("''", "'")
        if self._text[self._at : self._at + 1] == "'":
            raise self._refusal("the value has no closing quote")
        return self._expect(_NUMBER, "a value in single quotes")

    def _expect(self, pattern: re.Pattern[str], wanted: str) -> str:
        found = self._take(pattern)
        if found is None:
            raise self._refusal(f"expected {wanted}")
        return found

    def _take(self, pattern: re.Pattern[str]) -> str | None:
        found = pattern.match(self._text, self._at)
        if found is None:
            return None
        self._at = found.end()
        return found[0]

    def _refusal(self, problem: str, at: int | None = None) -> Refusal:
        position = 1 + (self._at if at is None else at)
        return refused_filter(f"The filter cannot be read at character {position}: {problem}.")


def _condition(field: Field, operator: str, value: str) -> Condition:
    """Return one comparison. Raises ValueError if the field cannot have the value."""
    if field.kind is Kind.LIST:
        return _list_condition(field.column, operator, value)
    column = field.key or field.column
    if field.kind is Kind.CASELESS:
        value = value.casefold()
    if operator == "~":
        return contains(column, value)
    if field.kind is Kind.DATE:
        value = _date(value)
    elif field.kind is Kind.MOMENT:
        value = _moment(value)
    return compares(column, _SQL[operator], value)


def _list_condition(column: str, operator: str, value: str) -> Condition:
    """Compare a list as a whole, its elements divided by commas; `~` asks for one of them."""
    mark = RosterSession.SEPARATOR
    if operator == "~":
        return contains(column, f"{mark}{value}{mark}")
    whole = f"{mark}{value.replace(',', mark)}{mark}" if value else ""
    return compares(column, _SQL[operator], whole)


def _date(value: str) -> str:
    if not _DATE.fullmatch(value):
        message = "write a date as YYYY-MM-DD"
        raise ValueError(message)
    try:
        return dt.date.fromisoformat(value).isoformat()
    except ValueError as error:
        message = "there is no such date"
        raise ValueError(message) from error


def _moment(value: str) -> str:
    """Return a moment as it is sent. A date is its midnight in UTC, as is a time without a zone.

    In an address, a `+` that is not escaped is a space.
    """
    found = _MOMENT.fullmatch(value)
    if found is None:
        message = "write a time as YYYY-MM-DDTHH:MM:SS.sssZ"
        raise ValueError(message)
    part = (found["part"] or "").ljust(6, "0")[:6]
    zone = (found["zone"] or "Z").replace(" ", "+")
    try:
        moment = dt.datetime.fromisoformat(f"{found['date']}T{found['time'] or '00:00'}{zone}")
        return wire_time(moment.replace(microsecond=int(part)))
    except (OverflowError, ValueError) as error:
        message = "there is no such time"
        raise ValueError(message) from error
