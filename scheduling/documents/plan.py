"""What a document makes of a school's rows: matched, changed in memory, not yet judged."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, ClassVar
from uuid import UUID

from scheduling.documents.kinds import KINDS, TERMS, Kind
from scheduling.documents.problems import Problem


@dataclass(slots=True, eq=False)
class Entry:
    """A row as it shall be, and its place in the document.

    `index` is None for a row that the document does not spell out: one that it leaves alone, or
    a quarter that it has made.
    """

    kind: Kind
    row: Any
    parent: "Entry | None"
    index: int | None = None
    is_new: bool = False
    before: dict[str, Any] = field(default_factory=dict)
    """The stored values of the columns that change."""

    WAY_OUT: ClassVar[str] = 'Give the term its "quarters", or [] for none.'
    """What to write when quarters that somebody has set keep a term from moving."""

    @property
    def pointer(self) -> str:
        """The JSON pointer of the row's object, or of the nearest one around it."""
        above = "" if self.parent is None else self.parent.pointer
        return above if self.index is None else f"{above}/{self.kind.key}/{self.index}"

    @property
    def is_given(self) -> bool:
        """Whether the row is in the document, or comes from it."""
        return self.index is not None or self.is_new

    @property
    def action(self) -> str:
        """What happens to the row: created, changed or left_alone."""
        if self.is_new:
            return "created"
        return "changed" if self.before else "left_alone"

    def was(self, column: str) -> Any:
        """Return the stored value of a column."""
        return self.before.get(column, getattr(self.row, column))

    def problem(self, column: str, problem: Problem) -> Problem:
        """Return a problem of a column, pointed at where the document says it."""
        return self.placed(self.place_of(column) if self.index is not None else "", problem)

    def place_of(self, column: str) -> str:
        """Return where, within the row's object, a column is read from."""
        return self.kind.place_of(column)

    def placed(self, place: str, problem: Problem) -> Problem:
        """Return a problem of some place within the row's object."""
        detail = problem.detail
        if self.kind is TERMS and problem.code == "rows_outside":
            detail = f"{detail} {self.WAY_OUT}"
        return replace(problem, pointer=f"{self.pointer}{place}{problem.pointer}", detail=detail)


@dataclass(slots=True)
class Plan:
    """The rows of a school as the document wants them, and the rows that go."""

    school: Any
    entries: dict[Kind, list[Entry]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    gone: dict[Kind, list[Any]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    problems: list[Problem] = field(default_factory=list)

    def all_entries(self) -> Iterator[Entry]:
        """Yield every row that stays or comes, parents first."""
        return chain.from_iterable(self.entries.values())

    def changed(self, kind: Kind) -> list[Entry]:
        """Return the rows of a kind that are updated."""
        return [entry for entry in self.entries[kind] if entry.before]

    def new(self, kind: Kind) -> list[Entry]:
        """Return the rows of a kind that are created."""
        return [entry for entry in self.entries[kind] if entry.is_new]


def prime(parents: Iterable[Entry], kind: Kind, rows: dict[UUID, list[Any]]) -> None:
    """Let `parent.rows.all()` answer from memory, as `prefetch_related()` would."""
    for parent in parents:
        answer = kind.model.objects.all()
        answer._result_cache = rows.get(parent.row.pk, [])  # noqa: SLF001
        known = vars(parent.row).setdefault("_prefetched_objects_cache", {})
        known[kind.key] = answer
