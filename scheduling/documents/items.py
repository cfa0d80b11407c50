"""What a batch says of single rows, and what becomes of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from typing_extensions import override

from scheduling.documents.kinds import TEMPLATES, TERMS, YEARS, Kind
from scheduling.documents.plan import Entry

TARGETS: Mapping[str, Kind] = {"academic_year": YEARS, "term": TERMS, "template": TEMPLATES}
"""The rows that columns refer to."""


@dataclass(frozen=True, slots=True)
class Item:
    """What is said of one row: `values` by column, or None if it goes.

    What was left out has its default in them already. `named` holds, by column, the sourced id or
    the id of the row that is referred to; without one, a row stays below the parent that it has.
    `pointer` says where all of it was said, and `place` where within that the values are.
    """

    kind: Kind
    sourced_id: str
    values: Mapping[str, Any] | None
    named: Mapping[str, str | None] = field(default_factory=dict)
    index: int = 0
    pointer: str = ""
    place: str = ""
    gets_quarters: bool = True
    """Whether a new semester gets the quarters that the batch does not give it."""

    @property
    def key(self) -> tuple[Kind, str]:
        """What the row is known by."""
        return self.kind, self.sourced_id

    def pointer_to(self, column: str) -> str:
        """Return the JSON pointer of what the item says of a column."""
        return f"{self.pointer}{self.place}/{column}"


@dataclass(frozen=True, slots=True)
class Result:
    """What happened to the row of an item; there is no id of a row that never was."""

    item: Item
    result: str
    id: UUID | None


Precondition = Callable[[Item, Any], None]
"""Told, under the lock, an item and the row that it is about as it is stored, or None."""


@dataclass(slots=True, eq=False, kw_only=True)
class Given(Entry):
    """A row that an item speaks of."""

    item: Item

    WAY_OUT: ClassVar[str] = "Send its quarters along."

    @property
    @override
    def pointer(self) -> str:
        return self.item.pointer + self.item.place

    @override
    def place_of(self, column: str) -> str:
        said = {*(self.item.values or ()), *self.item.named}
        place = column if column in said else self.kind.shown_as.get(column)
        return f"/{place}" if place else ""
