"""Questions about many rows, and set-wise writes that revise and keep their history."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn, Self, TypeVar
from uuid import UUID

from django.db import models
from django.utils import timezone
from typing_extensions import override

from core.constraints import copied_columns, copy_from_parents
from core.history import BATCH_ROWS, write_history
from core.revision import plain, revise

ModelT = TypeVar("ModelT", bound=models.Model)


class RevisedQuerySet(models.QuerySet[ModelT]):
    """A queryset whose writes open a revision, touch only its schools, and write history.

    They do not run `clean()`: the database constraints hold whatever must never be false, and
    services validate sets of rows themselves. Upserts and `ignore_conflicts` are refused, for
    nobody could say which rows they changed: look rows up under the lock, compare, write.
    """

    @override
    def update(self, **values: Any) -> int:
        """Update the rows; those that really change get the revision and a history row."""
        if not values.keys().isdisjoint({"pk", "id"}):
            message = "The id of a row cannot change: its history would be another row's."
            raise NotImplementedError(message)
        with self.revising() as rows:
            before = _whole_rows(self.model, rows)
            count = models.QuerySet.update(rows, **values)
            _record_changes(self.model, before)
        return count

    update.alters_data = True  # type: ignore[attr-defined]

    @override
    def bulk_create(
        self,
        objs: Any,
        batch_size: int | None = None,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Any = None,
        unique_fields: Any = None,
    ) -> list[ModelT]:
        """Insert rows, their derived columns filled, and write their history."""
        if ignore_conflicts or update_conflicts or update_fields or unique_fields:
            _refuse_upsert()
        rows = list(objs)
        copy_from_parents(rows)
        with revise(*_schools_of(rows)):
            now = timezone.now()
            for row in rows:
                row.derive()
                row.stamp(now)
            super().bulk_create(rows, batch_size=batch_size)
            write_history(rows, "+")
        return rows

    @override
    def bulk_update(self, objs: Any, fields: Any, batch_size: int | None = None) -> int:
        """Update columns of rows, and the columns derived from them, in one revision."""
        rows = list(objs)
        if not rows:
            return 0
        copy_from_parents(rows)
        for row in rows:
            row.derive()
        model: Any = self.model
        names = sorted({*fields, *model.DERIVED, *copied_columns(model)})
        with revise(*_schools_of(rows)):
            return super().bulk_update(rows, names, batch_size=batch_size or BATCH_ROWS)

    bulk_update.alters_data = True  # type: ignore[attr-defined]

    @override
    def update_or_create(
        self, defaults: Any = None, create_defaults: Any = None, **kwargs: Any
    ) -> tuple[ModelT, bool]:
        """Do as Django does, but lock the school before the row: two orders would deadlock."""
        model: Any = self.model
        found = self.filter(**kwargs).order_by()
        schools = [] if model.ROOT is None else list(found.values_list(model.ROOT, flat=True))
        if not schools:
            return super().update_or_create(defaults, create_defaults, **kwargs)
        with revise(*schools):
            return super().update_or_create(defaults, create_defaults, **kwargs)

    update_or_create.alters_data = True  # type: ignore[attr-defined]

    @override
    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete the rows; each leaves a tombstone in its history."""
        with self.revising() as rows:
            return models.QuerySet.delete(rows)

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    @contextmanager
    def revising(self) -> Iterator[Self]:
        """Revise the schools of these rows, and keep to them what is written inside."""
        model: Any = self.model
        root = model.ROOT
        if root is None:
            with revise():
                yield self
            return
        schools = list(self.order_by().values_list(root, flat=True).distinct())
        with revise(*schools):
            yield self.filter(**{f"{root}__in": schools})


def _refuse_upsert() -> NoReturn:
    message = "Upserts cannot say which rows they changed: look rows up, compare, then write."
    raise NotImplementedError(message)


def _schools_of(rows: Sequence[Any]) -> list[UUID]:
    return [key for key in {row.root_id for row in rows} if key is not None]


def _whole_rows(model: type[Any], rows: models.QuerySet[Any]) -> dict[Any, Any]:
    """Return rows by id, with all their columns, whatever the queryset shows of them."""
    pks = list(rows.order_by().values_list("pk", flat=True))
    return {row.pk: row for row in _fetched(model, pks)}


def _fetched(model: type[Any], pks: Sequence[Any]) -> Iterator[Any]:
    return (row for batch in _batches(pks) for row in plain(model).filter(pk__in=batch))


def _record_changes(model: type[Any], before: dict[Any, Any]) -> None:
    """Stamp the rows that differ from `before`, and write their history."""
    now = timezone.now()
    after = _fetched(model, list(before))
    changed = [row for row in after if row.differs_from(before[row.pk])]
    for row in changed:
        _forbid_move(row, before[row.pk])
        row.stamp(now)
    _store_stamps(model, changed)
    write_history(changed, "~")


def _batches(pks: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (pks[start : start + BATCH_ROWS] for start in range(0, len(pks), BATCH_ROWS))


def _forbid_move(row: Any, before: Any) -> None:
    if row.root_id != before.root_id:
        message = "A row cannot move to another school: delete it and create it there."
        raise RuntimeError(message)


def _store_stamps(model: type[Any], rows: Sequence[Any]) -> None:
    """Write the tracking columns; rows of one revision have the same."""
    by_stamp: dict[tuple[tuple[str, Any], ...], list[Any]] = {}
    for row in rows:
        by_stamp.setdefault(tuple(row.stamped_values().items()), []).append(row.pk)
    for stamp, pks in by_stamp.items():
        for batch in _batches(pks):
            plain(model).filter(pk__in=batch).update(**dict(stamp))


class DateRangeQuerySet(RevisedQuerySet[ModelT]):
    """Ask date ranges about days; both ends are included."""

    def for_date(self, day: dt.date) -> Self:
        """Return the ranges that cover `day`."""
        return self.filter(start_date__lte=day, end_date__gte=day)

    def overlapping(self, start: dt.date, end: dt.date) -> Self:
        """Return the ranges that share at least one day with `start`..`end`."""
        return self.filter(start_date__lte=end, end_date__gte=start)
