"""What a row has been, as JSON."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.pagination import CursorField, PageSizeField
from api.serializers import examples
from api.serializers.base import ModelSerializer, Options, Shape, TagField
from api.serializers.changes import RowField
from core.history import GONE

OPERATIONS = CREATED, CHANGED, DELETED = "created", "changed", "deleted"
OF_OTHER_ROWS = (serializers.BaseSerializer, TagField)
"""The fields that say what other rows say, too."""
OF_EVERY_WRITE = frozenset({"created_at", "updated_at"})
"""What says nothing of what a write was about."""


class HistoryParameters(Options):
    """A page of what a row has been."""

    page_size = PageSizeField()
    cursor = CursorField()


class VersionSerializer(Shape):
    """A row as one revision left it."""

    op = serializers.ChoiceField(OPERATIONS)
    revision = serializers.IntegerField(
        help_text=_("The school's revision that wrote it; a district counts its own.")
    )
    changed_at = serializers.DateTimeField(
        help_text=_("From when on it was so: what `as_of` goes by.")
    )
    changed_by = serializers.CharField(
        allow_null=True,
        help_text=_("Who wrote it: the name of a person or of a program's account, for editors."),
    )
    changed = serializers.ListField(
        child=serializers.CharField(),
        allow_null=True,
        help_text=_(
            "The fields that were something else before; none if it was created or deleted. Null "
            "if what was before is not known any more."
        ),
    )
    object = RowField(
        help_text=_(
            "The row as `GET /api/v1/{resource}/{id}` answered it, without `revision`, `etag` and "
            "the periods of a bell schedule; of one that was deleted, its last."
        )
    )


class HistoryPageSerializer(Shape):
    """A page of what a row has been, the newest first."""

    next = serializers.URLField(
        allow_null=True, help_text=_("The address of the next page; null on the last one.")
    )
    results = VersionSerializer(many=True)


def shown_versions(
    serializer: ModelSerializer[Any], found: Sequence[Any], before: Any
) -> list[dict[str, Any]]:
    """Return versions of a row, the newest first, as JSON has them; `before` came before them."""
    for name in _left_out(serializer):
        serializer.fields.pop(name)
    shown = [each and serializer.to_representation(each.instance) for each in (*found, before)]
    return [_entry(*each) for each in zip(found, shown[:-1], shown[1:], strict=True)]


def example_of(serializer: type[ModelSerializer[Any]]) -> dict[str, Any]:
    """Return an example of a page, as the OpenAPI document shows it."""
    left_out = _left_out(serializer())
    version = {
        "op": CREATED,
        "revision": serializer.EXAMPLE["revision"],
        "changed_at": examples.TRACKED["updated_at"],
        "changed_by": "Ada Reyes",
        "changed": [],
        "object": {
            name: value for name, value in serializer.EXAMPLE.items() if name not in left_out
        },
    }
    return {"next": None, "results": [version]}


def _left_out(serializer: Any) -> list[str]:
    """Return the fields that a version does not show."""
    return [
        name
        for name, field in serializer.fields.items()
        if name == "revision" or isinstance(field, OF_OTHER_ROWS)
    ]


def _entry(version: Any, shown: dict[str, Any], earlier: dict[str, Any] | None) -> dict[str, Any]:
    op = _operation(version)
    changed: list[str] | None = []
    if op == CHANGED:
        changed = None if earlier is None else _differences(shown, earlier)
    return {
        "op": op,
        "revision": version.revision,
        "changed_at": version.changed_at,
        "changed_by": _name_of(version.history_user) if version.names_person else None,
        "changed": changed,
        "object": shown,
    }


def _operation(version: Any) -> str:
    if version.history_type == GONE:
        return DELETED
    return CREATED if version.is_new else CHANGED


def _differences(shown: dict[str, Any], earlier: dict[str, Any]) -> list[str]:
    return [
        name
        for name, value in shown.items()
        if name not in OF_EVERY_WRITE and value != earlier[name]
    ]


def _name_of(user: Any) -> str | None:
    return None if user is None else str(user.get_full_name() or user.get_username())
