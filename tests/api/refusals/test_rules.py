"""Rows that the model refuses: each rule of the calendar, as the API tells it."""

from typing import Any

import pytest

from tests.api.refusals.bodies import BODIES, WINTER, without

Errors = set[tuple[str, str]]


def of(*codes: str) -> Errors:
    """Return errors of a whole row."""
    return {("", code) for code in codes}


@pytest.mark.parametrize(
    ("path", "changes", "errors"),
    [
        # Districts and schools
        ("districts", {"slug": "@lake"}, of("slug_taken")),
        ("schools", {"slug": "birch-high"}, of("slug_taken")),
        ("schools", {"slug": "hidden-high"}, of("slug_taken")),
        # Academic years
        ("academic-years", {"name": "2026-2027"}, of("name_taken")),
        (
            "academic-years",
            {"start_date": "2027-06-03", "end_date": "2027-08-01", "cycle_start": None},
            of("overlap"),
        ),
        ("academic-years", {"end_date": "2029-08-12"}, {("/end_date", "dates_out_of_order")}),
        ("academic-years", {"end_date": "2033-01-01"}, {("/end_date", "too_long")}),
        ("academic-years", {"cycle_start": "2029-08-12"}, {("/cycle_start", "outside_year")}),
        # Terms
        ("terms", {"start_date": "2028-07-03"}, of("overlap")),
        ("terms", {"start_date": "2028-06-30"}, {("/start_date", "outside_year")}),
        ("terms", {"end_date": "2028-08-01"}, {("/end_date", "outside_year")}),
        ("terms", {"end_date": "2028-07-09"}, {("/end_date", "dates_out_of_order")}),
        ("terms", {"sequence": 1}, {("/sequence", "type_and_sequence")}),
        ("terms", {"term_type": "SEM1", "sequence": 1}, of("type_taken")),
        ("terms", {"end_date": "2028-07-12"}, {("/end_date", "too_short")}),
        # Quarters
        ("quarters", {"start_date": "2027-01-03"}, {("/start_date", "outside_term")}),
        ("quarters", {"end_date": "2027-06-04"}, {("/end_date", "outside_term")}),
        ("quarters", {"end_date": "2027-03-22"}, {("/end_date", "dates_out_of_order")}),
        ("quarters", {"quarter_type": "Q1"}, {("/quarter_type", "type_and_sequence")}),
        ("quarters", {"sequence": 1}, {("/sequence", "type_and_sequence")}),
        (
            "quarters",
            {"term": "@trimester", "start_date": "2026-09-01", "end_date": "2026-10-01"},
            {("/term", "requires_semester")},
        ),
        (
            "quarters",
            {
                "term": "@term",
                "quarter_type": "Q1",
                "sequence": 1,
                "start_date": "2026-08-12",
                "end_date": "2026-09-01",
            },
            of("sequence_taken", "type_taken", "overlap"),
        ),
        # Breaks
        ("breaks", {"start_date": "2026-08-11"}, {("/start_date", "outside_year")}),
        ("breaks", {"end_date": "2026-12-06"}, {("/end_date", "dates_out_of_order")}),
        ("breaks", {"sourced_id": "winter"}, of("sourced_id_taken")),
        # Bell schedules
        ("period-templates", {"code": "regular"}, of("code_taken")),
        ("period-templates", {"is_default": True}, of("default_taken")),
        (
            "period-templates",
            {"code": "regular", "is_default": True},
            of("code_taken", "default_taken"),
        ),
        # Periods
        ("period-definitions", {"number": 1}, of("number_taken")),
        ("period-definitions", {"start": "09:30"}, of("overlap")),
        ("period-definitions", {"start": "10:32", "track": ""}, of("overlap")),
        ("period-definitions", {"length": 29}, {("/length", "length_out_of_range")}),
        ("period-definitions", {"length": 121}, {("/length", "length_out_of_range")}),
        (
            "period-definitions",
            {"length": 0, "irregular": True},
            {("/length", "length_out_of_range")},
        ),
        (
            "period-definitions",
            {"length": 481, "type": "staff"},
            {("/length", "length_out_of_range")},
        ),
        ("period-definitions", {"start": "23:15"}, {("/length", "past_midnight")}),
        ("period-definitions", {"track": "none"}, {("/track", "reserved_track")}),
        ("period-definitions", {"track": "all"}, {("/track", "reserved_track")}),
        (
            "period-definitions",
            {"start": "08:10", "passing": 6},
            {("/passing", "passing_too_long")},
        ),
        (
            "period-definitions",
            {"start": "09:45", "length": 3, "type": "staff", "passing": 0},
            {("/start", "passing_too_long")},
        ),
        # Rules
        ("schedule-rules", {"weekdays": ["monday"], "cycle_day": ""}, of("ambiguous_rule")),
        ("schedule-rules", {"weekdays": [], "cycle_day": "A"}, of("ambiguous_rule")),
        ("schedule-rules", {"weekdays": [], "cycle_day": ""}, {("/weekdays", "required")}),
        ("schedule-rules", {"cycle_day": "C"}, {("/cycle_day", "unknown_cycle_day")}),
        ("schedule-rules", {"cycle_day": "b"}, {("/cycle_day", "unknown_cycle_day")}),
        ("schedule-rules", {"valid_to": "2026-08-31"}, of("dates_out_of_order")),
        ("schedule-rules", {"template": "@birch-template"}, {("/template", "foreign_parent")}),
        # Overrides
        ("day-overrides", {"closed": True, "cycle_day": ""}, of("closed_or_template")),
        ("day-overrides", {"template": None}, of("closed_or_template")),
        ("day-overrides", {"start_date": "2026-11-11"}, of("overlap")),
        ("day-overrides", {"end_date": "2027-06-04"}, {("/end_date", "outside_year")}),
        ("day-overrides", {"end_date": "2026-12-06"}, {("/end_date", "dates_out_of_order")}),
        ("day-overrides", {"holds_cycle": True}, {("/cycle_day", "cycle_day_without_day")}),
        ("day-overrides", {"cycle_day": "C"}, {("/cycle_day", "unknown_cycle_day")}),
        ("day-overrides", {"template": "@birch-template"}, {("/template", "foreign_parent")}),
        # Several at once
        (
            "period-definitions",
            {"number": 1, "track": "all", "length": 20},
            {
                ("", "number_taken"),
                ("/track", "reserved_track"),
                ("/length", "length_out_of_range"),
            },
        ),
        (
            "day-overrides",
            {"start_date": "2026-13-01", "closed": True, "cycle_day": "C", "x": 1},
            {
                ("/start_date", "invalid"),
                ("/x", "unknown_field"),
                ("", "closed_or_template"),
                ("/cycle_day", "cycle_day_without_day"),
            },
        ),
        (
            "terms",
            {"start_date": "2028-06-30", "end_date": "2028-08-01", "sequence": 1, "name": 5},
            {
                ("/start_date", "outside_year"),
                ("/end_date", "outside_year"),
                ("/sequence", "type_and_sequence"),
                ("/name", "invalid"),
            },
        ),
    ],
)
def test_a_new_row_that_breaks_a_rule_is_refused(
    world, path: str, changes: dict[str, Any], errors: Errors
) -> None:
    world.refuses(world.ask("POST", path, {**BODIES[path], **changes}), errors)


