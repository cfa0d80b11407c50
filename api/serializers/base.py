"""What the serializers of this package build on."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from typing_extensions import override


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
