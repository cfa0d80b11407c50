"""What one row has shown of a value holds for the next, and nothing but that."""

import datetime as dt

import pytest

from core.conditions import sources_of
from scheduling.documents.judging import own_problems
from scheduling.documents.known import Known, checks
from scheduling.models import Break, PeriodDefinition
from tests.scheduling.documents.builders import document, problems_of


def holiday(**values) -> Break:
    return Break(**{"name": "Snow", "start_date": dt.date(2026, 12, 1), **values})


def codes(row, known: Known) -> set[tuple[str, str]]:
    return {
        (field, str(error.code))
        for refusal in own_problems(row, known)
        for field, errors in refusal.error_dict.items()
        for error in errors
    }


def test_a_value_that_was_sound_is_not_asked_again() -> None:
    known, first = Known(), holiday(end_date=dt.date(2026, 12, 2))
    asked = known.unsound(first)
    assert {"name", "kind", "counts_weeks", "start_date", "metadata"} <= asked.keys()
    known.learn(first, asked)
    other = holiday(end_date=dt.date(2026, 12, 3))
    assert known.unsound(other).keys() == {"id", "end_date"}


@pytest.mark.parametrize(
    "values",
    [{"counts_weeks": 0}, {"metadata": []}, {"metadata": {"a": 1}}, {"name": "snow"}],
    ids=["number-for-flag", "list-for-object", "full-json", "other-text"],
)
def test_what_is_equal_in_python_alone_is_another_value(values) -> None:
    known, first = Known(), holiday()
    known.learn(first, known.unsound(first))
    assert values.keys() <= known.unsound(holiday(**values)).keys()


def test_json_that_says_something_is_always_asked() -> None:
    known, row = Known(), holiday(metadata={"a": 1})
    known.learn(row, known.unsound(row))
    assert "metadata" in known.unsound(row)


def test_a_value_that_cleaning_changed_is_not_learned() -> None:
    known, row = Known(), holiday(start_date="2026-12-01")
    asked = known.unsound(row)
    row.start_date = dt.date(2026, 12, 1)
    known.learn(row, asked)
    assert "start_date" in known.unsound(holiday(start_date="2026-12-01"))


def test_a_value_that_was_refused_is_refused_again() -> None:
    known = Known()
    for _row in range(2):
        row = PeriodDefinition(number=1, start=dt.time(9), length=45, track="NO GOOD", passing=31)
        told = codes(row, known)
        assert {("track", "invalid_track"), ("passing", "max_value")} <= told


@pytest.mark.django_db
def test_every_row_that_breaks_a_rule_is_told_though_they_are_alike() -> None:
    bad = {"number": 1, "start": "10:00", "length": 20}
    doc = document(period_templates__1__periods=[bad], period_templates__2__periods=[bad])
    doc["period_templates"][0]["periods"] = [bad, {**bad, "number": 2, "start": "11:00"}]
    told = {pointer for pointer, code in problems_of(doc) if code == "length_out_of_range"}
    places = [(0, 0), (0, 1), (1, 0), (2, 0)]
    assert told == {f"/period_templates/{n}/periods/{m}/length" for n, m in places}


def test_a_check_depends_on_whatever_its_expressions_name() -> None:
    named = {check.constraint.name: set(check.sources) for check in checks(PeriodDefinition)}
    assert named["period_end_fits_length"] == {"start", "length", "end"}
    assert named["period_start_on_the_minute"] == {"start"}
    assert named["valid_period_length"] == {"length", "irregular", "type"}


def test_a_constraint_without_a_condition_depends_on_nothing() -> None:
    assert sources_of(None) == frozenset()


def test_a_check_is_told_of_other_values_anew() -> None:
    known = Known()
    (check,) = [each for each in checks(PeriodDefinition) if "end_fits" in each.constraint.name]
    row = PeriodDefinition(start=dt.time(9), length=45, end=dt.time(9, 45))
    assert known.passes(check, row)
    row.length = 46
    assert not known.passes(check, row)
    row.length = 45
    assert known.passes(check, row)
