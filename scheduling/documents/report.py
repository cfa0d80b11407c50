"""What an import did to a school, or a dry run would do."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any
from uuid import UUID

from scheduling.documents.kinds import KINDS, Kind, hashable
from scheduling.documents.plan import Plan

ROW_KINDS = ("district", "school", *(kind.key for kind in KINDS))
"""What is reported on: the lists of a document, and the two rows above them."""

_PARENTS = {child: parent for parent in KINDS for child in parent.children}


@dataclass(frozen=True, slots=True)
class Touched:
    """One row that was created, changed or removed, by the names that lead to it."""

    kind: str
    key: str
    action: str


@dataclass(frozen=True, slots=True)
class Counts:
    """What happened to the rows of one kind."""

    created: int = 0
    changed: int = 0
    removed: int = 0
    left_alone: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What happened to the rows of a school, kind by kind; a dry run reports the same.

    `token` names the state that the school is in now; None if a dry run has left it uncreated.
    """

    school: str
    counts: dict[str, Counts]
    touched: tuple[Touched, ...]
    token: UUID | None = field(default=None, compare=False)

    @property
    def total(self) -> Counts:
        """The counts of all kinds together."""
        names = [each.name for each in fields(Counts)]
        sums = {name: sum(getattr(each, name) for each in self.counts.values()) for name in names}
        return Counts(**sums)

    def as_dict(self) -> dict[str, Any]:
        """Return what happened as JSON has it."""
        return {
            "school": self.school,
            "counts": {kind: asdict(each) for kind, each in self.counts.items()},
            "touched": [asdict(each) for each in self.touched],
        }


def report_on(plan: Plan, own: Iterable[Touched]) -> Report:
    """Report on a plan; `own` is what happens to the district and the school themselves."""
    left = Counter(
        entry.kind.key for entry in plan.all_entries() if not (entry.is_new or entry.before)
    )
    return _report(plan.school.slug, [*own, *_touched(plan)], left)


def report_on_none(school: str, own: Iterable[Touched], rows: Mapping[Kind, int]) -> Report:
    """Report that all of so many rows are left alone."""
    return _report(school, list(own), Counter({kind.key: rows[kind] for kind in rows}))


def _report(school: str, touched: Sequence[Touched], left: Counter[str]) -> Report:
    done = Counter((each.kind, each.action) for each in touched)
    counts = {
        kind: Counts(
            done[kind, "created"],
            done[kind, "changed"],
            done[kind, "removed"],
            left[kind] + done[kind, "left_alone"],
        )
        for kind in ROW_KINDS
    }
    changes = tuple(each for each in touched if each.action != "left_alone")
    return Report(school, counts, changes)


def _touched(plan: Plan) -> Iterator[Touched]:
    for kind in KINDS:
        for entry in plan.entries[kind]:
            if entry.action != "left_alone":
                yield Touched(kind.key, key_of(kind, entry.row), entry.action)
        for row in plan.gone[kind]:
            yield Touched(kind.key, key_of(kind, row), "removed")


def key_of(kind: Kind, row: Any) -> str:
    """Return the names that lead to a row: "2026-2027/SEM1/Q1"."""
    names = " ".join(_words(kind, row))
    if kind not in _PARENTS:
        return names
    return f"{key_of(_PARENTS[kind], getattr(row, kind.parent))}/{names}"


def _words(kind: Kind, row: Any) -> Iterator[str]:
    for column in kind.named_by:
        value = row.template.code if column == "template_id" else hashable(getattr(row, column))
        if isinstance(value, tuple):
            yield from value
        elif value is not None and value != "":
            yield str(value)
