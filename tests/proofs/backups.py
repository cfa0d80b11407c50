"""The test's database as it was: taken, and put back while services run on it."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from tests.services import database_of_tests

SECONDS = 60


class Backup:
    """A copy of the database, made with the database's own tools."""

    def __init__(self, folder: Path) -> None:
        self._path = str(folder / "backup")
        self._is_postgres = connection.vendor == "postgresql"
        if self._is_postgres and shutil.which("pg_restore") is None:
            pytest.skip("pg_dump and pg_restore are not installed")
        if self._is_postgres:
            _run("pg_dump", "--format=custom", f"--file={self._path}", database_of_tests())
        else:
            _copy(connection.settings_dict["NAME"], self._path)

    def restore(self) -> None:
        """Make the database what it was, at one moment for everybody."""
        if self._is_postgres:
            options = ("--clean", "--if-exists", "--single-transaction")
            _run("pg_restore", *options, f"--dbname={database_of_tests()}", self._path)
        else:
            _copy(self._path, connection.settings_dict["NAME"])


def _run(*command: str) -> None:
    subprocess.run(command, check=True, timeout=SECONDS)  # noqa: S603


def _copy(source: str, target: str) -> None:
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as write:
        read.backup(write)
