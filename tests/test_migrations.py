from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction


@pytest.mark.django_db
def test_no_model_changes_without_a_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.fixture
def copied_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Copy the migrated SQLite database into memory."""
    settings = {**connections.settings["default"], "NAME": ":memory:", "OPTIONS": {}}
    connections.settings["copy"] = settings
    with django_db_blocker.unblock():
        for each in (connection, connections["copy"]):
            each.ensure_connection()
        connection.connection.backup(connections["copy"].connection)
        yield "copy"
        connections["copy"].close()
    del connections["copy"]
    del connections.settings["copy"]


def things_in(database: str) -> set[str]:
    """Return the names of the tables, indexes and triggers, and of the apps migrated."""
    with connections[database].cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master UNION SELECT app FROM django_migrations")
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="copies SQLite")
def test_migrations_go_back_to_nothing_on_sqlite(copied_database: str) -> None:
    before = things_in(copied_database)

    options = {"database": copied_database, "verbosity": 0, "stdout": StringIO()}
    call_command("migrate", "scheduling", "zero", **options)

    gone = before - things_in(copied_database)
    assert {"scheduling", "scheduling_quarter", "quarter_no_overlap_on_update"} <= gone
    left = things_in(copied_database)
    assert not [name for name in left if "scheduling" in name or "_no_overlap" in name]


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="undone with the transaction")
def test_migrations_go_back_to_nothing_on_postgresql() -> None:
    with transaction.atomic():
        call_command("migrate", "scheduling", "zero", verbosity=0, stdout=StringIO())
        tables = connection.introspection.table_names()
        with connection.cursor() as cursor:
            cursor.execute("SELECT typname FROM pg_type WHERE typname LIKE 'schoolday_%%'")
            types = cursor.fetchall()
        transaction.set_rollback(True)

    assert not [name for name in tables if name.startswith("scheduling_")]
    assert not types
