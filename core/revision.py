"""One write, one revision: the only door through which the rows of a school are written.

`revise()` opens the transaction, locks the school's row and reserves the next number. On the
way out, if a history row was written, it stores the number and a new random token on the
school and adds one row to the append-only log. See docs/adr/0002.

The state lives on the database connection, not in a context variable: a copied context would
tell another thread, on another connection, that it holds the lock.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.dispatch import Signal
from django.utils import timezone

from core.freshness import forget_all

revision_ending = Signal()
"""Sent with `touched` when all rows of a transaction are written, before it ends: whoever keeps
something that follows from rows brings it in step here, under the schools' locks."""


@dataclass(slots=True)
class Revision:
    """The next state of one school, in the making. Only a history row sets `changed`."""

    school_id: UUID
    number: int
    actor: Any
    token: UUID = field(default_factory=uuid4)
    changed: bool = False

    def store(self) -> None:
        """Make the number and the token the school's, and enter them in the log."""
        plain(school_model()).filter(pk=self.school_id).update(
            revision=self.number, revision_token=self.token
        )
        log_model()(
            school_id=self.school_id,
            number=self.number,
            token=self.token,
            time=timezone.now(),
            actor=self.actor,
        ).save(force_insert=True)


@dataclass(slots=True)
class OpenRevisions:
    """What one connection has open: a revision a school, and who writes.

    Rows that belong to no school, such as districts, need it open but no revision of it.
    """

    actor: Any
    by_school: dict[UUID, Revision]
    deferred: set[str] = field(default_factory=set)
    """The tables whose overlap rules are asked at the end of a block; see core.constraints."""
    touched: defaultdict[type[models.Model], set[UUID]] = field(
        default_factory=lambda: defaultdict(set)
    )
    """The rows of which history was written, also where a savepoint took it back."""


class SchoolNotOpenError(RuntimeError):
    """A school was about to be opened inside another's revision."""


class NoOpenRevisionError(RuntimeError):
    """A row was about to be written outside `revise()`."""


def log_model() -> Any:
    """Return the model of the append-only log."""
    return apps.get_model(settings.REVISION_LOG_MODEL)


def school_model() -> Any:
    """Return the model that carries revision and token: what the log's `school` points at."""
    return log_model()._meta.get_field("school").related_model


def plain(model: type[models.Model]) -> models.QuerySet[Any]:
    """Return a queryset that revises nothing: for this package's own bookkeeping."""
    return models.QuerySet(model)


def open_revisions() -> OpenRevisions | None:
    """Return what this connection has open, if anything."""
    return getattr(connection, "open_revisions", None)


def is_revising(school_id: UUID) -> bool:
    """Return whether this connection is writing the school: rows new, token still old."""
    revisions = open_revisions()
    return revisions is not None and school_id in revisions.by_school


def schools_in_revision() -> list[UUID]:
    """Return the schools that this connection has open."""
    revisions = open_revisions()
    return [] if revisions is None else list(revisions.by_school)


def changed_revisions() -> list[Revision]:
    """Return the open revisions in which anything has changed so far: those that will be stored."""
    revisions = open_revisions()
    opened = [] if revisions is None else revisions.by_school.values()
    return [revision for revision in opened if revision.changed]


def rows_touched() -> defaultdict[type[models.Model], set[UUID]]:
    """Return the rows that the open revisions have written, by model.

    Raises NoOpenRevisionError if nothing is open on this connection.
    """
    return _required().touched


def tables_deferred() -> set[str]:
    """Return the tables whose overlap rules wait for the end of a block.

    Raises NoOpenRevisionError if nothing is open on this connection.
    """
    return _required().deferred


def _required() -> OpenRevisions:
    revisions = open_revisions()
    if revisions is None:
        message = "A row was written outside revise()."
        raise NoOpenRevisionError(message)
    return revisions


def current_revision(school_id: UUID) -> Revision:
    """Return the school's open revision.

    Raises NoOpenRevisionError if there is none on this connection.
    """
    revisions = open_revisions()
    if revisions is None or school_id not in revisions.by_school:
        message = f"A row of school {school_id} was written outside revise()."
        raise NoOpenRevisionError(message)
    return revisions.by_school[school_id]


def current_actor() -> Any:
    """Return who is writing, or None.

    Raises NoOpenRevisionError if nothing is open on this connection.
    """
    return _required().actor


def open_as_well(schools: Iterable[UUID]) -> None:
    """Open schools that nobody could know of before the others were locked.

    They are locked out of order. That can deadlock, and then the database ends one of the writers:
    only for what hardly ever happens.

    Raises NoOpenRevisionError if nothing is open on this connection.
    """
    revisions = _required()
    ids = sorted(set(schools) - revisions.by_school.keys())
    revisions.by_school |= _reserved(ids, revisions.actor)


@contextmanager
def revise(*schools: models.Model | UUID, actor: Any = None) -> Iterator[None]:
    """Open the one transaction in which rows of these schools are written.

    A nested use for schools that are open is a savepoint, and the way to roll a part back: a
    plain `atomic()` inside would leave a revision in which nothing changed. Two uses one after
    the other, even inside one plain transaction, are two revisions. Without a school it admits
    only rows that belong to none.

    Raises SchoolNotOpenError when a school is opened inside another's revision: locks taken in
    any order deadlock, so open all of them in the outermost use.
    """
    ids = sorted({_id_of(school) for school in schools})
    revisions = open_revisions()
    if revisions is None:
        with transaction.atomic(), _opened(ids, actor):
            yield
    elif all(pk in revisions.by_school for pk in ids):
        with _savepoint(revisions):
            yield
    else:
        message = "Open every school in the outermost revise()."
        raise SchoolNotOpenError(message)


def _id_of(school: models.Model | UUID) -> UUID:
    return school if isinstance(school, UUID) else school.pk


@contextmanager
def _opened(ids: Sequence[UUID], actor: Any) -> Iterator[None]:
    revisions = OpenRevisions(actor, _reserved(ids, actor))
    connection.open_revisions = revisions  # type: ignore[attr-defined]
    try:
        yield
        if revisions.touched:
            revision_ending.send(sender=OpenRevisions, touched=revisions.touched)
            transaction.on_commit(forget_all, robust=True)
        for revision in revisions.by_school.values():
            if revision.changed:
                revision.store()
    finally:
        connection.open_revisions = None  # type: ignore[attr-defined]


def _reserved(ids: Sequence[UUID], actor: Any) -> dict[UUID, Revision]:
    """Lock schools, and reserve the next number of each."""
    numbers = _lock(ids) if ids else {}
    return {pk: Revision(pk, numbers.get(pk, 0) + 1, actor) for pk in ids}


def _lock(ids: Iterable[UUID]) -> dict[UUID, int]:
    """Lock the rows, in one order everywhere, without blocking inserts that refer to them."""
    rows = plain(school_model()).filter(pk__in=ids).order_by("pk")
    return dict(rows.select_for_update(no_key=True).values_list("pk", "revision"))


@contextmanager
def _savepoint(revisions: OpenRevisions) -> Iterator[None]:
    changed = {pk: revision.changed for pk, revision in revisions.by_school.items()}
    try:
        with transaction.atomic():
            yield
    except BaseException:
        for pk in revisions.by_school.keys() - changed.keys():
            del revisions.by_school[pk]  # opened inside: its lock has gone with the savepoint
        for pk, revision in revisions.by_school.items():
            revision.changed = changed[pk]
        raise
