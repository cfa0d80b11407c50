"""Lists are read from columns, and say byte for byte what the serializer says of whole rows."""

from itertools import chain, permutations
from typing import Any

import pytest
import time_machine
from rest_framework import serializers
from typing_extensions import override

from api.renderers import JSONRenderer
from api.serializers.base import ModelSerializer
from api.serializers.breaks import BreakSerializer
from api.serializers.brief import SchoolBriefSerializer
from api.serializers.columns import part_of
from api.urls import RESOURCES
from scheduling.models import Break
from tests.api.resources.kinds import Kind, every_kind

pytestmark = pytest.mark.django_db

ODD_TEXT = 'é 😀 "\\ </script> \u2028\u2029 \x7f'
ODD_JSON = {
    "": None,
    "numbers": [0, -1, 2**53 - 1, 0.1, -2.5, 1e-05, 1e300],
    "deep": {"list": [[], {}, True, False], ODD_TEXT: ODD_TEXT},
}


def orders(names: list[str]) -> list[tuple[str, ...]]:
    """Return every choice of some of the names, in every order."""
    return list(chain.from_iterable(permutations(names, n) for n in range(len(names) + 1)))


def with_odd_values(kind: Kind, row: Any) -> None:
    """Give a row text and JSON of all sorts, changed on a whole second."""
    free = "meta" if hasattr(kind.model, "meta") else "metadata"
    schema = getattr(kind.model, "METADATA_SCHEMA", {})
    odd = {free: {} if schema.get("properties", {}).get("reporting_dates") else ODD_JSON}
    with time_machine.travel("2026-11-23T15:45:00Z", tick=False):
        kind.model.objects.filter(pk=row.pk).update(sourced_id=ODD_TEXT, **odd)


def told_by_serializer(kind: Kind, expand: tuple[str, ...]) -> bytes:
    serializer = RESOURCES[kind.path].serializer_class
    rows = kind.model.objects.order_by(kind.orderings[0], "id")
    shown = serializer(rows, many=True, context={"expand": expand}).data
    return JSONRenderer().render({"next": None, "results": shown})


@every_kind
def test_a_list_says_what_the_serializer_says(superuser, maple, kind: Kind) -> None:
    with_odd_values(kind, kind.many(maple, 3)[1])
    for expand in orders(kind.expandable):
        asked = "".join(f"&expand={name}" for name in expand)
        response = superuser.get(f"{kind.url}?page_size=1000{asked}")
        assert response.content == told_by_serializer(kind, expand), expand


@every_kind
def test_every_list_but_that_of_rows_with_parts_is_read_from_columns(kind: Kind) -> None:
    serializer = RESOURCES[kind.path].serializer_class
    derived = [part_of(serializer, expand) for expand in orders(kind.expandable)]
    assert all(each is None for each in derived) == (kind.path == "period-templates")
    assert any(each is None for each in derived) == (kind.path == "period-templates")


def test_a_parent_that_is_asked_for_twice_is_shown_once(superuser, maple) -> None:
    (row,) = superuser.get("/api/v1/quarters?expand=term&expand=term&page_size=1").json()["results"]
    assert list(row["expanded"]) == ["term"]


class Whole(BreakSerializer):
    """What is about more than columns."""

    days = serializers.SerializerMethodField()

    class Meta(BreakSerializer.Meta):
        fields = [*BreakSerializer.Meta.fields, "days"]

    def get_days(self, row: Break) -> int:
        return (row.end_date - row.start_date).days + 1


class Reworded(BreakSerializer):
    @override
    def to_representation(self, instance: Break) -> Any:
        return {"name": instance.name}


class OtherwiseTagged(BreakSerializer):
    @classmethod
    @override
    def tag(cls, row: Break) -> str:
        return f'"{row.name}"'


class Reached(BreakSerializer):
    year = serializers.CharField(source="academic_year.name", read_only=True)

    class Meta(BreakSerializer.Meta):
        fields = [*BreakSerializer.Meta.fields, "year"]


class RewordedSchool(SchoolBriefSerializer):
    @override
    def to_representation(self, instance: Any) -> Any:
        return {"name": instance.name}


class WithRewordedSchool(BreakSerializer):
    EXPANDABLE = {"school": RewordedSchool}


@pytest.mark.parametrize("serializer", [Whole, Reworded, OtherwiseTagged, Reached])
def test_a_serializer_that_needs_the_row_is_given_the_row(
    serializer: type[ModelSerializer[Any]],
) -> None:
    assert part_of(serializer, ()) is None


def test_a_parent_whose_shape_needs_the_row_is_given_the_row() -> None:
    assert part_of(WithRewordedSchool, ("school",)) is None
    assert part_of(WithRewordedSchool, ()) is not None
