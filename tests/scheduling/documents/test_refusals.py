"""A document is refused whole, with every problem, each pointing at its place."""

from collections.abc import Collection
from typing import Any

import pytest

from scheduling.documents import DocumentError, import_document
from scheduling.models import District, School
from tests.scheduling.documents.builders import (
    PERIODS,
    QUARTERS,
    bent,
    document,
    problems_of,
    without,
)

pytestmark = pytest.mark.django_db

PERIOD = "period_templates__0__periods__0__"
YEAR = "academic_years__0__"
TERM = "academic_years__0__terms__0__"
RULE = "academic_years__0__schedule_rules__0__"
OVERRIDE = "academic_years__0__day_overrides__0__"


def at(place: str) -> str:
    return "/" + place.replace("__", "/")


def case(
    place: str,
    value: Any,
    code: str,
    pointer: str | None = None,
    also: Collection[tuple[str, str]] = (),
) -> Any:
    shown = at(place) if pointer is None else pointer
    return pytest.param(place, value, {(shown, code), *also}, id=f"{place}={str(value)[:40]}")


SHAPES = [
    case(f"{PERIOD}lenght", 50, "unknown_key"),
    case("school__revision", 7, "unknown_key"),
    case("school__a/b~c", 7, "unknown_key", "/school/a~1b~0c"),
    case("format", "schoolday/2", "unknown_format"),
    case("school", [], "wrong_type"),
    case("period_templates", {}, "wrong_type"),
    case("academic_years", None, "wrong_type"),
    case(f"{PERIOD}length", "58", "wrong_type"),
    case(f"{PERIOD}length", 58.5, "wrong_type"),
    case(f"{PERIOD}length", True, "wrong_type"),
    case(f"{PERIOD}start", 830, "wrong_type"),
    case(f"{PERIOD}start", "8:30", "invalid_time"),
    case(f"{PERIOD}start", "24:00", "invalid_time"),
    case(f"{PERIOD}start", "08:30\n", "invalid_time"),
    case(f"{PERIOD}start", "08:30:15", "invalid_time"),
    case(f"{PERIOD}type", "clas", "invalid_choice"),
    case(f"{PERIOD}meta", [], "wrong_type"),
    case(f"{YEAR}start_date", "2026-02-30", "invalid_date"),
    case(f"{YEAR}start_date", "20260812", "invalid_date"),
    case(f"{YEAR}start_date", None, "wrong_type"),
    case(f"{YEAR}rotation__start", "soon", "invalid_date"),
    case(f"{TERM}term_type", "SEM3", "invalid_choice"),
    case("school__weekdays", ["monday", "funday"], "invalid_choice", "/school/weekdays/1"),
    case(f"{YEAR}rotation__cycle_days", ["A"] * 101, "too_many"),
]
RULES = [
    case("school__timezone", "America/Springfield", "unknown_timezone"),
    case("school__slug", "Maple High", "invalid_slug"),
    case("school__weekdays", ["monday", "monday"], "repeated_weekday"),
    case("school__passing_minutes_cap", 31, "max_value"),
    case("school__name", "", "blank"),
    case("school__slug", "maple\x00", "invalid_characters"),
    case("district__slug", "\ud800", "invalid_characters"),
    case("school__name", "x" * 101, "max_length"),
    case("district__slug", "Harbor!", "invalid_slug"),
    case("period_templates__3", {"code": "regular", "name": ""}, "code_taken",
         "/period_templates/3/code", also={("/period_templates/3/name", "blank")}),
    case("period_templates__1__is_default", True, "default_taken"),
    case("period_templates__1__metadata", {"x": ["a\x00"]}, "invalid_characters",
         "/period_templates/1/metadata/x/0"),
    case(f"{PERIOD}length", 29, "length_out_of_range"),
    case(f"{PERIOD}length", 121, "length_out_of_range",
         also={("/period_templates/0/periods/1", "overlap")}),
    case("period_templates__0__periods__2__length", 0, "length_out_of_range"),
    case("period_templates__0__periods__2__length", 481, "length_out_of_range"),
    case(f"{PERIOD}number", -1, "out_of_range"),
    case(f"{PERIOD}number", 32_768, "out_of_range"),
    case(f"{PERIOD}length", -(10**20), "min_value"),
    case(f"{PERIOD}passing", 31, "max_value",
         also={("/period_templates/0/periods/1/start", "passing_too_long")}),
    case(f"{PERIOD}passing", 7, "passing_too_long",
         also={("/period_templates/0/periods/1/start", "passing_too_long")}),
    case("period_templates__1__periods__0__start", "23:30", "past_midnight",
         "/period_templates/1/periods/0/length"),
    case(f"{PERIOD}track", "all", "reserved_track"),
    case(f"{PERIOD}track", "Lunch A", "invalid_track"),
    case("period_templates__0__periods__1__number", 1, "number_taken"),
    case("period_templates__0__periods__0__sourced_id", "p-2", "sourced_id_taken",
         "/period_templates/0/periods/1/sourced_id"),
    case("period_templates__0__periods__1__start", "09:00", "overlap",
         "/period_templates/0/periods/1"),
    case("period_templates__0__periods__2__start", "10:30", "overlap",
         "/period_templates/0/periods/2"),
    case(f"{YEAR}rotation__cycle_days", ["A", "B", "A"], "repeated_cycle_day"),
    case(f"{YEAR}rotation__cycle_days", [""], "invalid_cycle_days",
         also={("/academic_years/0/schedule_rules/1/cycle_day", "unknown_cycle_day")}),
    case(f"{YEAR}rotation__start", "2027-08-01", "outside_year"),
    case(f"{TERM}start_date", "2026-08-11", "outside_year"),
    case("academic_years__0__terms__2__end_date", "2026-08-11", "dates_out_of_order"),
    case("academic_years__0__terms__2__end_date", "0012-12-18", "year_out_of_range"),
    case(f"{TERM}quarters__1__end_date", "2026-12-19", "outside_term"),
    case(f"{TERM}quarters__1__start_date", "2026-10-09", "overlap",
         "/academic_years/0/terms/0/quarters/1"),
    case(f"{TERM}quarters__1__start_date", "2026-12-18", "dates_out_of_order",
         "/academic_years/0/terms/0/quarters/1/end_date"),
    case(f"{TERM}quarters__1__quarter_type", "Q3", "type_and_sequence"),
    case(f"{TERM}quarters__0__metadata", {"reporting_dates": {"grades_due": "soon"}}, "schema",
         "/academic_years/0/terms/0/quarters/0/metadata/reporting_dates/grades_due"),
    case("academic_years__0__terms__2__quarters", [QUARTERS[0]], "requires_semester",
         "/academic_years/0/terms/2/quarters/0"),
    case("academic_years__0__breaks__0__end_date", "2026-12-20", "dates_out_of_order"),
    case("academic_years__0__breaks__0__end_date", "2027-06-04", "outside_year"),
    case(f"{RULE}template", "late", "unknown_template"),
    case(f"{RULE}cycle_day", "C", "unknown_cycle_day"),
    case(f"{RULE}weekdays", [], "required"),
    case("academic_years__0__schedule_rules__1__valid_from", "2026-10-02", "dates_out_of_order",
         "/academic_years/0/schedule_rules/1"),
    case(f"{OVERRIDE}template", "late", "unknown_template"),
    case(f"{OVERRIDE}closed", True, "closed_or_template", "/academic_years/0/day_overrides/0"),
    case(f"{OVERRIDE}end_date", "2027-02-01", "overlap", "/academic_years/0/day_overrides/1"),
    case("academic_years__0__day_overrides__1__cycle_day", "A", "cycle_day_without_day"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "value", "expected"), [*SHAPES, *RULES])
