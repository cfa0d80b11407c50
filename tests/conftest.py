"""Fixtures for every test: two of them watch that no write escapes the revision."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import connection

from core.constraints import copied_columns
from core.models.abstracts import TrackedModel
from core.revision import open_revisions
from scheduling.models import (
    AcademicYear,
    District,
    Quarter,
    RosterOrg,
    RosterSession,
    School,
    Term,
)

WRITE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)


def tracked_models() -> list[type[TrackedModel]]:
    return [model for model in apps.get_models() if issubclass(model, TrackedModel)]


# They walk through the same code thousands of times; other tests have measured it.
UNMEASURED = (
    "tests.api.refusals",
    "tests.api.test_access",
    "tests.api.test_as_of_walk",
    "tests.api.test_people",
    "tests.proofs",
    "tests.scheduling.calendar.test_properties",
    "tests.scheduling.documents.test_properties",
    "tests.scheduling.documents.test_random_batches",
    "tests.scheduling.documents.test_real_schools",
    "tests.scheduling.edfi.test_real_schools",
    "tests.scheduling.models.test_database_rules",
    "tests.scheduling.models.test_odd_values",
    "tests.scheduling.models.test_races",
    "tests.scheduling.test_demo",
    "tests.scheduling.test_write_sequences",
    "tests.test_migrations",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.module.__name__.startswith(UNMEASURED):
            item.add_marker(pytest.mark.no_cover)
        if item.get_closest_marker("django_db"):
            item.fixturenames += ["guard", "drift"]  # a marker would come too late


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Let the last connection to a database be closed in order: then SQLite tidies up beside it.

    A service that a test has ended leaves its files of the write-ahead log.
    """
    if connection.vendor == "postgresql":
        connection.ops.sql_flush = _emptied
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.ensure_connection()
        connection.close()


def _emptied(style: Any, tables: Any, **_options: bool) -> list[str]:
    """Delete from tables that have rows: to truncate all, with new files for each, takes seconds.

    In one statement, at the end of which foreign keys are asked, the order does not matter.
    """
    named = [connection.ops.quote_name(table) for table in tables]
    rows = " UNION ALL ".join(
        f"SELECT {number} WHERE EXISTS (SELECT FROM {name})" for number, name in enumerate(named)
    )
    with connection.cursor() as cursor:
        cursor.execute(rows)
        full = [named[number] for (number,) in cursor.fetchall()]
    deletions = ", ".join(f"of_{i} AS (DELETE FROM {name})" for i, name in enumerate(full))
    return [f"WITH {deletions} SELECT"] if full else []


@pytest.fixture
def guard(db) -> Iterator[set[str]]:
    """Refuse to write a calendar table while no revision is open; yield the tables written."""
    written: set[str] = set()
    tables = {model._meta.db_table for model in tracked_models()}
    tables |= {model.history.model._meta.db_table for model in tracked_models()}

    def refuse_escapes(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        write = WRITE.match(sql)
        if write and write[1] in tables:
            written.add(write[1])
            if open_revisions() is None:
                pytest.fail(f"Written outside revise(): {sql[:200]}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse_escapes):
        yield written


@pytest.fixture
def drift(request, guard) -> Iterator[None]:
    """After the test, require that rows and newest history rows are equal."""
    yield
    threads_wrote = request.node.get_closest_marker("django_db").kwargs.get("transaction")
    for model in tracked_models():
        tables = {model._meta.db_table, model.history.model._meta.db_table}
        if not threads_wrote and guard.isdisjoint(tables):
            continue
        assert _history(model) == _rows(model), f"{model.__name__} differs from its history"
        if model in TOLD:
            assert _told(model) == _present(model), f"{model.__name__} differs from the roster"


TOLD: dict[Any, Any] = {
    District: RosterOrg,
    School: RosterOrg,
    AcademicYear: RosterSession,
    Term: RosterSession,
    Quarter: RosterSession,
}
"""What is in rosters, and where."""
TYPES = dict(zip(TOLD, [*RosterOrg.TYPES, *RosterSession.TYPES], strict=True))


def _told(model: Any) -> list[Any]:
    """Return which rows of a model a roster says are there."""
    records = TOLD[model].objects.filter(type=TYPES[model], status="active")
    return sorted(records.values_list("row_id", flat=True))


def _present(model: Any) -> list[Any]:
    return sorted(model.objects.order_by().values_list("pk", flat=True))


@cache
def _compared(model: type[TrackedModel]) -> list[str]:
    """Leave out the copies: the database itself carries a parent's change over to them."""
    copied = copied_columns(model) - {"school"}
    fields = model.history.model.tracked_fields
    return [field.attname for field in fields if field.name not in copied]


def _rows(model: type[TrackedModel]) -> dict[Any, tuple[Any, ...]]:
    rows = model.objects.order_by().values_list("id", *_compared(model))
    return {row[0]: _spelled(row) for row in rows}


def _history(model: type[TrackedModel]) -> dict[Any, tuple[Any, ...]]:
    newest: dict[Any, tuple[Any, ...]] = {}
    rows = model.history.model.objects.order_by("revision", "history_id")
    for row in rows.values_list("history_type", "id", *_compared(model)):
        newest[row[1]] = row
    return {pk: _spelled(row[1:]) for pk, row in newest.items() if row[0] != "-"}


def _spelled(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Spell JSON out: in Python, but not there, `true` equals `1`."""
    return tuple(json.dumps(v, sort_keys=True) if isinstance(v, dict | list) else v for v in row)


def codes(error: ValidationError) -> dict[str, set[str]]:
    """Return the codes of a refusal by field; "" is the whole row."""
    return {
        "" if field == NON_FIELD_ERRORS else field: {each.code for each in errors}
        for field, errors in error.error_dict.items()
    }
