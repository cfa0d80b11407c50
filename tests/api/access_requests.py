"""A request for every operation of the API, about any place, that goes through if it is allowed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.db import connection, transaction
from rest_framework.test import APIClient

from api.serializers.fields import RowKeyField
from api.urls import RESOURCES
from api.viewsets.schema import document
from tests.api.access_bodies import ADDRESSED, NAMED, body, resource_of
from tests.api.access_world import Place

METHODS = {"get", "post", "put", "patch", "delete"}
ABOUT_THE_REQUEST = {"X-Request-Id", "RateLimit", "RateLimit-Policy"}

IN_USE = 409
SUCCESSES = {"deleteDistrict": IN_USE}
"""What those get who are allowed to, if not the success that the document tells: a district that
still has schools cannot go, and those that are there are what the table is about."""


@dataclass(frozen=True)
class Answer:
    """What came back, and which statements the database was sent for it."""

    status: int
    headers: dict[str, str]
    text: str
    statements: list[str]

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def writes(self) -> list[str]:
        return [each for each in self.statements if not each.startswith("SELECT")]

    def told(self, names: dict[str, str]) -> tuple[Any, ...]:
        """Return everything by which two answers can differ, with other names for rows in it."""
        headers = {
            name: _renamed(value, names)
            for name, value in self.headers.items()
            if name not in ABOUT_THE_REQUEST
        }
        return self.status, headers, _renamed(self.text, names), self.statements


@dataclass(frozen=True)
class Call:
    """A request that anybody may send."""

    method: str
    path: str
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None

    def elsewhere(self, names: dict[str, str]) -> "Call":
        """Return the same request with other names for rows."""
        said = json.dumps([self.path, self.query, self.body])
        path, query, body = json.loads(_renamed(said, names))
        return replace(self, path=path, query=query, body=body)

    def sent(self, client: APIClient, **headers: str) -> Answer:
        """Send it, and take back what it wrote."""
        url = f"{self.path}?{urlencode(self.query, doseq=True)}" if self.query else self.path
        body = "" if self.body is None else json.dumps(self.body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with _recorded() as statements, undone():
            response = client.generic(
                self.method, url, body, content_type="application/json", headers=named
            )
        text = response.content.decode(errors="replace")  # not every file is text
        return Answer(response.status_code, dict(response.items()), text, statements)


def _renamed(text: str, names: dict[str, str]) -> str:
    for name, other in names.items():
        text = text.replace(name, other)
    return text


@cache
def operations() -> dict[str, tuple[str, str, Any]]:
    """Return every operation as the API is now, by its id: its method, its path and the rest."""
    return {
        operation["operationId"]: (method, path, operation)
        for path, item in document()["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def success(name: str) -> int:
    """Return the status of an operation that is allowed."""
    told = operations()[name][2]["responses"]
    return SUCCESSES.get(name) or min(int(each) for each in told if each.startswith("2"))


def call(name: str, place: Place) -> Call:
    """Return a request for an operation that is right in every way, if it is allowed."""
    method, path, operation = operations()[name]
    values = {
        "id": place[addressed(path)],
        "sourced_id": "new",
        "delivery": place["delivery"],
        "school": place["school"],
        "district": place["district"],
        "date": "2026-11-23",
        "from": "2026-11-23",
        "to": "2026-11-24",
    }
    needed = [each for each in operation["parameters"] if each.get("required")]
    query = {each["name"]: values[each["name"]] for each in needed if each["in"] == "query"}
    return Call(method.upper(), path.format(**values), query, body(name, method, path, place))


def addressed(path: str) -> str:
    """Return the row whose id is in a path."""
    return "feed token" if "/feed-tokens/" in path else ADDRESSED[resource_of(path)]


# Bodies, filters and lists that name rows


def keys_of_bodies() -> list[tuple[str, str]]:
    """Return the operations whose body names a row, each with the field that does."""
    return [
        (f"{verb}{viewset.serializer_class.Meta.model.__name__}", field.field_name)
        for viewset in RESOURCES.values()
        for field in viewset.serializer_class()._writable_fields
        if isinstance(field, RowKeyField)
        for verb in ("create", "replace", "update")
    ]


def naming(name: str, key: str, place: Place, other: Place) -> Call:
    """Return a request in which all is of one place, but for what one field names."""
    asked = call(name, place)
    return replace(asked, body={**asked.body, key: other[NAMED[key]]})


def keys_of_filters() -> list[tuple[str, str]]:
    """Return the lists that can be asked for what belongs to a row, each with that filter."""
    return [
        (f"list{_camel(resource)}", key)
        for resource, viewset in RESOURCES.items()
        for key in viewset.filterset_class.base_filters
        if key in NAMED
    ]


def filtered(name: str, key: str, place: Place) -> Call:
    """Return a request for a list of what belongs to a row of a place."""
    return Call("GET", operations()[name][1], {key: place[NAMED[key]]})


def listed(name: str, place: Place) -> str:
    """Return the id of a row of a place that is in a list."""
    return place[ADDRESSED[resource_of(operations()[name][1])]]


def with_parents(name: str) -> Call:
    """Return a request for a list with all that it can show along."""
    path = operations()[name][1]
    return Call("GET", path, {"expand": list(_viewset(path).serializer_class.EXPANDABLE)})


def questions(name: str, sees_all: APIClient) -> Iterator[Call]:
    """Yield requests for a list in every order, also from where somebody else has stopped."""
    path = operations()[name][1]
    yield Call("GET", path, {"search": "e"})
    for column in _viewset(path).ordering_fields:
        for ordering in (column, f"-{column}"):
            asked = Call("GET", path, {"ordering": ordering})
            page = replace(asked, query={**asked.query, "page_size": "1"}).sent(sees_all)
            [cursor] = parse_qs(urlsplit(page.json["next"]).query)["cursor"]
            yield replace(asked, query={**asked.query, "cursor": cursor})


def _viewset(path: str) -> Any:
    return RESOURCES[resource_of(path)]


def _camel(resource: str) -> str:
    return "".join(word.capitalize() for word in resource.split("-"))


# What is sent leaves nothing behind


@contextmanager
def _recorded() -> Iterator[list[str]]:
    """Record the statements that read or write rows, without their values."""
    statements: list[str] = []

    def record(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record):
        yield statements


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever is written inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