@pytest.mark.parametrize("stored_before", [False, True], ids=["new", "stored"])
def test_a_bad_value_is_refused_where_it_stands(
    place: str, value: Any, expected: set[tuple[str, str]], stored_before: bool
) -> None:
    if stored_before:
        import_document(document())
    revisions = dict(School.objects.values_list("slug", "revision"))

    problems = problems_of(document(**{place: value}))

    if place != "district__slug" or not stored_before:
        assert problems == expected
    assert dict(School.objects.values_list("slug", "revision")).get("maple-high") == revisions.get(
        "maple-high"
    )


@pytest.mark.parametrize("value", [None, [], "text", 7, {}])
def test_what_is_no_calendar_document_is_refused(value: Any) -> None:
    assert problems_of(value)


@pytest.mark.parametrize("place", ["format", "school", f"{PERIOD}start", f"{TERM}end_date"])
def test_a_missing_key_is_named(place: str) -> None:
    assert problems_of(without(document(), place)) == {(at(place), "required")}


def test_a_typo_gets_a_guess() -> None:
    doc = bent(without(document(), f"{PERIOD}length"), **{f"{PERIOD}lenght": 58})

    with pytest.raises(DocumentError) as refused:
        import_document(doc)

    assert {each.detail for each in refused.value.problems} == {
        '"lenght" is not known here; did you mean "length"?',
        '"length" is missing.',
    }


def test_every_problem_of_every_row_is_reported() -> None:
    doc = document(
        school__timezone="Mars",
        period_templates__0__periods__0__length=20,
        period_templates__0__periods__1__number=1,
        academic_years__0__terms__1__end_date="2027-06-04",
        academic_years__0__schedule_rules__0__template="late",
        academic_years__0__day_overrides__0__template="late",
    )

    assert problems_of(doc) == {
        ("/school/timezone", "unknown_timezone"),
        ("/period_templates/0/periods/0/length", "length_out_of_range"),
        ("/period_templates/0/periods/1/number", "number_taken"),
        ("/academic_years/0/terms/1/end_date", "outside_year"),
        ("/academic_years/0/schedule_rules/0/template", "unknown_template"),
        ("/academic_years/0/day_overrides/0/template", "unknown_template"),
    }
    assert not School.objects.exists()
    assert not District.objects.exists()


