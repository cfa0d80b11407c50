"""Pages that neither loop nor skip, however the rows change and however deep the page."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import Any
from urllib.parse import urlencode

from django.core.signing import BadSignature, Signer
from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import (
    TupleGreaterThan,
    TupleLessThan,
    TupleLookupMixin,
)
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from typing_extensions import override

from api.serializers.fields import QueryNumberField

DEFAULT_PAGE_SIZE = 100
LARGEST_PAGE_SIZE = 1000
LONGEST_CURSOR = 1000
CHANGEABLE = {"cursor", "page_size", "expand"}
"""What may be asked otherwise from one page to the next."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, and where the next page begins: after the last row."""

    rows: list[Any]
    next_cursor: str | None

    def next_url(self, request: Request) -> str | None:
        """Return the absolute address of the next page, asked for in the same words."""
        if self.next_cursor is None:
            return None
        query = [(name, text) for name, texts in request.query_params.lists() for text in texts]
        kept = [(name, text) for name, text in query if name != "cursor"]
        return request.build_absolute_uri("?" + urlencode([*kept, ("cursor", self.next_cursor)]))


class PageSizeField(QueryNumberField):
    """How many rows a page holds."""

    def __init__(self) -> None:
        super().__init__(
            1,
            LARGEST_PAGE_SIZE,
            default=DEFAULT_PAGE_SIZE,
            help_text=_("How many rows a page holds; 100 if left out."),
        )


class CursorField(serializers.CharField):
    """Where a page begins: only what an earlier page gave as `next` makes sense."""

    default_error_messages = {
        "invalid_cursor": _("This is not a page of this list; begin with the first one."),
    }

    def __init__(self) -> None:
        super().__init__(
            default=None,
            max_length=LONGEST_CURSOR,
            help_text=_("Where the page begins: follow `next`, and do not make one up."),
        )


def page_of(
    rows: QuerySet[Any], asked: Mapping[str, Any], columns: Sequence[str] | None = None
) -> Page:
    """Return the page of `rows` that `asked` names, with its ordering, cursor and page size.

    With `columns`, each row is a tuple that begins with them. The rows go by one column and by
    their id. One row more than the page is read: it tells whether there is another page, and
    nothing is counted. Raises ValidationError for a cursor that no page of this list gave, or one
    with other filters or in another order.
    """
    ordering, size = asked["ordering"], asked["page_size"]
    seal = _seal(rows.model, asked)
    if asked["cursor"] is not None:
        rows = _after(rows, ordering, _opened(asked["cursor"], seal))
    rows = rows.order_by(*_columns(ordering))
    place = (ordering.removeprefix("-"), "id")
    place_of: Callable[[Any], tuple[Any, Any]] = attrgetter(*place)
    if columns is not None:
        names = [*dict.fromkeys((*columns, *place))]
        rows = rows.values_list(*names)
        place_of = itemgetter(names.index(place[0]), names.index(place[1]))
    found = list(rows[: size + 1])
    page = found[:size]
    is_last = len(found) <= size
    cursor = None if is_last else _cursor(rows.model, place[0], place_of(page[-1]), seal)
    return Page(page, cursor)


def _columns(ordering: str) -> list[str]:
    sign = "-" if ordering.startswith("-") else ""
    return [ordering] if ordering == f"{sign}id" else [ordering, f"{sign}id"]


def _after(rows: QuerySet[Any], ordering: str, position: tuple[str, str]) -> QuerySet[Any]:
    """Return the rows behind a position: one comparison, at which an index can be entered."""
    columns = (ordering.removeprefix("-"), "id")
    fields = (rows.model._meta.get_field(column) for column in columns)
    values = tuple(field.to_python(text) for field, text in zip(fields, position, strict=True))
    is_backwards = ordering.startswith("-")
    if columns[0] == "id":
        return rows.filter(**{"id__lt" if is_backwards else "id__gt": values[1]})
    follows = _Before if is_backwards else _Behind
    return rows.filter(follows(tuple(F(column) for column in columns), values))


class _RowComparison(TupleLookupMixin):
    """Compares rows of values on SQLite, too: an OR, as Django writes it there, sorts the rest."""

    @override
    def get_fallback_sql(self, compiler: Any, connection: Any) -> Any:
        """Return what a database writes that compares rows of values."""
        return super(TupleLookupMixin, self).as_sql(compiler, connection)  # type: ignore[misc]


class _Before(_RowComparison, TupleLessThan):
    pass


class _Behind(_RowComparison, TupleGreaterThan):
    pass


def _seal(model: type[Any], asked: Mapping[str, Any]) -> Signer:
    """Return what signs the cursors of one list, with these filters and in this order."""
    kept = {name: value for name, value in asked.items() if name not in CHANGEABLE}
    return Signer(salt=f"{model._meta.label} {sorted(kept.items())}", sep=".")


def _cursor(model: type[Any], column: str, place: tuple[Any, Any], seal: Signer) -> str:
    value, key = place
    text = model._meta.get_field(column).value_to_string(model(**{column: value}))
    position = json.dumps([text, str(key)], ensure_ascii=False)
    return seal.sign(urlsafe_b64encode(position.encode()).decode())


def _opened(cursor: str, seal: Signer) -> tuple[str, str]:
    try:
        value, key = json.loads(urlsafe_b64decode(seal.unsign(cursor)))
    except BadSignature as error:
        message = str(CursorField.default_error_messages["invalid_cursor"])
        fault = ErrorDetail(message, "invalid_cursor")
        raise serializers.ValidationError({"cursor": [fault]}) from error
    return value, key
