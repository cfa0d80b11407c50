"""Databases of the benchmark's own, on the PostgreSQL server of DATABASE_URL or of this machine."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from bench.processes import MissingError

PREFIX = "schoolday_bench_"
LOCAL = "postgres://postgres@127.0.0.1:5432/postgres"
BACKENDS = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"


def server_url() -> str:
    """Return the URL of the server's database that one connects to first."""
    given = os.environ.get("DATABASE_URL", "")
    return given.replace("postgis:", "postgres:") if given.startswith("postg") else LOCAL


@contextmanager
def database(name: str) -> Iterator[str]:
    """Create a database, yield its URL, and drop it."""
    full = f"{PREFIX}{os.getpid()}_{name}"
    with _connected(server_url()) as server:
        _drop_leftovers(server)
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(full)))
        try:
            yield f"{server_url().rpartition('/')[0]}/{full}"
        finally:
            _drop(server, full)


def backends(url: str) -> list[int]:
    """Return the server processes that work for a database. Raises MissingError if it is far."""
    with _connected(server_url()) as server:
        found = [row[0] for row in server.execute(BACKENDS, (url.rpartition("/")[2],))]
    if any("postgres" not in _name_of(pid) for pid in found):
        message = "PostgreSQL must run on this machine: its processes' CPU is measured."
        raise MissingError(message)
    return found


def _connected(url: str) -> psycopg.Connection[Any]:
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        message = f"The benchmark needs PostgreSQL; see .ci/run for how to set it up. {error}"
        raise MissingError(message) from error


def _drop_leftovers(server: psycopg.Connection[Any]) -> None:
    """Drop what a benchmark left that was killed."""
    names = server.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (PREFIX,)
    )
    for (name,) in names.fetchall():
        if not _name_of(int(name.removeprefix(PREFIX).partition("_")[0])):
            _drop(server, name)


def _drop(server: psycopg.Connection[Any], name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _name_of(pid: int) -> str:
    """Return what a process is called; empty if there is none."""
    path = Path(f"/proc/{pid}/comm")
    return path.read_text() if path.exists() else ""
