"""The models' rules, asked of all rows at once and in memory: no query a row.

Each rule stays where it is stated: `clean_fields()`, `problems()` and the constraints of the
models. Only how the constraints are asked differs from `full_clean()`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import heappop, heappush
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import UniqueConstraint

from core.conditions import column_value, columns_of, holds
from core.constraints import DAYS, NoOverlap, copied_columns
from scheduling import rules
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
from scheduling.documents.known import Known, attname, checks, foreign_keys, own_columns
from scheduling.documents.plan import Entry, Plan, prime
from scheduling.documents.problems import Problem, from_refusal

Found = Iterator[Problem]


def judge(plan: Plan, advance: Callable[[int], None] = lambda _count: None) -> Found:
    """Find everything that is wrong with the rows of a plan."""
    known = Known()
    yield from plan.problems
    for kind in (TEMPLATES, YEARS, TERMS):
        _prime_children(plan, kind, lambda entry: not entry.is_given)
        yield from _each_row(plan, kind, known, advance)
    for kind in (TEMPLATES, YEARS, TERMS):
        _prime_children(plan, kind, lambda _entry: True)
    for kind in (PERIODS, QUARTERS, BREAKS, RULES, OVERRIDES):
        yield from _each_row(plan, kind, known, advance)
    for kind in KINDS:
        if plan.changed(kind) or plan.new(kind):  # what is stored does not clash with itself
            yield from _together(plan.entries[kind])


def own_problems(row: Any, known: Known | None = None) -> Iterator[ValidationError]:
    """Find what a row's fields, rules and CHECK constraints refuse.

    `known` is what other rows have shown; without it, every value is looked at anew.
    """
    known = known or Known()
    model = row._meta.model
    failed: set[str] = set()
    for refusal in (*_field_problems(row, known), *row.problems()):
        failed |= set(refusal.error_dict)
        yield refusal
    if failed:  # what is computed from columns that failed says nothing new
        failed |= row.DERIVED | copied_columns(model)
    for check in checks(model):
        if check.named.isdisjoint(failed) and not known.passes(check, row):
            yield _violation(check.constraint)


def _field_problems(row: Any, known: Known) -> Iterator[ValidationError]:
    model = row._meta.model
    fresh = known.unsound(row)
    sound = (name for name in own_columns(model) if name not in fresh)
    try:
        row.clean_fields(foreign_keys(model).union(sound))
    except ValidationError as refusal:
        yield refusal
    else:
        known.learn(row, fresh)
    row.derive()


def _violation(constraint: Any, **params: Any) -> ValidationError:
    message, code = constraint.violation_error_message, constraint.violation_error_code
    return ValidationError({NON_FIELD_ERRORS: ValidationError(message, code, params)})


def _prime_children(plan: Plan, kind: Kind, serves: Callable[[Entry], bool]) -> None:
    """Let the rows of a kind see their children; rows that the document gives see to themselves."""
    for child in kind.children:
        rows: defaultdict[UUID, list[Any]] = defaultdict(list)
        for entry in filter(serves, plan.entries[child]):
            rows[column_value(entry.row, child.parent)].append(entry.row)
        prime(plan.entries[kind], child, rows)


def _each_row(plan: Plan, kind: Kind, known: Known, advance: Callable[[int], None]) -> Found:
    for entry in plan.entries[kind]:
        if entry.is_given:
            advance(1)
            for refusal in own_problems(entry.row, known):
                for column, problem in from_refusal(refusal):
                    yield entry.problem(column, problem)


def _together(entries: Sequence[Entry]) -> Found:
    """Find the rows of one kind that are in each other's way."""
    for constraint in entries[0].kind.model._meta.constraints if entries else ():
        if isinstance(constraint, UniqueConstraint) and "id" not in constraint.fields:
            yield from _repeated(constraint, entries)
        elif isinstance(constraint, NoOverlap):
            yield from _overlapping(constraint, entries)


def _repeated(constraint: UniqueConstraint, entries: Sequence[Entry]) -> Found:
    columns = [*constraint.fields, *columns_of(constraint.condition)]
    model = entries[0].kind.model
    values_of = attrgetter(*(attname(model, name) for name in columns))
    seen: dict[tuple[Any, ...], Entry] = {}
    for entry in entries:
        if entry.row.knows(*columns) and _applies(constraint, entry.row):
            first = seen.setdefault(values_of(entry.row), entry)
            if first is not entry:
                told = entry if entry.is_given else first
                yield from _located(told, _violation(constraint), columns[-1])


def _applies(constraint: UniqueConstraint, row: Any) -> bool:
    return constraint.condition is None or holds(constraint.condition, row) is True


def _located(entry: Entry, refusal: ValidationError, column: str = NON_FIELD_ERRORS) -> Found:
    for _row, problem in from_refusal(refusal):
        yield entry.problem(column, problem)


def _overlapping(constraint: NoOverlap, entries: Iterable[Entry]) -> Found:
    """Sweep over each group by start; of two that clash, the later one in the document is told."""
    groups: defaultdict[tuple[Any, ...], list[Entry]] = defaultdict(list)
    for entry in entries:
        if _has_range(constraint, entry.row):
            key = tuple(column_value(entry.row, name) for name in constraint.group)
            groups[key].append(entry)
    for group in groups.values():
        yield from _sweep(constraint, group)


def _has_range(constraint: NoOverlap, row: Any) -> bool:
    """Return whether a range is there to compare; nothing is derived from what is refused."""
    if constraint.end in row.DERIVED and row._failed:  # noqa: SLF001
        return False
    return bool(getattr(row, constraint.start) <= getattr(row, constraint.end))


def _sweep(constraint: NoOverlap, group: list[Entry]) -> Found:
    """Go by start; of rows under way, those that have ended fall out, the earliest end first."""
    under_way: list[tuple[Any, int, Entry]] = []
    in_order = sorted(group, key=lambda each: getattr(each.row, constraint.start))
    for place, entry in enumerate(in_order):
        start, end = getattr(entry.row, constraint.start), getattr(entry.row, constraint.end)
        while under_way and not _reaches(constraint, under_way[0][0], start):
            heappop(under_way)
        rows = (each for _end, _place, each in under_way)
        clash = next((each for each in rows if _meet(constraint, each.row, entry.row)), None)
        heappush(under_way, (end, place, entry))
        if clash is not None:
            other, told = sorted((clash, entry), key=lambda each: (each.is_given, each.index or 0))
            yield from _located(told, _violation(constraint, clash=other.row))


def _reaches(constraint: NoOverlap, end: Any, start: Any) -> bool:
    return bool(end >= start if constraint.kind == DAYS else end > start)


def _meet(constraint: NoOverlap, row: Any, other: Any) -> bool:
    if not constraint.track:
        return True
    tracks = (getattr(each, constraint.track) for each in (row, other))
    return rules.share_a_person(*tracks)
