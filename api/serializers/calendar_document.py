"""The calendar document, and what became of one, as the OpenAPI document describes them."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.plumbing import ResolvedComponent, list_hash
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from typing_extensions import override

from api.serializers import examples
from api.serializers.base import Parameters, Shape
from api.serializers.fields import AsOfField, QueryFlagField, SchoolKeyField
from scheduling.documents import ROW_KINDS, document_schema
from scheduling.models import AcademicYear, Break, PeriodDefinition, Quarter, Term

FORMATS = (document_schema()["properties"]["format"]["const"],)
ACTIONS = ("created", "changed", "removed")

PUBLISHED = "#/$defs/"
CHOICES = (
    AcademicYear.CyclePolicy,
    Break.Kind,
    PeriodDefinition.Type,
    Quarter.QuarterType,
    Term.TermType,
)
CHOICES_BY_VALUES = {tuple(each.values): each.choices for each in CHOICES}


class CalendarParameters(Parameters):
    """A school."""

    school = SchoolKeyField()
    as_of = AsOfField()


class ReplaceCalendarParameters(Parameters):
    """A school, and whether anything is stored."""

    school = SchoolKeyField(
        _("The school: its id or its slug. With a slug that no school has, one is created.")
    )
    dry_run = QueryFlagField(
        default=False,
        help_text=_("`true` makes every check and tells what would change, but stores nothing."),
    )


@extend_schema_serializer(examples=[OpenApiExample("A small calendar", examples.CALENDAR_DOCUMENT)])
class CalendarDocumentSerializer(Shape):
    """The whole calendar of one school; the published JSON Schema says what is in it."""


class CountsSerializer(Shape):
    """How many rows of one kind were created, changed, removed and left alone."""

    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    removed = serializers.IntegerField()
    left_alone = serializers.IntegerField()


class CountsByKindSerializer(Shape):
    """What happened to the rows, kind by kind."""

    @override
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {kind: CountsSerializer() for kind in ROW_KINDS}


class TouchedRowSerializer(Shape):
    """One row that was created, changed or removed."""

    kind = serializers.ChoiceField(ROW_KINDS)
    key = serializers.CharField(
        help_text=_("The names that lead to it in the document, such as `2026-2027/SEM1/Q1`.")
    )
    action = serializers.ChoiceField(ACTIONS)


@extend_schema_serializer(
    examples=[OpenApiExample("A day off more", examples.CALENDAR_REPORT, response_only=True)]
)
class CalendarReportSerializer(Shape):
    """What a calendar document did to a school, or would do."""

    school = serializers.CharField(help_text=_("The school's slug."))
    counts = CountsByKindSerializer()
    touched = TouchedRowSerializer(
        many=True, help_text=_("Every row but those that were left alone.")
    )


class CalendarDocumentExtension(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """Describe the calendar document by its published JSON Schema, one component a part."""

    target_class = CalendarDocumentSerializer

    @override
    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        for part, shape in document_schema()["$defs"].items():
            name = component_name(part)
            component = ResolvedComponent(name, ResolvedComponent.SCHEMA, as_openapi(shape), name)  # type: ignore[no-untyped-call]
            auto_schema.registry.register_on_missing(component)
        return as_openapi(document_schema())


def component_name(part: str) -> str:
    """Return what a part of the published schema is called in the OpenAPI document."""
    return "Document" + "".join(word.capitalize() for word in part.split("_"))


def as_openapi(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a part of the published schema as the OpenAPI document writes it."""
    shape: dict[str, Any] = {}
    for keyword, value in schema.items():
        shape |= KEYWORDS[keyword](value) if keyword in KEYWORDS else {keyword: value}
    return shape


def _nothing(_value: Any) -> dict[str, Any]:
    return {}


def _reference(value: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{component_name(value.removeprefix(PUBLISHED))}"}


def _choices(values: list[str]) -> dict[str, Any]:
    """Return choices with the mark by which equal ones share a name."""
    known = CHOICES_BY_VALUES.get(tuple(values)) or [(value, value) for value in values]
    return {"enum": values, "x-spec-enum-id": list_hash(known)}


def _default(value: Any) -> dict[str, Any]:
    """Return a default that says something; not all generators can write down empty ones."""
    return {} if value in (None, "", [], {}) else {"default": value}


KEYWORDS: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "$ref": _reference,
    "const": lambda value: {"type": "string", **_choices([value])},
    "default": _default,
    "enum": _choices,
    "items": lambda value: {"items": as_openapi(value)},
    "properties": lambda value: {
        "properties": {name: as_openapi(each) for name, each in value.items()}
    },
    **dict.fromkeys(("$schema", "$id", "$defs", "title"), _nothing),
}
