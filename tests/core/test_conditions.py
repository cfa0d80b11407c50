from typing import Any

import pytest
from django.db.models import CheckConstraint, F, Func, Q, UniqueConstraint, Value

from core.conditions import columns_of, evaluate, holds
from scheduling.models import PeriodDefinition
from tests import factories
from tests.conftest import tracked_models

FACTORIES = {
    factory._meta.model: factory
    for factory in vars(factories).values()
    if isinstance(factory, type) and getattr(factory, "_meta", None) and factory._meta.model
}


@pytest.mark.django_db
@pytest.mark.parametrize("model", tracked_models(), ids=lambda model: model.__name__)
def test_what_the_database_checks_is_seen_in_memory_too(model: Any) -> None:
    row = FACTORIES[model].create()

    seen = {
        rule.name: holds(rule.condition, row)
        for rule in model._meta.constraints
        if isinstance(rule, CheckConstraint)
    }

    assert seen == dict.fromkeys(seen, True)


@pytest.mark.django_db
def test_a_valid_period_asks_the_database_about_no_check(django_assert_max_num_queries) -> None:
    period = factories.PeriodDefinitionFactory.create()

    with django_assert_max_num_queries(6):
        period.validate_constraints()


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        (Q(length=50), True),
        (Q(length__lt=50), False),
        (Q(length__range=(30, 120)), True),
        (~Q(type__in=["class", "exam"]), False),
        (Q(type__startswith="cl"), True),
        (Q(type__startswith="ex"), False),
        (Q(length__gt=F("passing")), True),
        (Q(end__isnull=True), True),
        (Q(end=F("start")), None),
        (Q(end=F("start")) | Q(length=50), True),
        (Q(end=F("start")) & Q(length=51), False),
        (Q(end=F("start")) & Q(length=50), None),
        (~Q(end=F("start")), None),
        (Q(length=Func(Value(1), function="ABS")), None),
    ],
    ids=str,
)
def test_a_condition_holds_or_not_or_nobody_knows(condition: Q, answer: bool | None) -> None:
    period = PeriodDefinition(length=50, passing=5, type="class")

    assert holds(condition, period) is answer


def test_a_value_is_itself() -> None:
    assert evaluate(Value(5), PeriodDefinition()) == 5


def test_the_columns_of_a_condition_are_named() -> None:
    condition = Q(length__gt=F("passing")) | ~Q(type="class")

    assert list(columns_of(condition)) == ["length", "passing", "type"]
    assert list(columns_of(UniqueConstraint(fields=["number"], name="x").condition)) == []
