"""A question that is asked all day is answered by an index, not by looking at every row."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection

from scheduling.models import Quarter
from tests.factories import QuarterFactory

pytestmark = pytest.mark.django_db


def test_the_quarter_of_a_date_is_the_first_entry_behind_it() -> None:
    quarter = QuarterFactory.create()
    asked = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        found = Quarter.objects.get_for_date(quarter.start_date, quarter.school)
    assert found == quarter
    ((sql, params),) = [each for each in asked if '"start_date" <=' in each[0]]
    assert "LIMIT 1" in sql
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
            cursor.execute(f"EXPLAIN {sql}", params)
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    assert "quarter_by_school" in plan
    assert "sort" not in plan.lower()
    assert "temp b-tree" not in plan.lower()
    postgresql = "Index Cond: ((school_id = " in plan and "AND (start_date <= " in plan
    assert postgresql or "(school_id=? AND start_date<?)" in plan, plan


def test_a_date_between_two_quarters_and_before_the_first_is_in_none() -> None:
    first = QuarterFactory.create(sequence=1)
    day = dt.timedelta(days=1)
    second = QuarterFactory.create(term=first.term, sequence=2)
    Quarter.objects.filter(pk=second.pk).update(start_date=second.start_date + 2 * day)
    of = Quarter.objects.get_for_date
    assert of(first.start_date - day, first.school) is None
    assert of(first.end_date, first.school) == first
    assert of(second.start_date + day, first.school) is None
    assert of(second.start_date + 2 * day, first.school) == second
    assert of(second.end_date + day, first.school) is None
