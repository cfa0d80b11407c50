"""Rows that many tests begin with: planted once in a process, and laid again from memory."""

import datetime as dt
import pickle
import re
from collections.abc import Callable, Iterator
from functools import wraps
from io import BytesIO
from typing import Any, TypeVar
from uuid import UUID, uuid4

import time_machine
from django.apps import apps
from django.db import connection, models
from django.utils import timezone
from typing_extensions import override

from core.ids import uuid7
from core.revision import plain, revise

T = TypeVar("T")

ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


def kept(plant: Callable[[], T]) -> Callable[[], T]:
    """Lay what `plant` has once made: the same rows, with ids and tokens that nobody has had.

    They are as old as when they were planted, but where a test has stopped the clock: then they are
    of its time. Where what is written stays, they are planted anew.
    """
    memory: dict[dt.datetime | None, _Memory] = {}

    @wraps(plant)
    def planted() -> T:
        if not _is_rolled_back():
            return plant()
        time = timezone.now() if time_machine.escape_hatch.is_travelling() else None
        if time in memory:
            return memory[time].laid()
        before = {row for rows in _stored() for row in rows}
        made = plant()
        new = [[row for row in rows if row not in before] for rows in _stored()]
        memory[time] = _Memory(made, [rows for rows in new if rows])
        return made

    return planted


def _is_rolled_back() -> bool:
    return any(block._from_testcase for block in connection.atomic_blocks)


def _stored() -> Iterator[list[models.Model]]:
    """Read every table of the calendar, parents first."""
    for model in apps.get_app_config("scheduling").get_models():
        yield list(plain(model).order_by("pk"))


class _Memory:
    """What was planted: what the caller gets, and the rows of each table."""

    def __init__(self, made: Any, tables: list[list[models.Model]]) -> None:
        file = BytesIO()
        pickler = _Pickler(file)
        pickler.dump((made, tables))
        self._pickle = file.getvalue()
        self._ids = sorted(pickler.ids)

    def laid(self) -> Any:
        """Lay the rows, and return what `plant` did."""
        unpickler = _Unpickler(BytesIO(self._pickle))
        unpickler.ids = {old: uuid7() if old.version == 7 else uuid4() for old in self._ids}
        made, tables = unpickler.load()
        with revise():
            for rows in tables:
                columns = rows[0]._meta.concrete_fields
                fields = [each for each in columns if not isinstance(each, models.AutoField)]
                plain(type(rows[0]))._insert(rows, fields, using=connection.alias, raw=True)
        return made


class _Pickler(pickle.Pickler):
    """Leave ids open, those in texts too."""

    def __init__(self, file: BytesIO) -> None:
        super().__init__(file)
        self.ids: set[UUID] = set()

    @override
    def persistent_id(self, obj: Any) -> Any:
        if isinstance(obj, UUID):
            self.ids.add(obj)
            return obj
        return obj if isinstance(obj, str) and ID.search(obj) else None


class _Unpickler(pickle.Unpickler):
    ids: dict[UUID, UUID]

    @override
    def persistent_load(self, pid: Any) -> Any:
        if isinstance(pid, UUID):
            return self.ids[pid]
        return ID.sub(lambda found: str(self.ids[UUID(found[0])]), pid)
