"""Rows put under the keys of a student information system, many at once or one alone.

A key is (school, kind, sourced id). What a batch does not name stays as it is; the school as it is
then has to be right as a whole, so the order of the items says nothing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.revision import current_revision, plain
from scheduling.documents.items import Item, Precondition, Result
from scheduling.documents.judging import judge
from scheduling.documents.kinds import Kind
from scheduling.documents.overlay import Overlay
from scheduling.documents.problems import Problem, refuse
from scheduling.documents.revising import one_revision
from scheduling.documents.unchanged_items import results_if_unchanged
from scheduling.documents.writing import write
from scheduling.models import School

MOST_ITEMS = 5_000
RESULTS = ("created", "updated", "unchanged", "deleted")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a batch did, or would do: a result for each item, in their order."""

    results: Sequence[Result]
    revision: int
    """The school's revision now."""

    @property
    def counts(self) -> dict[str, int]:
        """Return how many rows each result has."""
        found = Counter(each.result for each in self.results)
        return {name: found[name] for name in RESULTS}


def apply_batch(
    school: UUID,
    items: Sequence[Item],
    *,
    actor: Any = None,
    dry_run: bool = False,
    precondition: Precondition = lambda _item, _row: None,
) -> Outcome:
    """Create, replace and delete rows of a school in one revision, all or nothing.

    What changes nothing moves no revision. A row that has gone comes back under its old id. A dry
    run takes the same locks, makes the same checks and the same writes, and undoes them.

    Raises DocumentError with every problem, School.DoesNotExist, and what `precondition` raises.
    """
    refuse(_repeated(items))
    with one_revision(school, actor=actor, dry_run=dry_run):
        stored = plain(School).get(pk=school)
        unchanged = results_if_unchanged(school, items, precondition)
        if unchanged is not None:
            return Outcome(unchanged, stored.revision)
        overlay = Overlay(stored, items, precondition)
        refuse([*overlay.laid(), *judge(overlay.plan)])
        write(overlay.plan)
        is_new = current_revision(school).changed and not dry_run
        number = current_revision(school).number if is_new else stored.revision
    return Outcome(overlay.results(), number)


def _repeated(items: Iterable[Item]) -> Iterator[Problem]:
    seen: set[tuple[Kind, str]] = set()
    for item in items:
        key = item.kind, item.sourced_id
        if key in seen:
            detail = "Another item is about this row already: name each row once."
            yield Problem(f"{item.pointer}/sourced_id", "repeated", detail)
        seen.add(key)
