"""What the serializers of this package build on."""

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import ValidationError as ModelError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from typing_extensions import override

from api.problems import Refused, errors_of
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
        parameters = cls(data=given)
        parameters.is_valid(raise_exception=True)
        return dict(parameters.validated_data)

    @override
    def to_internal_value(self, data: Mapping[str, list[str]]) -> Any:
        found = ((name, self._fault(name, data.get(name, []))) for name in {**self.fields, **data})
        faults = {name: [fault] for name, fault in found if fault}
        values = {
            name: texts if self._is_list(name) else texts[0]
            for name, texts in data.items()
            if name not in faults
        }
        try:
            known = super().to_internal_value(values)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**error.detail, **faults}) from error  # type: ignore[dict-item]
        if faults:
            raise serializers.ValidationError(faults)
        return known

    def _fault(self, name: str, texts: list[str]) -> ErrorDetail | None:
        if name not in self.fields:
            return ErrorDetail(_("There is no such parameter here."), "unknown_parameter")
        if self.fields[name].required and not texts:
            return ErrorDetail(_("Give this parameter."), "required")
        if len(texts) > 1 and not self._is_list(name):
            return ErrorDetail(_("Give this parameter only once."), "repeated")
        if "" in texts:
            return ErrorDetail(_("Give this parameter a value, or leave it out."), "blank")
        return None

    def _is_list(self, name: str) -> bool:
        return isinstance(self.fields.get(name), serializers.ListField)


class ModelSerializer(serializers.ModelSerializer[ModelT]):
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

    EXAMPLE: ClassVar[Mapping[str, Any]]
    """A row as the OpenAPI document shows it."""

    default_error_messages = {
        "unknown_field": gettext_lazy("There is no such field here."),
        "read_only": gettext_lazy("The service sets this field itself; leave it out."),
    }

    @override
    def get_validators(self) -> list[Any]:
        return []

    @override
    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        field_class, options = super().build_standard_field(field_name, model_field)
        for asked_by_the_model in ("validators", "min_value", "max_value"):
            options.pop(asked_by_the_model, None)
        return field_class, options

    @override
    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            self.fail("invalid", datatype=type(data).__name__)
        faults: dict[str, Any] = {
            name: [self._fault(name)] for name in data if name not in self._writable_names
        }
        self.read: dict[str, Any] = {}
        for field in self._writable_fields:
            try:
                self.read[str(field.source)] = field.run_validation(field.get_value(data))
            except serializers.ValidationError as error:
                faults[str(field.field_name)] = error.detail
            except serializers.SkipField:
                continue
        if faults:
            raise serializers.ValidationError(faults)
        return self.read

    def assemble(self, row: ModelT) -> None:
        """Set on a row what the body says; a whole body resets what it does not mention.

        The row is not saved. Raises Refused with everything that is wrong, if the body could not
        be read in some place: what the model thinks of the rest included.
        """
        unread = set() if self.is_valid() else set(self.errors)
        fields = {str(field.field_name): str(field.source) for field in self._writable_fields}
        for name, source in fields.items():
            if source in self.read:
                setattr(row, source, self.read[source])
            elif name in unread:
                setattr(row, row._meta.get_field(source).attname, None)  # type: ignore[union-attr]
            elif not self.partial:
                setattr(row, source, row._meta.get_field(source).get_default())  # type: ignore[union-attr]
        if unread:
            raise Refused([*self._unreadable(), *_refusals(row, unread & fields.keys())])

    def _unreadable(self) -> list[dict[str, str]]:
        return list(errors_of(serializers.ValidationError(self.errors)))

    @property
    def _writable_names(self) -> set[str]:
        return {str(field.field_name) for field in self._writable_fields}

    def _fault(self, name: str) -> ErrorDetail:
        code = "read_only" if name in self.fields else "unknown_field"
        return ErrorDetail(str(self.error_messages[code]), code)


def _refusals(row: ValidatedModel, unread: set[str]) -> list[dict[str, str]]:
    """Return what the model thinks of the columns that could be read."""
    try:
        row.full_clean(exclude=unread)
    except ModelError as refusal:
        return list(errors_of(refusal))
    return []
