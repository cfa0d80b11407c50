"""Rows as a student information system puts them: known by its keys, and naming others by them."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from typing_extensions import override

from api.problems import Refused, errors_of
from api.serializers import examples
from api.serializers.academic_year import AcademicYearSerializer
from api.serializers.base import ModelSerializer, Parameters, Shape, StrictShape
from api.serializers.breaks import BreakSerializer
from api.serializers.day_override import DayOverrideSerializer
from api.serializers.fields import (
    ObjectField,
    QueryFlagField,
    SchoolKeyField,
    ShortListField,
    TextField,
)
from api.serializers.period_definition import PeriodDefinitionSerializer
from api.serializers.period_template import PeriodTemplateSerializer
from api.serializers.quarter import QuarterSerializer
from api.serializers.schedule_rule import ScheduleRuleSerializer
from api.serializers.term import TermCreateSerializer
from scheduling.documents import MOST_ITEMS, RESULTS, TARGETS, Item, Outcome
from scheduling.documents.kinds import (
    BREAKS,
    OVERRIDES,
    PERIODS,
    QUARTERS,
    RULES,
    TEMPLATES,
    TERMS,
    YEARS,
    Kind,
)

KINDS: Mapping[str, Kind] = {
    "academic-years": YEARS,
    "terms": TERMS,
    "quarters": QUARTERS,
    "breaks": BREAKS,
    "period-templates": TEMPLATES,
    "period-definitions": PERIODS,
    "schedule-rules": RULES,
    "day-overrides": OVERRIDES,
}
"""What a batch can be about: the rows of a school, by resource."""
RESOURCES = {kind: resource for resource, kind in KINDS.items()}
KINDS_BY_MODEL = {kind.model: kind for kind in RESOURCES}
SHAPES: Mapping[Kind, type[ModelSerializer[Any]]] = {
    YEARS: AcademicYearSerializer,
    TERMS: TermCreateSerializer,
    QUARTERS: QuarterSerializer,
    BREAKS: BreakSerializer,
    TEMPLATES: PeriodTemplateSerializer,
    PERIODS: PeriodDefinitionSerializer,
    RULES: ScheduleRuleSerializer,
    OVERRIDES: DayOverrideSerializer,
}
BATCHED = tuple(KINDS)
OPERATIONS = ("upsert", "delete")
LONGEST_SOURCED_ID = 255
SOURCED_ID = _("What the student information system calls the row.")
PARENT = _(
    "What the row belongs to: its sourced id or its id. A new row needs it; it cannot change."
)
TEMPLATE = _("The bell schedule: its sourced id or its id.")


@cache
def item_serializer(kind: Kind) -> type[ModelSerializer[Any]]:
    """Return what reads a row of the school that the address names, under its sourced id."""
    base = SHAPES[kind]
    fields: dict[str, Any] = {
        "school": serializers.PrimaryKeyRelatedField(read_only=True),
        "sourced_id": serializers.CharField(read_only=True),
    }
    if kind.parent in TARGETS:
        fields[kind.parent] = _reference(PARENT, required=False)
    if kind.refers_to_template:
        may_lack_it = kind.model._meta.get_field("template").null
        options: dict[str, Any] = {"default": None, "allow_null": True} if may_lack_it else {}
        fields["template"] = _reference(TEMPLATE, **options)
    name = f"{kind.model.__name__}ItemSerializer"
    shape = type(name, (base,), {**fields, "EXPANDABLE": {}, "Meta": base.Meta})
    shape.__doc__ = base.__doc__
    return shape


def _reference(text: Any, **options: Any) -> TextField:
    return TextField(max_length=LONGEST_SOURCED_ID, help_text=text, write_only=True, **options)


class ItemReader:
    """Reads what is said of rows of one kind, one after another. It is for one request."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.serializer = item_serializer(kind)()
        writable = {field.field_name for field in self.serializer._writable_fields} - {*TARGETS}  # noqa: SLF001
        columns = kind.model._meta.concrete_fields
        self.defaults = {each.name: each.get_default for each in columns if each.name in writable}

    def read(self, sourced_id: str, data: Any, **place: Any) -> Item:
        """Return what is said of a row; `place` says where, as Item does.

        Raises ValidationError.
        """
        self.serializer.run_validation(data)
        said = dict(self.serializer.read)
        named = {column: said.pop(column) for column in TARGETS if column in said}
        gets_quarters = said.pop("generate_quarters", True)
        values = {name: default() for name, default in self.defaults.items()} | said
        return Item(self.kind, sourced_id, values, named, gets_quarters=gets_quarters, **place)


