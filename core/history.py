"""Everything a row has been: django-simple-history, with the revision and for bulk writes too."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords
from typing_extensions import override

from core.revision import current_actor, rows_touched

if TYPE_CHECKING:
    from core.models.abstracts import TrackedModel


class Revisioned(models.Model):
    """A history row: it carries the revision that wrote it, a tombstone too."""

    revision = models.PositiveBigIntegerField(_("revision"), default=0, editable=False)

    class Meta:
        abstract = True


class RevisionHistory(HistoricalRecords):  # type: ignore[misc]
    """Historical records with the revision, indexed for "what changed since" and "as of"."""

    def __init__(self) -> None:
        super().__init__(bases=[Revisioned], inherit=True, history_id_field=models.BigAutoField())

    @override
    def fields_included(self, model: type[models.Model]) -> list[Any]:
        """Leave out what the model keeps out of its history."""
        excluded = model.HISTORY_EXCLUDED  # type: ignore[attr-defined]
        return [field for field in super().fields_included(model) if field.name not in excluded]

    @override
    def get_meta_options(self, model: type[models.Model]) -> dict[str, Any]:
        """Add the indexes; those of a base class would not be inherited."""
        options: dict[str, Any] = super().get_meta_options(model)
        options["indexes"] = [models.Index(fields=["id", "-revision"])]
        if any(field.name == "school" for field in model._meta.fields):
            options["indexes"].append(models.Index(fields=["school", "revision"]))
        return options


def stamp(row: "TrackedModel", history_row: Any) -> None:
    """Give a history row its revision and its actor, and mark the revision as changed.

    Raises NoOpenRevisionError outside `revise()`.
    """
    history_row.history_user = current_actor()
    history_row.revision = row.mark_changed()
    rows_touched()[type(row)].add(row.pk)


def write_history(rows: Sequence["TrackedModel"], history_type: str) -> None:
    """Write the history of a set-wise write: '+' created, '~' changed."""
    if not rows:
        return
    manager = type(rows[0]).history
    now = timezone.now()
    history_rows = []
    for row in rows:
        values = {f.attname: getattr(row, f.attname) for f in manager.model.tracked_fields}
        history_row = manager.model(history_date=now, history_type=history_type, **values)
        stamp(row, history_row)
        history_rows.append(history_row)
    manager.model.objects.bulk_create(history_rows, batch_size=500)
