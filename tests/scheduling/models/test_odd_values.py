"""Values of wrong types: every field of every model answers with a ValidationError."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from core.revision import revise
from scheduling.models import School
from tests.conftest import tracked_models
from tests.factories import (
    AcademicYearFactory,
    BreakFactory,
    DayOverrideFactory,
    DistrictFactory,
    PeriodDefinitionFactory,
    PeriodTemplateFactory,
    QuarterFactory,
    ScheduleRuleFactory,
    SchoolFactory,
    TermFactory,
)

pytestmark = pytest.mark.django_db

FACTORIES = [
    AcademicYearFactory,
    BreakFactory,
    DayOverrideFactory,
    DistrictFactory,
    PeriodDefinitionFactory,
    PeriodTemplateFactory,
    QuarterFactory,
    ScheduleRuleFactory,
    SchoolFactory,
    TermFactory,
]

ODD = [
    None,
    "",
    "garbage",
    -1,
    10**20,
    [],
    {},
    True,
    "\x00",
    "\ud800",
    b"bytes",
    1e400,
    object(),
    dt.date(2026, 11, 25),
    dt.time(8, 30),
    dt.datetime(2026, 11, 25, 8, 30, tzinfo=dt.UTC),
]


def editable(model: Any) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if field.editable]


FIELDS = [
    pytest.param(factory, name, id=f"{factory._meta.model.__name__}-{name}")
    for factory in FACTORIES
    for name in editable(factory._meta.model)
]


def test_every_model_is_asked() -> None:
    assert {factory._meta.model for factory in FACTORIES} == set(tracked_models())


def refused(row: Any) -> set[str]:
    """Save the row and return the fields that were refused; nothing else may be raised."""
    new = [row] if isinstance(row, School) else []
    try:
        with revise(*School.objects.all(), *new):
            row.save()
    except ValidationError as refusal:
        return set(refusal.error_dict)
    return set()


@pytest.mark.parametrize(("factory", "name"), FIELDS)
def test_an_odd_value_in_a_stored_row_is_refused_by_field_or_read(factory: Any, name: str) -> None:
    pk = factory.create().pk
    model = factory._meta.model
    found = []

    for value in ODD:
        row = model.objects.get(pk=pk)
        setattr(row, name, value)
        found.append(refused(row))

    # A date that can be read may turn out to lie behind the end.
    names = {name.removesuffix("_id"), "end_date" if name == "start_date" else name}
    assert all(not each or each & names for each in found)


@pytest.mark.parametrize(("factory", "name"), FIELDS)
def test_an_odd_value_in_a_new_row_is_refused_or_read(factory: Any, name: str) -> None:
    values = factory.create().__dict__
    model = factory._meta.model
    given = {each: values[each] for each in editable(model) if each != name}

    for value in ("garbage", object()):
        refused(model(**given, **{name: value}))

    assert model.objects.filter(pk=values["id"]).exists()
