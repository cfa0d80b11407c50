"""What the serializers of this package build on."""

from collections.abc import Callable, Mapping
from functools import cache, cached_property
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import ValidationError as ModelError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.settings import api_settings
from typing_extensions import override

from api.conditions import row_tag
from api.problems import GivenKey, Refused, errors_of
from api.serializers.fields import (
    ClockField,
    DateField,
    FlagField,
    InstantField,
    ObjectField,
    RowKeyField,
    TextField,
    WholeNumberField,
)
from core.models.abstracts import ValidatedModel

TRACKING = ["sourced_id", "metadata", "revision", "created_at", "updated_at"]
"""What every row but a period has at its end."""

ModelT = TypeVar("ModelT", bound=ValidatedModel)


class Shape(serializers.Serializer[Any]):
    """A JSON object. A key whose name is taken in Python is declared with a `_` after it."""

    @override
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {name.removesuffix("_"): field for name, field in super().get_fields().items()}


class Parameters(Shape):
    """What a URL says, in its path and in its query: every problem of it is told at once.

    Each parameter may be given once, unless it is a list, and none that the view does not know.
    The data are lists of texts by name.
    """

    @classmethod
    def read(cls, path: Mapping[str, str], query: Any) -> dict[str, Any]:
        """Return the values of the path's and the query's parameters by name.

        Raises ValidationError.
        """
        given = {name: [text] for name, text in path.items()}
        for name, texts in query.lists():
            given[name] = given.get(name, []) + texts
        reader = _reader(cls)
        known: dict[str, Any] = reader.validate(reader.to_internal_value(given))
        return known

    @cached_property
    def by_name(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """The parameters, as a plain dictionary: REST framework's costs more to look into."""
        return dict(self.fields)

    @override
    def to_internal_value(self, data: Mapping[str, list[str]]) -> dict[str, Any]:
        known: dict[str, Any] = {}
        faults: dict[str, Any] = {}
        for name, field in self.by_name.items():
            try:
                known[name] = field.run_validation(_given(field, data.get(name)))
            except serializers.ValidationError as error:
                faults[name] = error.detail
            except serializers.SkipField:
                continue
        message = _("There is no such parameter here.")
        unknown = (name for name in data if name not in self.by_name)
        faults |= {GivenKey(name): [ErrorDetail(message, "unknown_parameter")] for name in unknown}
        if faults:
            raise serializers.ValidationError(faults)
        return known


def _given(field: serializers.Field[Any, Any, Any, Any], texts: list[str] | None) -> Any:
    """Return what a parameter is given. Raises ValidationError."""
    is_list = isinstance(field, serializers.ListField)
    if not texts and field.required:
        raise serializers.ValidationError(_("Give this parameter."), "required")
    if not texts:
        return serializers.empty
    if len(texts) > 1 and not is_list:
        raise serializers.ValidationError(_("Give this parameter only once."), "repeated")
    if "" in texts:
        message = _("Give this parameter a value, or leave it out.")
        raise serializers.ValidationError(message, "blank")
    return texts if is_list else texts[0]


@cache
def _reader(parameters: type[Parameters]) -> Parameters:
    """Return what reads parameters of a kind. Reading changes nothing in it, so all share it."""
    return parameters()


class Options(Parameters):
    """Parameters that may all be left out."""

    @override
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        for field in fields.values():
            field.required = False
        return fields


class Strict(serializers.Serializer[Any]):
    """A JSON object in which a field that is not known, or not to be set, is a fault."""

    default_error_messages = {
        "invalid": _lazy("This must be a JSON object."),
        "unknown_field": _lazy("There is no such field here."),
        "read_only": _lazy("The service sets this field itself; leave it out."),
    }

    read: dict[str, Any]
    """What could be read, by source, even if the rest could not."""

    @override
    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            whole = api_settings.NON_FIELD_ERRORS_KEY
            raise serializers.ValidationError({whole: [self._error("invalid")]})
        fields = {str(field.field_name): field for field in self._writable_fields}
        unknown = (name for name in data if name not in fields)
        faults: dict[str, Any] = {GivenKey(name): [self._fault(name)] for name in unknown}
        self.read = {}
        for name, field in fields.items():
            try:
                self.read[str(field.source)] = field.run_validation(field.get_value(data))
            except serializers.ValidationError as error:
                faults[name] = error.detail
            except serializers.SkipField:
                continue
        if faults:
            raise serializers.ValidationError(faults)
        return self.read

    def _fault(self, name: str) -> ErrorDetail:
        return self._error("read_only" if name in self.fields else "unknown_field")

    def _error(self, code: str) -> ErrorDetail:
        return ErrorDetail(str(self.error_messages[code]), code)


class StrictShape(Strict, Shape):
    """What an action is told."""


class ModelSerializer(Strict, serializers.ModelSerializer[ModelT]):
    """Parse and shape a row. What is valid is for the model to say, when it is saved.

    REST framework would otherwise guess checks from the model's constraints and run them first,
    with messages of its own. A body that cannot be read in one place is still judged in the
    others: see `assemble()` and `problems()`.
    """

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.CharField: TextField,
        models.DateField: DateField,
        models.DateTimeField: InstantField,
        models.TimeField: ClockField,
        models.BooleanField: FlagField,
        models.PositiveSmallIntegerField: WholeNumberField,
        models.PositiveBigIntegerField: WholeNumberField,
        models.JSONField: ObjectField,
    }
    serializer_related_field = RowKeyField

    EXPANDABLE: ClassVar[Mapping[str, type[Shape]]] = {}
    """The parents that can be shown along, each with its shape."""

    EXAMPLE: ClassVar[Mapping[str, Any]]
    """A row as the OpenAPI document shows it."""

    @override
    def get_validators(self) -> list[Any]:
        return []

    @override
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        if "revision" in fields:
            fields["etag"] = TagField(source="*", read_only=True)
        if self.EXPANDABLE:
            fields["expanded"] = _expanded_shape(type(self))(
                source="*", read_only=True, help_text=_lazy("The parents that `expand` asks for.")
            )
        return fields

    @override
    def to_representation(self, instance: ModelT) -> Any:
        if not self.context.get("expand"):
            self.fields.pop("expanded", None)
        return super().to_representation(instance)

    @override
    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        field_class, options = super().build_standard_field(field_name, model_field)
        for asked_by_the_model in ("validators", "min_value", "max_value"):
            options.pop(asked_by_the_model, None)
        return field_class, options

    @classmethod
    def tag(cls, row: ModelT) -> str:
        """Return the ETag of a row."""
        return row_tag(row)  # type: ignore[arg-type]

    def save_options(self) -> dict[str, Any]:
        """Return what else the body says to the model's `save()`."""
        return {}

    def assemble(self, row: ModelT, permit: Callable[[ModelT], None]) -> None:
        """Set on a row what the body says; a whole body resets what it does not mention.

        The row is not saved. `permit` raises what is to be answered unless the caller may write
        the row; it is asked before the model compares the row with others. Raises Refused with
        everything that is wrong, if the body could not be read in some place: what the model
        thinks of the rest included.
        """
        unreadable = self.read_into(row)
        unread = self._unread()
        is_object = hasattr(self, "read")
        if is_object and not unread & _relations(row):
            permit(row)
        if unreadable:
            judged = _refusals(row, unread) if is_object else []
            raise Refused([*unreadable, *judged])

    def read_into(self, row: ModelT) -> list[dict[str, str]]:
        """Set on a row what can be read of the body, and return what is wrong with the rest."""
        is_valid = self.is_valid()
        if hasattr(self, "read"):  # it is an object at least
            writable = {field.field_name for field in self._writable_fields}
            unread = self._unread()
            for column in row._meta.concrete_fields:
                if column.name in writable:
                    self._set(row, column, is_unread=column.name in unread)
        return [] if is_valid else list(errors_of(serializers.ValidationError(self.errors)))

    def _unread(self) -> set[str]:
        """Return the fields whose values could not be read."""
        return {str(field.field_name) for field in self._writable_fields} & set(self.errors)

    def _set(self, row: ModelT, column: Any, *, is_unread: bool) -> None:
        if column.name in self.read:
            setattr(row, column.name, self.read[column.name])
        elif is_unread:
            setattr(row, column.attname, None)
        elif not self.partial:
            setattr(row, column.name, column.get_default())