class UpsertParameters(Parameters):
    """A school, and the key under which it has a row."""

    school = SchoolKeyField()
    sourced_id = TextField(max_length=LONGEST_SOURCED_ID, help_text=SOURCED_ID)


class BatchParameters(Parameters):
    """A school, and whether anything is stored."""

    school = SchoolKeyField()
    dry_run = QueryFlagField(
        default=False,
        help_text=_("`true` makes every check and tells what would change, but stores nothing."),
    )


class BatchItemSerializer(StrictShape):
    """One row that is to be there, or to go."""

    resource = serializers.ChoiceField(BATCHED, help_text=_("The resource that it is of."))
    sourced_id = TextField(max_length=LONGEST_SOURCED_ID, help_text=SOURCED_ID)
    op = serializers.ChoiceField(
        OPERATIONS,
        default="upsert",
        help_text=_("`upsert` creates or replaces the row, `delete` deletes it if it is there."),
    )
    data_ = ObjectField(
        required=False,
        help_text=_(
            "What `PUT /api/v1/{resource}/by-sourced-id/{school}/{sourced_id}` takes as its body. "
            "Other rows are named by their sourced id, also those that come in the same batch."
        ),
    )

    @override
    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require data of what is to be there, and of that alone."""
        if attrs["op"] == "upsert" and "data" not in attrs:
            fault = ErrorDetail(str(_("Say what the row is to be.")), "required")
            raise serializers.ValidationError({"data": [fault]})
        if attrs["op"] == "delete" and "data" in attrs:
            fault = ErrorDetail(str(_("A row that goes needs no data.")), "unknown_field")
            raise serializers.ValidationError({"data": [fault]})
        return attrs


class BatchSerializer(StrictShape):
    """Rows that are to be there or to go, in any order."""

    EXAMPLE = examples.BATCH

    items = ShortListField(child=BatchItemSerializer(), max_length=MOST_ITEMS)

    def read_items(self) -> list[Item]:
        """Return what is said of each row. Raises Refused with everything that cannot be read."""
        items, unreadable = [], []
        reader_of = cache(ItemReader)
        for index, given in enumerate(self.validated_data["items"]):
            kind, pointer = KINDS[given["resource"]], f"/items/{index}"
            place: Any = {"index": index, "pointer": pointer, "place": "/data"}
            if given["op"] == "delete":
                items.append(Item(kind, given["sourced_id"], None, **place))
                continue
            try:
                items.append(reader_of(kind).read(given["sourced_id"], given["data"], **place))
            except serializers.ValidationError as error:
                unreadable += [
                    {**each, "pointer": f"{pointer}/data{each['pointer']}"}
                    for each in errors_of(error)
                ]
        if unreadable:
            raise Refused(unreadable)
        return items


class BatchCountsSerializer(Shape):
    """How many rows were created, updated, left unchanged and deleted."""

    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    deleted = serializers.IntegerField()


class BatchResultSerializer(Shape):
    """What happened to one row."""

    resource = serializers.ChoiceField(BATCHED)
    sourced_id = serializers.CharField(help_text=SOURCED_ID)
    id = serializers.UUIDField(
        allow_null=True,
        help_text=_("Its id; null where nothing was to delete, or is stored."),
    )
    result = serializers.ChoiceField(RESULTS)


class BatchReportSerializer(Shape):
    """What a batch did, or would do."""

    EXAMPLE = examples.BATCH_REPORT

    dry_run = serializers.BooleanField(help_text=_("Whether nothing of it was stored."))
    revision = serializers.IntegerField(help_text=_("The school's revision now."))
    counts = BatchCountsSerializer()
    items = BatchResultSerializer(many=True, help_text=_("The rows in the order of the items."))


def report_of(outcome: Outcome, *, dry_run: bool) -> dict[str, Any]:
    """Return what a batch did as JSON has it."""
    return {
        "dry_run": dry_run,
        "revision": outcome.revision,
        "counts": outcome.counts,
        "items": [
            {
                "resource": RESOURCES[each.item.kind],
                "sourced_id": each.item.sourced_id,
                "id": None if dry_run and each.result == "created" else each.id,
                "result": each.result,
            }
            for each in outcome.results
        ],
    }
