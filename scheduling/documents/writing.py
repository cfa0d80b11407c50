"""Write what a plan changes, set-wise, and nothing else; inside `revise()`.

What goes, goes first, children before parents; then rows move; then new rows come, parents
before children. No number of rows makes it more statements than batches.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any

from django.db import connection
from django.db.models.sql import DeleteQuery
from django.utils import timezone

from core.constraints import NoOverlap, at_the_end
from core.history import BATCH_ROWS, write_history
from core.revision import plain
from scheduling.documents.kinds import (
    BREAKS,
    KINDS,
    OVERRIDES,
    PERIODS,
    QUARTERS,
    RULES,
    TEMPLATES,
    TERMS,
    YEARS,
    Kind,
)
from scheduling.documents.parking import park, park_gone_templates
from scheduling.documents.plan import Entry, Plan

CHUNK_ROWS = 4 * BATCH_ROWS
"""Rows held twice, as rows and as their history, at one time."""

Advance = Callable[[int], None]


def write(plan: Plan, advance: Advance = lambda _count: None) -> None:
    """Make the school's rows what the plan says.

    Raises IntegrityError for what only the database could see.
    """
    for kind in reversed(KINDS):
        if kind is not TEMPLATES:  # what uses one may have yet to let go of it
            _remove(kind, plan.gone[kind], advance)
    _update_templates(plan, advance)
    _update(plan, (YEARS, TERMS, PERIODS, QUARTERS, BREAKS, RULES, OVERRIDES), advance)
    _remove(TEMPLATES, plan.gone[TEMPLATES], advance)
    for kind in KINDS:
        if kind is not TEMPLATES:
            _create(kind, plan.new(kind), advance)


def _update_templates(plan: Plan, advance: Advance) -> None:
    """Bell schedules come before the rules and overrides that will use them."""
    changed, new = plan.changed(TEMPLATES), plan.new(TEMPLATES)
    if plan.gone[TEMPLATES] and (changed or new):
        park_gone_templates(plan.gone[TEMPLATES])
    park(TEMPLATES, changed)
    _store(TEMPLATES, changed, advance)
    _create(TEMPLATES, new, advance)


def _update(plan: Plan, kinds: Sequence[Kind], advance: Advance) -> None:
    """Move rows: outer ones widen first and close last, so that inner ones never stick out."""
    with ExitStack() as moves:
        for kind in kinds:
            if _moves(kind, plan.changed(kind)):
                moves.enter_context(at_the_end(kind.model))
        for kind in kinds:
            park(kind, plan.entries[kind])
        for kind in reversed(kinds):
            _store(kind, plan.changed(kind), advance)


def _moves(kind: Kind, entries: Sequence[Entry]) -> bool:
    """Return whether an update can make rows overlap in between."""
    ranges = {
        column
        for rule in kind.model._meta.constraints
        if isinstance(rule, NoOverlap)
        for column in (*rule.group, rule.start, rule.end, rule.track)
    }
    ranges |= {"length"} if "end" in ranges else set()
    return any(not ranges.isdisjoint(entry.before) for entry in entries)


def _store(kind: Kind, entries: Sequence[Entry], advance: Advance) -> None:
    """Update rows that are known to differ from what they were, in the columns that do."""
    columns = {column for entry in entries for column in entry.before}
    for rows in _chunks([entry.row for entry in entries]):
        now = timezone.now()
        for row in rows:
            row.stamp(now)
        names = sorted({*columns, *kind.model.DERIVED, *rows[0].stamped_values()})
        plain(kind.model).bulk_update(rows, names, batch_size=BATCH_ROWS)
        write_history(rows, "~")
        advance(len(rows))


def _create(kind: Kind, entries: Sequence[Entry], advance: Advance) -> None:
    for rows in _chunks([entry.row for entry in entries]):
        kind.model.objects.bulk_create(rows)
        advance(len(rows))


def _remove(kind: Kind, rows: Sequence[Any], advance: Advance) -> None:
    """Delete rows that nothing uses any more; each leaves a tombstone."""
    for gone in _chunks(rows):
        DeleteQuery(kind.model).delete_batch([row.pk for row in gone], connection.alias)
        write_history(gone, "-")
        advance(len(gone))


def _chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (rows[start : start + CHUNK_ROWS] for start in range(0, len(rows), CHUNK_ROWS))
