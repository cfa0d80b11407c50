"""Instants of PostgreSQL are read quickly, and as psycopg reads them."""

import datetime as dt

import pytest
from django.db import connection
from psycopg import DataError
from psycopg.pq import Format
from psycopg.types.datetime import TimestamptzLoader

from core.instants import InstantLoader

TIMESTAMPTZ = 1184

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps text")


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23 15:45:00+00",
        "2026-11-23 15:45:00.1+00",
        "2026-11-23 15:45:00.12+00",
        "2026-11-23 15:45:00.000001+00",
        "2026-11-23 15:45:00.123456+00",
        "0001-01-01 00:00:00+00",
        "9999-12-31 23:59:59.999999+00",
    ],
)
def test_an_instant_is_read_as_psycopg_reads_it(text: str) -> None:
    written = text.encode()
    read = InstantLoader(TIMESTAMPTZ).load(written)
    assert read == TimestamptzLoader(TIMESTAMPTZ).load(written)
    assert read.tzinfo is dt.UTC
    assert InstantLoader(TIMESTAMPTZ).load(memoryview(written)) == read


@pytest.mark.parametrize("text", ["infinity", "-infinity", "0044-03-15 12:00:00+00 BC"])
def test_what_python_has_no_instant_for_is_refused_as_ever(text: str) -> None:
    with pytest.raises(DataError):
        InstantLoader(TIMESTAMPTZ).load(text.encode())


@on_postgresql
@pytest.mark.django_db
def test_a_connection_reads_so() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT timestamptz '2026-11-23 09:45:00.5-06'")
        ((read,),) = cursor.fetchall()
        loader = cursor.connection.adapters.get_loader(TIMESTAMPTZ, Format.TEXT)
    assert read == dt.datetime(2026, 11, 23, 15, 45, 0, 500_000, dt.UTC)
    assert loader is InstantLoader
