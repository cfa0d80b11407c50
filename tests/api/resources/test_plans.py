"""Pages begin where their index does, however many rows come before them."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from scheduling.models import District
from tests.api.resources.kinds import Kind, every_kind

pytestmark = pytest.mark.django_db

EXPLAIN = {"postgresql": "EXPLAIN ", "sqlite": "EXPLAIN QUERY PLAN "}
POSTGRESQL_HAS_MANY_ROWS = "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off"


def indexed(model: type[Any]) -> dict[str, str]:
    """Return the columns by which rows are found in order, and the index of each."""
    found = {index.fields[0]: index.name for index in model._meta.indexes if is_order(index)}
    return {"id": "", **found}  # whichever begins with it


def is_order(index: Any) -> bool:
    return len(index.fields) == 2 and index.fields[1] == "id"


def plan_of_list(client: Any, model: type[Any], url: str) -> str:
    """Return how the database finds the rows of a page."""
    table, asked = model._meta.db_table, []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if f'FROM "{table}"' in sql:
            asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert client.get(url).status_code == 200
    ((sql, params),) = asked
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_HAS_MANY_ROWS)
        cursor.execute(EXPLAIN[connection.vendor] + sql, params)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


@every_kind
def test_every_list_goes_by_an_index_unless_asked_and_by_change(kind: Kind) -> None:
    known = indexed(kind.model).keys()
    assert kind.orderings[0] in known
    assert "updated_at" in known or kind.model is District


@every_kind
def test_a_page_is_read_from_its_first_row_on(superuser, maple, kind: Kind) -> None:
    kind.many(maple, 3)
    for ordering in kind.orderings:
        index = indexed(kind.model).get(ordering.removeprefix("-"))
        if index is None:
            continue
        first = f"{kind.url}?ordering={ordering}&page_size=1"
        following = urlsplit(superuser.get(first).json()["next"])
        plan = plan_of_list(superuser, kind.model, f"{following.path}?{following.query}")
        assert index in plan, plan
        assert begins_there(plan, ordering), plan
        assert "sort" not in plan.lower(), plan
        assert "temp b-tree" not in plan.lower(), plan


def begins_there(plan: str, ordering: str) -> bool:
    """Return whether the place is where the index is entered, and not a filter of its rows."""
    column, sign = ordering.removeprefix("-"), "<" if ordering.startswith("-") else ">"
    if connection.vendor == "postgresql":
        start = f"(id {sign}" if column == "id" else f"(ROW({column}, id) {sign} ROW("
        return f"Index Cond: {start}" in plan.replace("(name)::text", "name")
    start = f"(id{sign}?" if column == "id" else f"(({column},id){sign}(?,?)"
    return start in plan