@pytest.mark.parametrize(
    ("path", "changes", "errors"),
    [
        ("academic-years/@year", {"end_date": "2027-06-02"}, {("/end_date", "rows_outside")}),
        (
            "academic-years/@year",
            {"start_date": "2026-08-13"},
            {("/start_date", "rows_outside"), ("/cycle_start", "outside_year")},
        ),
        ("academic-years/@year", {"end_date": "2027-06-11"}, {("/end_date", "ambiguous_rule")}),
        ("academic-years/@year", {"cycle_days": ["B"]}, {("/cycle_days", "cycle_day_in_use")}),
        ("academic-years/@camp", {"start_date": "2027-06-03"}, of("overlap")),
        ("terms/@term", {"start_date": "2026-08-13"}, {("/start_date", "rows_outside")}),
        ("terms/@term", {"end_date": "2026-12-17"}, {("/end_date", "rows_outside")}),
        ("terms/@term", {"term_type": "TRI2", "sequence": 2}, {("/term_type", "has_quarters")}),
        ("quarters/@second-quarter", {"start_date": "2026-10-01"}, of("overlap")),
        ("period-definitions/@period", {"passing": 7}, {("/passing", "passing_too_long")}),
        ("period-definitions/@second-period", {"start": "09:48"}, {("/start", "passing_too_long")}),
        ("period-definitions/@second-period", {"number": 1}, of("number_taken")),
        ("period-templates/@late", {"is_default": True}, of("default_taken")),
        ("day-overrides/@override", {"closed": False}, of("closed_or_template")),
        ("schedule-rules/@friday", {"weekdays": ["monday"]}, of("ambiguous_rule")),
        ("schools/maple-high", {"slug": "birch-high"}, of("slug_taken")),
        # A parent is for ever
        ("terms/@term", {"academic_year": "@birch-year"}, {("/academic_year", "fixed")}),
        ("breaks/@break", {"academic_year": "@birch-year"}, {("/academic_year", "fixed")}),
        (
            "day-overrides/@override",
            {"academic_year": "@birch-year"},
            {("/academic_year", "fixed")},
        ),
        ("schedule-rules/@rule", {"academic_year": "@birch-year"}, {("/academic_year", "fixed")}),
        (
            "quarters/@quarter",
            {"term": "@spring"},
            {
                ("/term", "fixed"),
                ("/quarter_type", "type_and_sequence"),
                ("/start_date", "outside_term"),
                ("/end_date", "outside_term"),
            },
        ),
        ("period-definitions/@period", {"template": "@empty"}, {("/template", "fixed")}),
        ("period-templates/@late", {"school": "birch-high"}, {("/school", "fixed")}),
        ("academic-years/@camp", {"school": "birch-high"}, {("/school", "fixed")}),
    ],
)
def test_a_change_that_breaks_a_rule_is_refused(
    world, path: str, changes: dict[str, Any], errors: Errors
) -> None:
    world.refuses(world.ask("PATCH", path, changes), errors)


