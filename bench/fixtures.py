"""Schools by the thousand, loaded set-wise and without history."""

import datetime as dt
from dataclasses import asdict, dataclass
from hashlib import md5
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

SCRIPT = Path(__file__).with_name("fixtures.sql")
FENCES = """
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
    FROM pg_constraint
    WHERE contype IN ('f', 'x') AND conrelid::regclass::text LIKE 'scheduling%'
"""
KEYS = """
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
           format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname,
                  pg_get_constraintdef(oid))
    FROM pg_constraint
    WHERE contype IN ('p', 'u') AND conrelid::regclass::text LIKE 'scheduling%'
"""
INDEXES = """
    SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index
    WHERE indrelid::regclass::text LIKE 'scheduling%'
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""
DAYS_BEFORE_TODAY = 100
"""How long ago a first school year began: `now` falls into its first semester."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is loaded; each semester has two quarters."""

    schools: int
    semesters: int
    bells: int
    """The schools, the first ones, that have breaks, bell schedules, rules and special days."""
    spread: int = 1
    """Over so many days the schools' years begin."""

    @property
    def quarters(self) -> int:
        """How many quarters there are."""
        return self.schools * self.semesters * 2


DISTRICT = Size(schools=1_000, semesters=2, bells=1_000)
SMALL = Size(schools=100, semesters=5, bells=100, spread=40)
LARGE = Size(schools=100_000, semesters=5, bells=10_000, spread=40)
ROSTER = Size(schools=143, semesters=2, bells=0)
"""Seven sessions a school: 1,001 of them."""
CHECKED = {"district": DISTRICT, "roster": ROSTER}
GROWING = {"small": SMALL, "large": LARGE}
"""The databases, by their names; growing ones are compared with each other."""


def slug(number: int) -> str:
    """Return the slug of a school, which is as long as that of any other."""
    return f"bench-{number:06}"


def session(number: int) -> str:
    """Return the id of the first semester of a school."""
    return str(UUID(md5(f"term {number} 0".encode(), usedforsecurity=False).hexdigest()))


def first_date(today: dt.date) -> dt.date:
    """Return the first date of the first school year: a Monday."""
    around = today - dt.timedelta(days=DAYS_BEFORE_TODAY)
    return around - dt.timedelta(days=around.weekday())


def school_day(today: dt.date) -> dt.date:
    """Return a Wednesday of the first semester, with the default bells."""
    return first_date(today) + dt.timedelta(days=30)


def load(url: str, size: Size, today: dt.date) -> None:
    """Fill a migrated PostgreSQL database, all of its rules in force."""
    with _connected(url) as connection:
        _insert(connection, size, today)
        connection.execute("VACUUM ANALYZE")


def analyze(url: str) -> None:
    """Let PostgreSQL look at what has been written, as it does by itself before long."""
    with _connected(url) as connection:
        connection.execute("VACUUM ANALYZE")


def load_without_indexes(url: str, size: Size, today: dt.date) -> None:
    """Fill a migrated PostgreSQL database quickly, and build its indexes when all is there.

    It is left without foreign keys and exclusion constraints, which no read asks; the rows would
    meet them, as those of a smaller load do.
    """
    with _connected(url) as connection:
        for (drop,) in connection.execute(FENCES).fetchall():
            connection.execute(drop)
        indexes = [*connection.execute(KEYS).fetchall(), *connection.execute(INDEXES).fetchall()]
        for drop, _create in indexes:
            connection.execute(drop)
        _insert(connection, size, today)
        for _drop, create in indexes:
            connection.execute(create)
        connection.execute("VACUUM ANALYZE")


def _connected(url: str) -> psycopg.Connection[Any]:
    connection: psycopg.Connection[Any] = psycopg.connect(
        url, autocommit=True, cursor_factory=psycopg.ClientCursor
    )
    connection.execute("SET synchronous_commit = off")
    connection.execute("SET maintenance_work_mem = '256MB'")
    return connection


def _insert(connection: psycopg.Connection[Any], size: Size, today: dt.date) -> None:
    values = {**asdict(size), "first": first_date(today)}
    for statement in SCRIPT.read_text().split(";\n"):
        if statement.strip():
            connection.execute(statement.encode(), values)
