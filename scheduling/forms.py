"""Forms that people fill in. What is valid is for the models to say."""

import json
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.fields import InvalidJSONInput
from django.utils.dates import WEEKDAYS as WEEKDAY_LABELS
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from scheduling.calendar.days import WEEKDAYS
from scheduling.models import PeriodDefinition


class ObjectField(forms.JSONField):
    """A JSON object, indented; nothing typed means an empty one."""

    @override
    def to_python(self, value: Any) -> Any:
        if value in (None, ""):
            return {}
        try:
            return super().to_python(value)
        except RecursionError as error:
            raise ValidationError(_("This is nested too deeply."), "too_deep") from error

    @override
    def bound_data(self, data: Any, initial: Any) -> Any:
        return InvalidJSONInput(data or "")  # as it was typed, whatever it is

    @override
    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, InvalidJSONInput):
            return value
        return json.dumps(value, indent=2, ensure_ascii=False)


class WeekdaysField(forms.MultipleChoiceField):
    """A list of weekday names, as seven boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, encoder: Any = None, decoder: Any = None, **kwargs: Any) -> None:  # noqa: ARG002
        """Take what a JSON column hands to its form field."""
        labels = enumerate(WEEKDAYS)
        super().__init__(choices=[(day, WEEKDAY_LABELS[n]) for n, day in labels], **kwargs)


class RotationField(forms.Field):
    """A list of rotation days, one a line, for a name may contain anything else."""

    widget = forms.Textarea(attrs={"rows": 4, "cols": 20})

    def __init__(self, *, encoder: Any = None, decoder: Any = None, **kwargs: Any) -> None:  # noqa: ARG002
        """Take what a JSON column hands to its form field."""
        super().__init__(**kwargs)

    @override
    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    @override
    def to_python(self, value: Any) -> list[str]:
        return [line.strip() for line in (value or "").splitlines() if line.strip()]


class RowForm(forms.ModelForm[Any]):
    """A form of a model that validates itself, with fields that people can read."""

    refusal: ClassVar[ValidationError | None] = None
    """What the model said when it was saved, after the form had found nothing wrong."""

    class Meta:
        field_classes: ClassVar[dict[str, Any]] = {
            "cycle_days": RotationField,
            "meta": ObjectField,
            "metadata": ObjectField,
            "weekdays": WeekdaysField,
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "cycle_days": _("The days of the rotation in order, one a line; none without one."),
        }

    @override
    def add_error(self, field: str | None, error: Any) -> None:
        """Show what is wrong with a field that the form does not have above the others."""
        for name, errors in ValidationError(error).update_error_dict({}).items():
            shown = field or (name if name in self.fields else NON_FIELD_ERRORS)
            super().add_error(None if shown == NON_FIELD_ERRORS else shown, errors)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.refusal is not None and not self.errors:
            self.add_error(None, self.refusal)


class PeriodDefinitionForm(RowForm):
    """A period of a bell schedule; its times are hours and minutes."""

    class Meta(RowForm.Meta):
        model = PeriodDefinition
        fields = (
            "template",
            "number",
            "name",
            "type",
            "start",
            "length",
            "passing",
            "track",
            "irregular",
            "sourced_id",
            "meta",
        )
        widgets: ClassVar[dict[str, Any]] = {
            "start": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        }