def test_a_quarter_needs_its_type_or_its_sequence(world) -> None:
    body = without(BODIES["quarters"], "quarter_type", "sequence")
    world.refuses(world.ask("POST", "quarters", body), {("/quarter_type", "required")})


def test_the_refusal_of_a_short_class_names_the_way_out(world) -> None:
    response = world.ask("PATCH", "period-definitions/@period", {"length": 20})
    [error] = response.json()["errors"]
    assert error["detail"] == (
        "A class lasts 30 to 120 minutes. If this one really lasts 20, mark it as irregular."
    )


@pytest.mark.parametrize(
    "path",
    ["districts/@district", "schools/maple-high", "academic-years/@year", "terms/@term",
     "period-templates/@late", "period-templates/@regular"],
)  # fmt: skip
def test_what_others_need_cannot_be_deleted(world, path: str) -> None:
    world.refuses(world.ask("DELETE", path), of("in_use"), 409, "in_use")


@pytest.mark.parametrize(
    ("path", "changes", "field"),
    [
        ("schools", {"district": "@hidden-district"}, "district"),
        ("schools", {"district": "nowhere"}, "district"),
        ("academic-years", {"school": "hidden-high"}, "school"),
        ("academic-years", {"school": "@hidden"}, "school"),
        ("academic-years", {"school": "Maple-High"}, "school"),
        ("terms", {"academic_year": "@hidden-year"}, "academic_year"),
        ("breaks", {"academic_year": "@term"}, "academic_year"),
        ("period-definitions", {"template": "@hidden-template"}, "template"),
        ("schedule-rules", {"template": "@hidden-template"}, "template"),
        ("day-overrides", {"template": "@hidden-template"}, "template"),
    ],
)
def test_a_row_out_of_reach_is_not_found(
    world, path: str, changes: dict[str, Any], field: str
) -> None:
    response = world.ask("POST", path, {**BODIES[path], **changes})
    world.refuses(response, {(f"/{field}", "not_found")}, 404, "not_found")


def test_a_row_out_of_reach_is_one_problem_among_others(world) -> None:
    body = {**BODIES["terms"], "academic_year": "@hidden-year", "name": 5}
    errors = {("/academic_year", "not_found"), ("/name", "invalid")}
    world.refuses(world.ask("POST", "terms", body), errors)


def test_the_rule_of_a_body_that_is_read_only_in_part_is_asked_too(world) -> None:
    body = {**BODIES["breaks"], **WINTER, "end_date": "2026-12-06", "kind": 7}
    errors = {("/kind", "invalid_choice"), ("/end_date", "dates_out_of_order")}
    world.refuses(world.ask("POST", "breaks", body), errors)
