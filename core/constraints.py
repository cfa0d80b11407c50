"""Rules in `Meta.constraints` that hold in the database itself, on PostgreSQL and on SQLite.

They are `BaseConstraint`s: a migration shows each as one line, `full_clean()` asks `validate()`,
and Django keeps them when it remakes a SQLite table. Migration operations and triggers of our own
would be dropped there without a word.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.ids import as_uuid
from core.revision import plain, revise, schools_in_revision, tables_deferred

DAYS = "days"
"""The range is whole days, both ends included."""
TIMES = "times"
"""The range is times of one day; the start belongs to it, the end does not."""

OVERLAPS = _("This overlaps %(clash)s.")
FOREIGN_PARENT = _("This belongs to another school.")

_POSTGRESQL_RANGES = {
    DAYS: "daterange({start}, {end}, '[]')",
    TIMES: "schoolday_timerange({start}, {end}, '[)')",
}
# Two rows touch each other's range: days do so on a shared end, times do not.
_SQLITE_OVERLAPS = {
    DAYS: "other.{start} <= NEW.{end} AND other.{end} >= NEW.{start}",
    TIMES: "other.{start} < NEW.{end} AND other.{end} > NEW.{start}",
}
_LOOKUPS = {DAYS: ("lte", "gte"), TIMES: ("lt", "gt")}


class NoOverlap(BaseConstraint):
    """The ranges of rows with equal `group` columns share no day, or no moment.

    With `track`, only rows that one person meets at once exclude each other: rows of one track,
    and rows of which either has the track "", which is everybody's.

    PostgreSQL holds it with an exclusion constraint (needs btree_gist and, for times and tracks,
    the range types of the first migration); SQLite with triggers on the same table.
    """

    def __init__(
        self,
        *,
        name: str,
        group: Sequence[str],
        start: str = "start_date",
        end: str = "end_date",
        kind: str = DAYS,
        track: str = "",
        violation_error_code: str = "overlap",
        violation_error_message: Any = OVERLAPS,
    ) -> None:
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )
        self.group, self.start, self.end = tuple(group), start, end
        self.kind, self.track = kind, track

    @override
    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        kwargs["group"] = self.group
        for name, default in (
            ("start", "start_date"),
            ("end", "end_date"),
            ("kind", DAYS),
            ("track", ""),
        ):
            if getattr(self, name) != default:
                kwargs[name] = getattr(self, name)
        return path, args, kwargs

    @override
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, NoOverlap):
            return NotImplemented
        return bool(self.deconstruct() == other.deconstruct())

    __hash__ = BaseConstraint.__hash__

    @override
    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.deferred_sql.extend(self.triggers(model, schema_editor))
            return None
        return self._exclusion(model, schema_editor)

    @override
    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        return _alter_table(model, schema_editor, f"ADD {self._exclusion(model, schema_editor)}")

    @override
    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        quoted = schema_editor.quote_name(self.name)
        return _alter_table(model, schema_editor, f"DROP CONSTRAINT {quoted}")

    def _exclusion(self, model: Any, schema_editor: Any) -> str:
        column = _column_quoter(model, schema_editor)
        span = _POSTGRESQL_RANGES[self.kind].format(start=column(self.start), end=column(self.end))
        parts = [f"{column(name)} WITH =" for name in self.group] + [f"{span} WITH &&"]
        if self.track:  # "" is the unbounded range, which meets every track
            track = f"NULLIF({column(self.track)}, '')"
            parts.append(f"schoolday_trackrange({track}, {track}, '[]') WITH &&")
        quoted = schema_editor.quote_name(self.name)
        return (
            f"CONSTRAINT {quoted} EXCLUDE USING gist ({', '.join(parts)}) "
            "DEFERRABLE INITIALLY IMMEDIATE"
        )

    def triggers(self, model: Any, schema_editor: Any) -> list[Statement]:
        """Return the SQLite triggers: one for INSERT, one for UPDATE."""
        column = _column_quoter(model, schema_editor)
        tests = [f"other.{column('id')} <> NEW.{column('id')}"]
        tests += [f"other.{column(name)} = NEW.{column(name)}" for name in self.group]
        tests.append(
            _SQLITE_OVERLAPS[self.kind].format(start=column(self.start), end=column(self.end))
        )
        if self.track:
            track = column(self.track)
            tests.append(f"(other.{track} = NEW.{track} OR other.{track} = '' OR NEW.{track} = '')")
        table = Table(model._meta.db_table, schema_editor.quote_name)
        clash = f"EXISTS (SELECT 1 FROM %(table)s other WHERE {' AND '.join(tests)})"  # noqa: S608
        refuse = f"SELECT RAISE(ABORT, 'constraint failed: {self.name}')"
        return [
            Statement(
                f"CREATE TRIGGER {schema_editor.quote_name(self.trigger(event))} "
                f"AFTER {event} ON %(table)s WHEN {clash} BEGIN {refuse}; END",
                table=table,
            )
            for event in ("INSERT", "UPDATE")
        ]

    def trigger(self, event: str) -> str:
        """Return the name of the SQLite trigger for an event."""
        return f"{self.name}_on_{event.lower()}"

    @override
    def validate(
        self, model: Any, instance: Any, exclude: Any = None, using: str = "default"
    ) -> None:
        names = [*self.group, self.start, self.end, *filter(None, [self.track])]
        if exclude and not set(exclude).isdisjoint(names):
            return
        values = {name: getattr(instance, model._meta.get_field(name).attname) for name in names}
        if None in values.values() or values[self.start] > values[self.end]:
            return  # reported by now
        clash = self.overlapping(plain(model).using(using), values).exclude(pk=instance.pk).first()
        if clash is not None:
            message: Any = self.violation_error_message
            raise ValidationError(message, self.violation_error_code, {"clash": clash})

    def overlapping(self, rows: Any, values: dict[str, Any]) -> Any:
        """Return the rows of the group that overlap a range given by column values."""
        until, since = _LOOKUPS[self.kind]
        test = Q(
            **{name: values[name] for name in self.group},
            **{f"{self.start}__{until}": values[self.end]},
            **{f"{self.end}__{since}": values[self.start]},
        )
        if self.track and values[self.track]:
            test &= Q(**{f"{self.track}__in": ["", values[self.track]]})
        return rows.filter(test).order_by(self.start, "pk")


class ReferencedKey(UniqueConstraint):
    """The columns of a parent that a `MatchesParent` copies, as a key it can refer to.

    Always true, for it contains the id: `full_clean()` need not ask.
    """

    @override
    def validate(
        self, model: Any, instance: Any, exclude: Any = None, using: str = "default"
    ) -> None:
        """Nothing to ask."""


class MatchesParent(BaseConstraint):
    """Copied columns equal the parent's: a composite foreign key to the parent's `ReferencedKey`.

    `copies` pairs a column of this model with one of the parent's. With `cascade` the database
    carries a change of the parent over, so that a CHECK between a row and its copies is a rule
    between the row and its parent. A parent that is NULL is not compared.
    """

    def __init__(
        self,
        *,
        name: str,
        parent: str,
        copies: Sequence[tuple[str, str]],
        cascade: bool = False,
        violation_error_code: str = "foreign_parent",
        violation_error_message: Any = FOREIGN_PARENT,
    ) -> None:
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )
        self.parent, self.cascade = parent, cascade
        self.copies = tuple((own, theirs) for own, theirs in copies)

    @override
    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        kwargs.update(parent=self.parent, copies=self.copies)
        if self.cascade:
            kwargs["cascade"] = True
        return path, args, kwargs

    @override
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MatchesParent):
            return NotImplemented
        return bool(self.deconstruct() == other.deconstruct())

    __hash__ = BaseConstraint.__hash__

    @override
    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        parent = model._meta.get_field(self.parent).related_model
        own, theirs = _column_quoter(model, schema_editor), _column_quoter(parent, schema_editor)
        columns = ", ".join([own(self.parent), *(own(name) for name, _theirs in self.copies)])
        referred = ", ".join([theirs("id"), *(theirs(name) for _own, name in self.copies)])
        sql = (
            f"CONSTRAINT {schema_editor.quote_name(self.name)} FOREIGN KEY ({columns}) "
            f"REFERENCES {schema_editor.quote_name(parent._meta.db_table)} ({referred})"
        )
        if self.cascade:
            sql += " ON UPDATE CASCADE"
        if schema_editor.connection.vendor == "sqlite":
            sql += " ON DELETE CASCADE"  # `flush` empties the tables in any order
        return sql

    @override
    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        return _alter_table(
            model, schema_editor, f"ADD {self.constraint_sql(model, schema_editor)}"
        )

    @override
    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        quoted = schema_editor.quote_name(self.name)
        return _alter_table(model, schema_editor, f"DROP CONSTRAINT {quoted}")

    @override
    def validate(
        self, model: Any, instance: Any, exclude: Any = None, using: str = "default"
    ) -> None:
        names = [self.parent, *(own for own, _theirs in self.copies)]
        if exclude and not set(exclude).isdisjoint(names):
            return
        parents = self.parent_values([instance])
        found = parents.get(as_uuid(getattr(instance, _attname(instance, self.parent))))
        if found is not None and found != self.own_values(instance):
            message: Any = self.violation_error_message
            error = ValidationError(message, self.violation_error_code)
            raise ValidationError({self.parent: error})

    def own_values(self, row: models.Model) -> tuple[Any, ...]:
        """Return the row's copies."""
        return tuple(getattr(row, _attname(row, own)) for own, _theirs in self.copies)

    def parent_values(self, rows: Sequence[models.Model]) -> dict[Any, tuple[Any, ...]]:
        """Return what the parents of rows of one model say now, by parent id, in one query."""
        parent: Any = rows[0]._meta.get_field(self.parent)
        ids = {as_uuid(getattr(row, parent.attname)) for row in rows} - {None}
        columns = ("pk", *(theirs for _own, theirs in self.copies))
        found = plain(parent.related_model).filter(pk__in=ids).values_list(*columns)
        return {pk: tuple(values) for pk, *values in found}


