import datetime as dt
import json
from typing import Any

import pytest
from django.forms import modelform_factory

from scheduling.forms import PeriodDefinitionForm, RowForm
from scheduling.models import AcademicYear, PeriodDefinition, School
from tests.factories import (
    AcademicYearFactory,
    PeriodDefinitionFactory,
    PeriodTemplateFactory,
    SchoolFactory,
)

pytestmark = pytest.mark.django_db

YEAR_FORM = modelform_factory(AcademicYear, RowForm, fields=["cycle_days", "metadata"])
SCHOOL_FORM = modelform_factory(School, RowForm, fields=["weekdays"])


def period_form(**values: Any) -> PeriodDefinitionForm:
    data = {
        "number": 1,
        "type": "class",
        "start": "08:30",
        "length": 50,
        "passing": 5,
        "meta": "{}",
        **values,
    }
    if "template" not in data:
        data["template"] = PeriodTemplateFactory.create().pk
    return PeriodDefinitionForm(data)


def codes(form: Any) -> dict[str, set[str]]:
    return {
        field: {error.code for error in errors.as_data()} for field, errors in form.errors.items()
    }


def test_a_period_is_saved():
    form = period_form(name="", irregular="on", length=24, meta='{"room": 12}')

    period = form.save()

    period.refresh_from_db()
    assert str(period) == "Period 1 (08:30-08:54)"
    assert period.irregular
    assert period.meta == {"room": 12}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param({"length": 29}, {"length": {"length_out_of_range"}}, id="short"),
        pytest.param({"length": 121}, {"length": {"length_out_of_range"}}, id="long"),
        pytest.param({"passing": 31}, {"passing": {"max_value"}}, id="passing"),
        pytest.param({"start": "08:30:10"}, {"start": {"not_on_the_minute"}}, id="seconds"),
        pytest.param({"start": "soon"}, {"start": {"invalid"}}, id="no-time"),
        pytest.param({"start": ""}, {"start": {"required"}}, id="no-start"),
        pytest.param({"template": ""}, {"template": {"required"}}, id="no-schedule"),
        pytest.param({"track": "Lunch A"}, {"track": {"invalid_track"}}, id="track"),
        pytest.param({"track": "all"}, {"track": {"reserved_track"}}, id="reserved-track"),
        pytest.param({"meta": "[]"}, {"meta": {"not_an_object"}}, id="meta-list"),
        pytest.param({"meta": "{"}, {"meta": {"invalid"}}, id="meta-no-json"),
        pytest.param({"meta": "[" * 100_000}, {"meta": {"too_deep"}}, id="meta-bottomless"),
        pytest.param({"meta": '{"a": NaN}'}, {"meta": {"not_finite"}}, id="meta-nan"),
    ],
)
def test_the_rules_are_those_of_the_model(values, expected):
    form = period_form(**values)
    assert codes(form) == expected
    assert form.as_p().encode()  # shown again as it was typed


def test_an_overlap_and_a_taken_number_are_found_before_saving():
    there = PeriodDefinitionFactory.create(start=dt.time(8, 30))

    form = period_form(template=there.template_id, start="09:00")

    assert codes(form) == {"__all__": {"overlap", "number_taken"}}


def test_a_period_past_midnight_is_refused_where_its_length_is_typed():
    assert codes(period_form(start="23:30"))["length"] == {"past_midnight"}


def test_the_start_is_shown_in_hours_and_minutes():
    form = PeriodDefinitionForm(instance=PeriodDefinitionFactory.create())
    assert '<input type="time" name="start" value="08:30"' in str(form["start"])


def test_a_problem_of_a_field_that_is_not_shown_stands_above_the_others():
    period = PeriodDefinitionFactory.create()
    form_class = modelform_factory(PeriodDefinition, RowForm, fields=["start"])

    form = form_class({"start": "23:50"}, instance=period)

    assert codes(form) == {"__all__": {"past_midnight"}}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        pytest.param("", {}, id="nothing"),
        pytest.param("{}", {}, id="empty"),
        pytest.param('{"color": "grün"}', {"color": "grün"}, id="object"),
    ],
)
def test_metadata_is_typed_as_json(typed, stored):
    form = YEAR_FORM({"metadata": typed, "cycle_days": ""}, instance=AcademicYearFactory.create())
    assert form.save().metadata == stored


def test_metadata_is_shown_indented_and_unchanged_if_left_alone():
    year = AcademicYearFactory.create(metadata={"color": "grün", "tags": [1]})
    shown = YEAR_FORM(instance=year)["metadata"].value()

    form = YEAR_FORM(
        {"metadata": shown, "initial-metadata": shown, "cycle_days": ""}, instance=year
    )

    assert shown == json.dumps(year.metadata, indent=2, ensure_ascii=False)
    assert not form.has_changed()


@pytest.mark.parametrize(
    "typed",
    [r'{"a": "\ud800"}', r'{"\ud800": "\ud800"}', r'{"a": "\u0000"}'],
    ids=["surrogate", "surrogate-key", "nul"],
)
def test_text_that_cannot_be_stored_is_refused_and_can_be_shown_again(typed):
    form = YEAR_FORM({"metadata": typed, "cycle_days": ""}, instance=AcademicYearFactory.create())
    assert codes(form) == {"metadata": {"invalid_characters"}}
    assert form.as_p().encode()


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        pytest.param("A\r\nB\r\n", ["A", "B"], id="two"),
        pytest.param("  Red, warm \n\nBlue", ["Red, warm", "Blue"], id="blanks"),
        pytest.param("", [], id="none"),
    ],
)
def test_rotation_days_are_typed_one_a_line(typed, stored):
    form = YEAR_FORM({"cycle_days": typed}, instance=AcademicYearFactory.create())
    assert form.save().cycle_days == stored


def test_a_rotation_is_shown_one_day_a_line_and_unchanged_if_left_alone():
    year = AcademicYearFactory.create(cycle_days=["A", "B"])
    shown = YEAR_FORM(instance=year)["cycle_days"].value()

    form = YEAR_FORM({"cycle_days": shown, "initial-cycle_days": shown}, instance=year)

    assert shown == "A\nB"
    assert "cycle_days" not in form.changed_data


def test_a_rotation_day_twice_is_refused_and_shown_as_typed():
    form = YEAR_FORM({"cycle_days": "A\nA"}, instance=AcademicYearFactory.create())
    assert codes(form) == {"cycle_days": {"repeated_cycle_day"}}
    assert form["cycle_days"].value() == "A\nA"


def test_weekdays_are_boxes_to_tick():
    form = SCHOOL_FORM(instance=SchoolFactory.create(weekdays=["monday"]))
    boxes = str(form["weekdays"])
    assert boxes.count('type="checkbox"') == 7
    assert boxes.count("checked") == 1


@pytest.mark.parametrize(
    ("ticked", "expected"),
    [
        pytest.param([], {"required"}, id="none"),
        pytest.param(["funday"], {"invalid_choice"}, id="unknown"),
    ],
)
def test_a_school_is_held_on_days_that_exist(ticked, expected):
    form = SCHOOL_FORM({"weekdays": ticked}, instance=SchoolFactory.create())
    assert codes(form) == {"weekdays": expected}


def test_ticked_weekdays_are_stored_in_order():
    form = SCHOOL_FORM({"weekdays": ["saturday", "monday"]}, instance=SchoolFactory.create())
    assert form.save().weekdays == ["monday", "saturday"]
