"""Pages that neither loop nor skip, however the rows change and however deep the page."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError as ModelError
from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from typing_extensions import override

from core.metadata import is_storable

DEFAULT_PAGE_SIZE = 100
LARGEST_PAGE_SIZE = 1000
LONGEST_CURSOR = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, and where the next page begins: the last row's sort value and id."""

    rows: list[Any]
    next_cursor: str | None

    def next_url(self, request: Request) -> str | None:
        """Return the absolute address of the next page, asked for in the same words."""
        if self.next_cursor is None:
            return None
        query = [(name, text) for name, texts in request.query_params.lists() for text in texts]
        kept = [(name, text) for name, text in query if name != "cursor"]
        return request.build_absolute_uri("?" + urlencode([*kept, ("cursor", self.next_cursor)]))


class PageSizeField(serializers.IntegerField):
    """How many rows a page holds."""

    def __init__(self) -> None:
        super().__init__(
            default=DEFAULT_PAGE_SIZE,
            min_value=1,
            max_value=LARGEST_PAGE_SIZE,
            help_text=_("How many rows a page holds."),
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

    @override
    def to_internal_value(self, data: Any) -> Any:
        try:
            ordering, value, key = json.loads(urlsafe_b64decode(super().to_internal_value(data)))
        except (ValueError, TypeError, RecursionError):
            self.fail("invalid_cursor")
        texts = all(isinstance(each, str) and is_storable(each) for each in (ordering, value, key))
        if not texts:
            self.fail("invalid_cursor")
        return ordering, value, key


def page_of(rows: QuerySet[Any], asked: Mapping[str, Any]) -> Page:
    """Return the page of `rows` that `asked` names, with its ordering, cursor and page size.

    The rows go by one column and by their id. One row more than the page is read: it tells
    whether there is another page, and nothing is counted. Raises ValidationError for a cursor
    of another list.
    """
    ordering, size = asked["ordering"], asked["page_size"]
    if asked["cursor"] is not None:
        rows = _after(rows, ordering, asked["cursor"])
    found = list(rows.order_by(*_columns(ordering))[: size + 1])
    is_last = len(found) <= size
    page = found[:size]
    return Page(page, None if is_last else _cursor(ordering, page[-1]))


def _columns(ordering: str) -> list[str]:
    sign = "-" if ordering.startswith("-") else ""
    return [ordering] if ordering == f"{sign}id" else [ordering, f"{sign}id"]


def _after(rows: QuerySet[Any], ordering: str, cursor: tuple[str, Any, str]) -> QuerySet[Any]:
    given_ordering, value, key = cursor
    if given_ordering != ordering:
        raise _other_list()
    column = ordering.removeprefix("-")
    try:
        position = (
            rows.model._meta.get_field(column).to_python(value),
            rows.model._meta.pk.to_python(key),
        )
    except (ValueError, ModelError) as error:
        raise _other_list() from error
    follows = TupleLessThan if ordering.startswith("-") else TupleGreaterThan
    return rows.filter(follows((F(column), F("id")), position))


def _other_list() -> serializers.ValidationError:
    message = str(CursorField.default_error_messages["invalid_cursor"])
    return serializers.ValidationError({"cursor": [ErrorDetail(message, "invalid_cursor")]})


def _cursor(ordering: str, row: Any) -> str:
    column = row._meta.get_field(ordering.removeprefix("-"))
    position = [ordering, column.value_to_string(row), str(row.pk)]
    return urlsafe_b64encode(json.dumps(position, separators=(",", ":")).encode()).decode()