def copy_from_parents(rows: Sequence[models.Model]) -> None:
    """Set the copied columns of rows of one model to what their parents say now.

    The first constraint that names a column fills it; a later one only compares. A row without
    a parent keeps what it has: the missing parent is reported when it is validated.
    """
    if not rows:
        return
    for constraint in filling_constraints(type(rows[0])):
        _copy(rows, constraint)


@cache
def filling_constraints(model: type[models.Model]) -> tuple[MatchesParent, ...]:
    """Return the constraints from which `copy_from_parents` fills columns."""
    filled: set[str] = set()
    found = []
    for constraint in model._meta.constraints:
        if isinstance(constraint, MatchesParent) and filled.isdisjoint(dict(constraint.copies)):
            found.append(constraint)
            filled |= set(dict(constraint.copies))
    return tuple(found)


def _copy(rows: Sequence[models.Model], constraint: MatchesParent) -> None:
    parents = constraint.parent_values(rows)
    parent_id = _attname(rows[0], constraint.parent)
    own = [_attname(rows[0], name) for name, _theirs in constraint.copies]
    for row in rows:
        values = parents.get(as_uuid(getattr(row, parent_id)), ())
        for name, value in zip(own, values, strict=False):
            setattr(row, name, value)


def copied_columns(model: type[models.Model]) -> frozenset[str]:
    """Return the names of the columns that `copy_from_parents` fills."""
    return copies_from(model, {each.parent for each in filling_constraints(model)})