class TagField(serializers.CharField):
    """The ETag of a row, so that what comes from a list can be changed on a condition, too."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(help_text=_lazy("The ETag of the row, for `If-Match`."), **kwargs)

    @override
    def to_representation(self, value: Any) -> str:
        serializer: Any = self.parent
        return str(serializer.tag(value))


@cache
def _expanded_shape(serializer: type[ModelSerializer[Any]]) -> type[Shape]:
    """Return the shape of the parents shown along; those that nobody asked for are left out."""
    name = serializer.__name__.removesuffix("Serializer")
    shapes = serializer.EXPANDABLE.items()
    fields = {parent: shape(required=False, allow_null=True) for parent, shape in shapes}
    return type(f"{name}ExpandedSerializer", (_Expanded,), fields)


class _Expanded(Shape):
    """The parents of a row, as far as they are asked for."""

    @override
    def to_representation(self, instance: Any) -> dict[str, Any]:
        parents = {name: getattr(instance, name) for name in self.context["expand"]}
        return {
            name: None if parent is None else self.fields[name].to_representation(parent)
            for name, parent in parents.items()
        }


def _refusals(row: ValidatedModel, unread: set[str]) -> list[dict[str, str]]:
    """Return what the model thinks of the columns that could be read.

    While it is not known what the row belongs to, it is compared with no other.
    """
    try:
        row.full_clean(exclude=unread, validate_constraints=not unread & _relations(row))
    except ModelError as refusal:
        known = {name: each for name, each in refusal.error_dict.items() if name not in unread}
        return list(errors_of(ModelError(known)))
    return []


def _relations(row: ValidatedModel) -> set[str]:
    """Return the columns that name another row."""
    return {field.name for field in row._meta.concrete_fields if field.is_relation}
