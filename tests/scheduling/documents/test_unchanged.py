"""A document that says what is stored is told from columns; any other is looked at closely."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scheduling.documents import export_document, import_document
from scheduling.documents.kinds import KINDS
from scheduling.documents.matching import Matcher
from scheduling.documents.unchanged import rows_if_unchanged
from scheduling.models import PeriodDefinition, PeriodTemplate, Quarter, School, Term
from tests.scheduling.documents.builders import bent, document, without

pytestmark = pytest.mark.django_db

YEAR = "academic_years__0__"


@pytest.fixture
def school() -> School:
    import_document(document(period_templates__0__metadata={"n": [1, {"deep": True}]}))
    return School.objects.get()


@pytest.fixture
def stored(school) -> dict[str, Any]:
    return export_document(school.pk)


def test_all_rows_are_counted_by_kind(school, stored) -> None:
    counted = rows_if_unchanged(school, stored)
    assert counted == {kind: kind.model.objects.count() for kind in KINDS}


def test_nothing_is_made_of_the_rows(school, stored, monkeypatch) -> None:
    monkeypatch.delattr(Matcher, "match")
    report = import_document(stored)
    assert report.token == school.revision_token
    assert report.total.left_alone == sum(kind.model.objects.count() for kind in KINDS) + 2
    assert not report.touched


def test_the_report_is_that_of_a_close_look(school, stored, monkeypatch) -> None:
    quick = import_document(stored)
    monkeypatch.setattr("scheduling.documents.importing.rows_if_unchanged", lambda *_: None)
    assert import_document(stored) == quick


def test_the_number_of_queries_does_not_grow_with_the_rows(school, stored) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert rows_if_unchanged(school, stored)
    assert len(captured) == len(KINDS)


@pytest.mark.parametrize("way", [reversed, sorted], ids=["backwards", "sorted"])
def test_the_order_of_a_list_is_nothing_new(school, stored, way) -> None:
    periods = stored["period_templates"][2]["periods"]
    options = {"key": lambda each: each["name"]} if way is sorted else {}
    stored["period_templates"].reverse()
    periods[:] = way(periods, **options)
    assert rows_if_unchanged(school, stored)


def test_what_is_left_out_and_would_be_derived_is_nothing_new(school) -> None:
    told = document(period_templates__0__metadata={"n": [1, {"deep": True}]})
    assert "name" not in told["academic_years"][0]["terms"][0]
    assert rows_if_unchanged(school, told)


@pytest.mark.parametrize("place", ["period_templates", "academic_years", YEAR + "breaks"])
def test_a_list_that_is_left_out_is_left_alone(school, stored, place: str) -> None:
    assert rows_if_unchanged(school, without(stored, place))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"period_templates__0__name": "Other"}, id="text"),
        pytest.param({"period_templates__2__metadata": {"n": [True, {"deep": True}]}}, id="json"),
        pytest.param({"period_templates__2__metadata": {"n": [1, {"deep": 1}]}}, id="deep-json"),
        pytest.param({"period_templates__2__is_default": False}, id="flag"),
        pytest.param({"period_templates__2__periods__1__sourced_id": ""}, id="key"),
        pytest.param({"period_templates__2__periods__1__length": 57}, id="number"),
        pytest.param({"period_templates__2__periods": []}, id="fewer"),
        pytest.param({YEAR + "breaks__0__end_date": "2026-12-30"}, id="date"),
        pytest.param({YEAR + "schedule_rules__0__template": "regular"}, id="template"),
        pytest.param({YEAR + "schedule_rules__0__template": "unknown"}, id="unknown-template"),
        pytest.param({YEAR + "schedule_rules__0__weekdays": ["monday"]}, id="list"),
        pytest.param({YEAR + "rotation__policy": "calendar"}, id="nested"),
        pytest.param({YEAR + "terms__0__quarters": []}, id="no-quarters"),
    ],
)
def test_whatever_differs_is_looked_at_closely(school, stored, change: dict[str, Any]) -> None:
    assert rows_if_unchanged(school, bent(stored, **change)) is None


def test_a_row_that_is_given_twice_is_looked_at_closely(school, stored) -> None:
    breaks = stored["academic_years"][0]["breaks"]
    breaks[1] = breaks[0]
    assert rows_if_unchanged(school, stored) is None


def test_rows_below_another_parent_are_looked_at_closely(school, stored) -> None:
    one, other = stored["period_templates"][1:]
    one["periods"], other["periods"] = other["periods"], one["periods"]
    assert rows_if_unchanged(school, stored) is None


def test_a_row_more_in_the_database_is_looked_at_closely(school, stored) -> None:
    template = PeriodTemplate.objects.get(code="finals-1")
    PeriodDefinition(template=template, number=1, start="08:00", length=45).save()
    assert rows_if_unchanged(school, stored) is None


def test_quarters_that_are_left_out_are_nothing_new_while_both_are_there(school, stored) -> None:
    told = without(stored, YEAR + "terms__0__quarters")
    assert rows_if_unchanged(school, told)
    Quarter.objects.filter(term=Term.objects.get(term_type="SEM1"), sequence=2).delete()
    assert rows_if_unchanged(school, told) is None
    assert import_document(told).total.created == 1
