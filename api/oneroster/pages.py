"""Which page of a collection is asked for, and what is said of the others."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote, urlencode

from django.http import QueryDict

from api.oneroster.collections import Collection, Field, Kind
from api.oneroster.conditions import EVERYTHING, Condition
from api.oneroster.errors import Refusal, invalid_data
from api.oneroster.filters import read_filter, refused_filter

USUAL_LIMIT = 100
LARGEST_LIMIT = 10_000
LARGEST_OFFSET = 2**31 - 1
_DIGITS = re.compile(r"[0-9]{1,10}")
_OF_A_PAGE = {"limit", "offset"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a collection is asked for."""

    limit: int
    offset: int
    condition: Condition
    order: str
    """The columns, as SQL has them."""
    names: frozenset[str] | None
    """The keys that are to come back; None for all of them."""


def read_page(query: QueryDict, collection: Collection, fields: Mapping[str, Field]) -> Asked:
    """Return what is asked for. Raises Refusal; what is too much is refused, never cut."""
    return Asked(
        limit=_number(query, "limit", USUAL_LIMIT, 1, LARGEST_LIMIT),
        offset=_number(query, "offset", 0, 0, LARGEST_OFFSET),
        condition=_filter(query, fields),
        order=_order(query, fields),
        names=read_names(query, collection),
    )


def read_names(query: QueryDict, collection: Collection) -> frozenset[str] | None:
    """Return the keys that `fields` asks for. An unknown one asks for all. Raises Refusal."""
    if "fields" not in query:
        return None
    names = [name for value in query.getlist("fields") for name in value.split(",")]
    if not all(name.strip() for name in names):
        description = "Name the fields, divided by commas; one of them is blank."
        raise Refusal(HTTPStatus.BAD_REQUEST, "invalid_selection_field", description)
    asked = frozenset(name.strip() for name in names)
    return asked if asked <= collection.names else None


def links(address: str, query: QueryDict, asked: Asked, total: int) -> str:
    """Return the Link header: the pages around this one, under the same parameters.

    Clients divide it at commas, so that none stands inside of an address.
    """
    kept = [(name, each) for name, values in query.lists() for each in values]
    kept = [(name, each) for name, each in kept if name not in _OF_A_PAGE]
    path = quote(address, safe="/:%[]")
    limit = asked.limit
    last = max(0, total - 1) // limit * limit
    offsets = {"first": 0}
    if asked.offset > 0:
        offsets["prev"] = max(0, min(asked.offset - limit, last))
    if asked.offset + limit < total:
        offsets["next"] = asked.offset + limit
    offsets["last"] = last
    return ", ".join(
        f'<{path}?{urlencode([*kept, ("limit", limit), ("offset", offset)])}>; rel="{name}"'
        for name, offset in offsets.items()
    )


def _number(query: QueryDict, name: str, usual: int, least: int, most: int) -> int:
    if name not in query:
        return usual
    values = query.getlist(name)
    if len(values) != 1 or not _DIGITS.fullmatch(values[0]) or not least <= int(values[0]) <= most:
        message = f"The {name} is a whole number from {least} to {most}."
        raise invalid_data(message)
    return int(values[0])


def _filter(query: QueryDict, fields: Mapping[str, Field]) -> Condition:
    given = query.getlist("filter")
    if len(given) > 1:
        raise refused_filter("There are two filters; join them by AND or OR.")
    return read_filter(given[0], fields) if given else EVERYTHING


def _order(query: QueryDict, fields: Mapping[str, Field]) -> str:
    """Return the order: by an id at last, so that no page loses or repeats a row."""
    direction = query.get("orderBy", "asc")
    if direction not in {"asc", "desc"}:
        raise invalid_data("The order is asc or desc.")
    field = fields.get(query.get("sort", ""))
    if field is None or field.kind is Kind.LIST:
        return "sourced_id, id"
    column = field.column
    return f"({column} = ''), {column} {direction}, sourced_id, id"
