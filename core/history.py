"""Everything a row has been: django-simple-history, with the revision and for bulk writes too."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models import Max, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords
from typing_extensions import override

from core.revision import current_actor, plain, rows_touched

if TYPE_CHECKING:
    from core.models.abstracts import TrackedModel


BATCH_ROWS = 500
"""Rows named in one statement: SQLite bounds the parameters of a statement."""


NEW, GONE = "+", "-"
"""How history marks the beginning and the end of a row."""


class Revisioned(models.Model):
    """A history row: it carries the revision that wrote it, a tombstone too."""

    revision = models.PositiveBigIntegerField(_("revision"), default=0, editable=False)

    class Meta:
        abstract = True


class Manager(HistoryManager):  # type: ignore[misc]
    """Managers of history, of one class: the library makes a class whenever one is asked for."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: Any, class_name: str | None = None) -> Any:
        """Return the class of managers that have the methods of a queryset."""
        return super().from_queryset(queryset_class, class_name)


class RevisionHistory(HistoricalRecords):  # type: ignore[misc]
    """Historical records with the revision, indexed for "what changed since" and "as of"."""

    def __init__(self) -> None:
        super().__init__(
            bases=[Revisioned],
            inherit=True,
            history_id_field=models.BigAutoField(),
            history_manager=Manager,
        )

    @override
    def fields_included(self, model: type[models.Model]) -> list[Any]:
        """Leave out what the model keeps out of its history."""
        excluded = model.HISTORY_EXCLUDED  # type: ignore[attr-defined]
        return [field for field in super().fields_included(model) if field.name not in excluded]

    @override
    def copy_fields(self, model: type[models.Model]) -> dict[str, Any]:
        """Copy columns without their indexes: history is asked by id and by school alone."""
        fields: dict[str, Any] = super().copy_fields(model)
        for field in fields.values():
            field.db_index = False
        return fields

    @override
    def get_meta_options(self, model: type[models.Model]) -> dict[str, Any]:
        """Add the indexes; those of a base class would not be inherited."""
        options: dict[str, Any] = super().get_meta_options(model)
        options["indexes"] = [models.Index(fields=["id", "-revision"])]
        if any(field.name == "school" for field in model._meta.fields):
            options["indexes"].append(models.Index(fields=["school", "revision"]))
        return options


def versions(model: type["TrackedModel"]) -> models.QuerySet[Any]:
    """Return the history rows of a model; `instance` of each is the row as it was."""
    return model.history.model.objects.order_by()  # type: ignore[no-any-return]


def as_of(model: type["TrackedModel"], revision: int, **kept: Any) -> models.QuerySet[Any]:
    """Return the version that each row had at a revision of its school, unless it was gone.

    That is the newest by then. It goes by revisions and, within one, by the order of writing:
    timestamps may be equal, or of two clocks.
    """
    told = versions(model).filter(revision__lte=revision, **kept)
    newest = told.values("id").annotate(newest=Max("history_id")).values("newest")
    return versions(model).filter(history_id__in=newest).exclude(history_type=GONE)


def stamp(row: "TrackedModel", history_row: Any) -> None:
    """Give a history row its revision and its actor, and mark the revision as changed.

    Raises NoOpenRevisionError outside `revise()`.
    """
    history_row.history_user = current_actor()
    history_row.revision = row.mark_changed()
    rows_touched()[type(row)].add(row.pk)


def write_history(rows: Sequence["TrackedModel"], history_type: str) -> None:
    """Write the history of a set-wise write: '+' created, '~' changed, '-' deleted.

    Raises NoOpenRevisionError outside `revise()`.
    """
    if not rows:
        return
    actor, now = current_actor(), timezone.now()
    rows_touched()[type(rows[0])].update(row.pk for row in rows)
    by_number: dict[int, list[TrackedModel]] = {}
    for row in rows:
        by_number.setdefault(row.mark_changed(), []).append(row)
    for number, revised in by_number.items():
        noted = {
            "history_date": now,
            "history_type": history_type,
            "history_user_id": None if actor is None else actor.pk,
            "revision": number,
        }
        write = _write_tombstones if history_type == GONE else _copy_stored
        write(revised, noted)


def _write_tombstones(rows: Sequence["TrackedModel"], noted: Mapping[str, Any]) -> None:
    history = type(rows[0]).history.model
    columns = _copied_columns(history)
    tombstones = (
        history(**{name: getattr(row, name) for name in columns}, **noted) for row in rows
    )
    history.objects.bulk_create(tombstones, batch_size=BATCH_ROWS)


def _copy_stored(rows: Sequence["TrackedModel"], noted: Mapping[str, Any]) -> None:
    """Let the database copy rows as it has them: they need not be sent a second time."""
    model = type(rows[0])
    history = model.history.model
    fields = {field.attname: field for field in history._meta.concrete_fields}
    columns = _copied_columns(history)
    constants = [Value(value, fields[name]) for name, value in noted.items()]
    targets = [fields[name].column for name in (*columns, *noted)]
    stored = plain(model).order_by("pk").values_list(*columns, *constants)
    for start in range(0, len(rows), BATCH_ROWS):
        batch = [row.pk for row in rows[start : start + BATCH_ROWS]]
        _insert(history._meta.db_table, targets, stored.filter(pk__in=batch))


def _copied_columns(history: Any) -> list[str]:
    names = (field.attname for field in history.tracked_fields)
    return [name for name in names if name != "revision"]


def _insert(table: str, columns: Sequence[str], rows: models.QuerySet[Any]) -> None:
    """Insert what a query finds."""
    quote = connection.ops.quote_name
    found, params = rows.query.get_compiler(connection=connection).as_sql()
    names = ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quote(table)} ({names}) {found}", params)