def copies_from(model: type[models.Model], parents: Collection[str]) -> frozenset[str]:
    """Return the names of the columns that `copy_from_parents` fills from some of the parents."""
    filling = (each for each in filling_constraints(model) if each.parent in parents)
    return frozenset(own for constraint in filling for own, _theirs in constraint.copies)


@contextmanager
def at_the_end(model: type[models.Model]) -> Iterator[None]:
    """Ask a model's `NoOverlap` rules once, when the outermost such block ends, not at every row.

    Moving a boundary moves two rows, and in between they may overlap. A block that fails leaves
    nothing behind, also where somebody catches the error.

    Raises IntegrityError at the end if rows overlap, NoOpenRevisionError outside `revise()`.
    """
    deferred = tables_deferred()
    table = model._meta.db_table
    if table in deferred:
        yield
        return
    rules = [rule for rule in model._meta.constraints if isinstance(rule, NoOverlap)]
    waiting = _without_update_triggers if connection.vendor == "sqlite" else _deferred
    deferred.add(table)
    try:
        with revise(*schools_in_revision()), waiting(model, rules):
            yield
    finally:
        deferred.discard(table)


@contextmanager
def _deferred(_model: type[models.Model], rules: Sequence[NoOverlap]) -> Iterator[None]:
    names = ", ".join(connection.ops.quote_name(rule.name) for rule in rules)
    _execute(f"SET CONSTRAINTS {names} DEFERRED")
    yield
    _execute(f"SET CONSTRAINTS {names} IMMEDIATE")


@contextmanager
def _without_update_triggers(
    model: type[models.Model], rules: Sequence[NoOverlap]
) -> Iterator[None]:
    quote = connection.ops.quote_name
    for rule in rules:
        _execute(f"DROP TRIGGER {quote(rule.trigger('UPDATE'))}")
    yield  # a failure rolls the savepoint back, and brings the triggers back
    editor = connection.SchemaEditorClass(connection, collect_sql=True)
    for rule in rules:
        _execute(str(rule.triggers(model, editor)[1]))
    for rule in rules:  # touch what can have changed, so that the triggers see it
        plain(model).filter(school__in=schools_in_revision()).update(
            **{rule.start: models.F(rule.start)}
        )


def _attname(row: models.Model, name: str) -> str:
    field: Any = row._meta.get_field(name)
    return str(field.attname)


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _column_quoter(model: Any, schema_editor: Any) -> Any:
    return lambda name: schema_editor.quote_name(model._meta.get_field(name).column)


def _alter_table(model: Any, schema_editor: Any, change: str) -> Statement:
    table = Table(model._meta.db_table, schema_editor.quote_name)
    return Statement("ALTER TABLE %(table)s " + change.replace("%", "%%"), table=table)