def test_two_rules_for_one_day_are_ambiguous() -> None:
    rule = {"template": "regular", "weekdays": ["monday", "tuesday"]}
    doc = document(**{f"{RULE[:-2]}": rule, f"{YEAR}schedule_rules__1": rule})

    assert problems_of(doc) == {
        ("/academic_years/0/schedule_rules/0", "ambiguous_rule"),
        ("/academic_years/0/schedule_rules/1", "ambiguous_rule"),
    }


def test_a_rule_and_an_unknown_template_can_be_ambiguous_too() -> None:
    rules = [{"template": code, "weekdays": ["monday"]} for code in ("nowhere", "regular")]

    assert {
        code for _pointer, code in problems_of(document(**{f"{YEAR}schedule_rules": rules}))
    } == {
        "ambiguous_rule",
        "unknown_template",
    }


def test_a_semester_has_two_quarters_at_most() -> None:
    third = {"quarter_type": "Q1", "start_date": "2026-12-10", "end_date": "2026-12-18"}
    doc = document(**{f"{TERM}quarters__1__end_date": "2026-12-09"})
    doc["academic_years"][0]["terms"][0]["quarters"].append(third)

    assert problems_of(doc) == {
        ("/academic_years/0/terms/0/quarters/2/quarter_type", "sequence_taken"),
        ("/academic_years/0/terms/0/quarters/2/quarter_type", "type_taken"),
    }


def test_years_and_semesters_must_not_overlap() -> None:
    doc = document(academic_years__0__terms__1__start_date="2026-12-18")
    doc["academic_years"].append(
        {"name": "2026-2027", "start_date": "2027-06-03", "end_date": "2027-08-01"}
    )

    assert problems_of(doc) == {
        ("/academic_years/0/terms/1", "overlap"),
        ("/academic_years/1", "overlap"),
        ("/academic_years/1/name", "name_taken"),
    }


def test_many_periods_at_one_time_are_told_once_each() -> None:
    periods = [{**PERIODS[0], "number": number, "passing": 0} for number in range(4)]

    assert problems_of(document(period_templates__0__periods=periods)) == {
        (f"/period_templates/0/periods/{index}", "overlap") for index in (1, 2, 3)
    }


def test_what_only_the_database_sees_is_a_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduling.documents.importing.judge", lambda *_args: ())

    assert problems_of(document(period_templates__1__code="regular")) == {("", "conflict")}
    assert not School.objects.exists()


@pytest.mark.parametrize(
    ("rule", "name", "day"),
    [
        ({"valid_from": "2027-07-01"}, "end_date", "2027-07-31"),
        ({"valid_to": "2026-08-10"}, "start_date", "2026-08-01"),
    ],
    ids=["end", "start"],
)
def test_a_year_does_not_grow_over_rules_that_stay(rule: Any, name: str, day: str) -> None:
    rules = [{"template": code, "weekdays": ["monday"], **rule} for code in ("regular", "finals-1")]
    import_document(document(**{f"{YEAR}schedule_rules": rules}))
    moved = without(document(**{f"{YEAR}{name}": day}), f"{YEAR}schedule_rules")

    assert problems_of(moved) == {(f"/academic_years/0/{name}", "ambiguous_rule")}
    assert not problems_of(document(**{f"{YEAR}{name}": day}))


@pytest.mark.parametrize("number", [2**53, -(2**53), 2.0**53, 1.5e300, 10**29])
def test_a_number_that_no_database_keeps_is_refused(number: float) -> None:
    doc = document(school__metadata={"a": number}, **{f"{PERIOD}meta": {"b": [number]}})

    assert problems_of(doc) == {
        ("/school/metadata/a", "number_too_large"),
        ("/period_templates/0/periods/0/meta/b/0", "number_too_large"),
    }


def test_a_problem_within_metadata_does_not_say_twice_where_it_is() -> None:
    doc = document(
        school__metadata={"a": 2**53},
        **{f"{TERM}quarters__0__metadata": {"assessment_weeks": [54]}},
    )

    with pytest.raises(DocumentError) as refused:
        import_document(doc)

    assert [(each.pointer, each.detail) for each in refused.value.problems] == [
        (
            "/school/metadata/a",
            "The number must lie between -9007199254740991 and 9007199254740991.",
        ),
        (
            "/academic_years/0/terms/0/quarters/0/metadata/assessment_weeks/0",
            "54 is greater than the maximum of 53",
        ),
    ]
