"""Values that no field takes: of a wrong JSON type, out of bounds, not to be stored."""

from typing import Any

import pytest

from tests.api.refusals.bodies import BODIES, ROWS

VALUES: dict[str, Any] = {
    "null": None,
    "flag": True,
    "number": 5,
    "fraction": 1.5,
    "text": "5",
    "list": [[]],
    "object": {},
}
"""A value of every type that JSON has; of numbers two."""


def every(code: str, **others: str | None) -> dict[str, str]:
    """Return the code for a value of each type that a kind of field does not take."""
    codes = dict.fromkeys(VALUES, code) | {"null": "null"} | others
    return {name: each for name, each in codes.items() if each}


TEXT = every("invalid", text=None)
CHOICE = every("invalid_choice")
DATE = TIME = every("invalid")
LATER = every("invalid", null=None)
NUMBER = every("invalid", number=None)
FLAG = every("invalid", flag=None)
OBJECT = every("invalid", object=None)
LIST = every("not_a_list", list=None)
KEY = every("invalid")
OPTIONAL_KEY = every("invalid", null=None)
NAMED_KEY = every("invalid", text=None)
DATES = {"start_date": DATE, "end_date": DATE}
EXTRAS = {"sourced_id": TEXT, "metadata": OBJECT}

FIELDS: dict[str, dict[str, dict[str, str]]] = {
    "districts": {"name": TEXT, "slug": TEXT, **EXTRAS},
    "schools": {
        "district": NAMED_KEY,
        "name": TEXT,
        "slug": TEXT,
        "timezone": TEXT,
        "weekdays": LIST,
        "is_public": FLAG,
        "passing_minutes_cap": NUMBER,
        **EXTRAS,
    },
    "academic-years": {
        "school": NAMED_KEY,
        "name": TEXT,
        **DATES,
        "cycle_days": LIST,
        "cycle_policy": CHOICE,
        "cycle_start": LATER,
        **EXTRAS,
    },
    "terms": {
        "academic_year": KEY,
        "term_type": CHOICE,
        "sequence": NUMBER,
        "name": TEXT,
        **DATES,
        "generate_quarters": FLAG,
        **EXTRAS,
    },
    "breaks": {
        "academic_year": KEY,
        "name": TEXT,
        "kind": CHOICE,
        **DATES,
        "counts_weeks": FLAG,
        **EXTRAS,
    },
    "quarters": {"term": KEY, "quarter_type": CHOICE, "sequence": NUMBER, **DATES, **EXTRAS},
    "period-templates": {
        "school": NAMED_KEY,
        "code": TEXT,
        "name": TEXT,
        "is_default": FLAG,
        "is_archived": FLAG,
        **EXTRAS,
    },
    "period-definitions": {
        "template": KEY,
        "number": NUMBER,
        "name": TEXT,
        "type": CHOICE,
        "start": TIME,
        "length": NUMBER,
        "passing": NUMBER,
        "track": TEXT,
        "irregular": FLAG,
        "meta": OBJECT,
        "sourced_id": TEXT,
    },
    "schedule-rules": {
        "academic_year": KEY,
        "template": KEY,
        "weekdays": LIST,
        "cycle_day": TEXT,
        "valid_from": LATER,
        "valid_to": LATER,
        **EXTRAS,
    },
    "day-overrides": {
        "academic_year": KEY,
        "name": TEXT,
        **DATES,
        "closed": FLAG,
        "template": OPTIONAL_KEY,
        "cycle_day": TEXT,
        "holds_cycle": FLAG,
        **EXTRAS,
    },
}


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("path", FIELDS)
def test_every_field_of_a_body_refuses_other_types(world, path: str, name: str) -> None:
    wrong = {field: codes[name] for field, codes in FIELDS[path].items() if name in codes}
    body = {**BODIES[path], **dict.fromkeys(wrong, VALUES[name])}
    errors = {(f"/{field}", code) for field, code in wrong.items()}
    world.refuses(world.ask("POST", path, body), errors)


def test_the_table_knows_every_field() -> None:
    assert {path: set(fields) for path, fields in FIELDS.items()} == {
        path: set(body) for path, body in BODIES.items()
    }


@pytest.mark.parametrize("path", FIELDS)
def test_a_change_refuses_other_types_too(world, path: str) -> None:
    fields = {name: codes for name, codes in FIELDS[path].items() if name != "generate_quarters"}
    errors = {(f"/{name}", codes["fraction"]) for name, codes in fields.items()}
    response = world.ask("PATCH", f"{path}/{ROWS[path]}", dict.fromkeys(fields, 1.5))
    world.refuses(response, errors)


def too_deep(levels: int = 40) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _level in range(levels):
        value = {"a": value}
    return value


ODD_TEXTS = [
    pytest.param("a\0", id="nul"),
    pytest.param("\ud800", id="high-surrogate"),
    pytest.param("\udfff\ud800", id="wrong-order"),
]


@pytest.mark.parametrize("text", ODD_TEXTS)
@pytest.mark.parametrize("path", BODIES)
def test_what_no_database_stores_is_refused_everywhere(world, path: str, text: str) -> None:
    names = [name for name, kind in FIELDS[path].items() if kind is not OBJECT]
    body = {**BODIES[path], **dict.fromkeys(names, text)}
    errors = {(f"/{name}", "invalid_characters") for name in names}
    world.refuses(world.ask("POST", path, body), errors)


@pytest.mark.parametrize(
    ("path", "field", "value", "code"),
    [
        # Names
        ("districts", "name", "", "blank"),
        ("districts", "name", " ", "blank"),
        ("districts", "name", "x" * 101, "max_length"),
        ("districts", "slug", "", "blank"),
        ("districts", "slug", "Lake", "invalid_slug"),
        ("districts", "slug", "lake-", "invalid_slug"),
        ("districts", "slug", "lake\n", "invalid_slug"),
        ("districts", "slug", "0198c0de-0000-7000-8000-000000000000", "invalid_slug"),
        ("districts", "slug", "x" * 64, "max_length"),
        ("districts", "sourced_id", "x" * 256, "max_length"),
        ("schools", "timezone", "Chicago", "unknown_timezone"),
        ("schools", "timezone", "america/chicago", "unknown_timezone"),
        ("schools", "timezone", "../etc/passwd", "unknown_timezone"),
        ("schools", "timezone", "x" * 65, "max_length"),
        ("terms", "name", "x" * 51, "max_length"),
        ("terms", "name", "\t", "blank"),
        ("terms", "sourced_id", " ", "blank"),
        ("period-templates", "code", "Late start", "invalid_slug"),
        ("period-templates", "code", "\u212a", "invalid_slug"),
        ("period-definitions", "name", "x" * 101, "max_length"),
        ("period-definitions", "track", "Lunch A", "invalid_track"),
        ("period-definitions", "track", "a\n", "invalid_track"),
        ("period-definitions", "track", "x" * 21, "max_length"),
        ("schedule-rules", "cycle_day", "x" * 21, "max_length"),
        # Choices
        ("terms", "term_type", "sem1", "invalid_choice"),
        ("terms", "term_type", "", "invalid_choice"),
        ("quarters", "quarter_type", "Q5", "invalid_choice"),
        ("breaks", "kind", "Holiday", "invalid_choice"),
        ("period-definitions", "type", "recess", "invalid_choice"),
        ("academic-years", "cycle_policy", "hold", "invalid_choice"),
        # Dates
        ("academic-years", "start_date", "0000-01-01", "year_out_of_range"),
        ("academic-years", "start_date", "0001-01-01", "year_out_of_range"),
        ("academic-years", "start_date", "1899-12-31", "year_out_of_range"),
        ("academic-years", "end_date", "2200-01-01", "year_out_of_range"),
        ("academic-years", "end_date", "9999-12-31", "year_out_of_range"),
        ("academic-years", "end_date", "10000-01-01", "invalid"),
        ("academic-years", "cycle_start", "9999-12-31", "year_out_of_range"),
        ("academic-years", "cycle_start", "", "invalid"),
        ("terms", "start_date", "2028-02-30", "invalid"),
        ("terms", "start_date", "2027-02-29", "invalid"),
        ("terms", "end_date", "2028-13-01", "invalid"),
        ("breaks", "start_date", "2026-12-7", "invalid"),
        ("breaks", "start_date", "20261207", "invalid"),
        ("breaks", "start_date", "2026-W50-1", "invalid"),
        ("breaks", "start_date", "07.12.2026", "invalid"),
        ("breaks", "start_date", " 2026-12-07", "invalid"),
        ("breaks", "start_date", "2026-12-07T00:00:00Z", "invalid"),
        ("breaks", "end_date", "today", "invalid"),
        ("breaks", "end_date", "٢٠٢٦-١٢-٠٨", "invalid"),
        ("schedule-rules", "valid_from", "0000-00-00", "year_out_of_range"),
        ("schedule-rules", "valid_to", "2026-11-31", "invalid"),
        # Times
        ("period-definitions", "start", "24:00", "invalid"),
        ("period-definitions", "start", "08:60", "invalid"),
        ("period-definitions", "start", "8:30", "invalid"),
        ("period-definitions", "start", "08:30:00", "invalid"),
        ("period-definitions", "start", "08:30Z", "invalid"),
        ("period-definitions", "start", "08.30", "invalid"),
        ("period-definitions", "start", "08:30\n", "invalid"),
        ("period-definitions", "start", "", "invalid"),
        # Numbers
        ("period-definitions", "number", -1, "min_value"),
        ("period-definitions", "number", 32_768, "max_value"),
        ("period-definitions", "number", 2**63, "max_value"),
        ("period-definitions", "number", 10**25, "max_value"),
        ("period-definitions", "number", 7.0, "invalid"),
        ("period-definitions", "number", -0.0, "invalid"),
        ("period-definitions", "number", "07", "invalid"),
        ("period-definitions", "length", 10**25, "max_value"),
        ("period-definitions", "passing", -1, "min_value"),
        ("period-definitions", "passing", 31, "max_value"),
        ("schools", "passing_minutes_cap", 31, "max_value"),
        ("schools", "passing_minutes_cap", 10**25, "max_value"),
        ("terms", "sequence", 2**63, "max_value"),
        # Ids
        ("terms", "academic_year", "", "invalid"),
        ("terms", "academic_year", "maple-high", "invalid"),
        ("terms", "academic_year", "0198c0de000070008000000000000000", "invalid"),
        ("terms", "academic_year", "{0198c0de-0000-7000-8000-000000000000}", "invalid"),
        ("day-overrides", "template", "", "invalid"),
        ("schools", "district", "", "invalid"),
        # Lists
        ("schools", "weekdays", ["monday"] * 2, "repeated_weekday"),
        ("schools", "weekdays", ["monday"] * 8, "max_length"),
        ("schools", "weekdays", ["x"] * 100_000, "max_length"),
        ("schools", "weekdays", [], "blank"),
        ("academic-years", "cycle_days", ["A", "A"], "repeated_cycle_day"),
        ("academic-years", "cycle_days", ["A", " "], "invalid_cycle_days"),
        ("academic-years", "cycle_days", [5] * 101, "max_length"),
    ],
)
def test_a_field_refuses_what_it_cannot_be(
    world, path: str, field: str, value: Any, code: str
) -> None:
    body = {**BODIES[path], field: value}
    world.refuses(world.ask("POST", path, body), {(f"/{field}", code)})


@pytest.mark.parametrize(
    ("path", "field", "value", "errors"),
    [
        (
            "schools",
            "weekdays",
            ["monday", "Tuesday", 3],
            {1: "invalid_choice", 2: "invalid_choice"},
        ),
        ("schools", "weekdays", [None], {0: "null"}),
        ("academic-years", "cycle_days", ["A", 5, None], {1: "invalid", 2: "null"}),
        ("academic-years", "cycle_days", ["A", ""], {1: "blank"}),
        ("academic-years", "cycle_days", ["A", "x" * 21], {1: "max_length"}),
        ("academic-years", "cycle_days", ["A\0"], {0: "invalid_characters"}),
        ("breaks", "metadata", {"a": ["b", "\ud800"]}, {"a/1": "invalid_characters"}),
        ("breaks", "metadata", {"a/b~": -0.0}, {"a~1b~0": "negative_zero"}),
        ("breaks", "metadata", {"a": 2**53}, {"a": "number_too_large"}),
        ("breaks", "metadata", {"a": 1e308}, {"a": "number_too_large"}),
        ("breaks", "metadata", too_deep(), {"/".join("a" * 33): "too_deep"}),
        ("period-definitions", "meta", {"a": [-0.0]}, {"a/0": "negative_zero"}),
        (
            "quarters",
            "metadata",
            {"reporting_dates": {"grades_due": "soon", "x": 1}, "assessment_weeks": [0, 0, 54]},
            {
                "assessment_weeks": "schema",
                "assessment_weeks/0": "schema",
                "assessment_weeks/1": "schema",
                "assessment_weeks/2": "schema",
                "reporting_dates": "schema",
                "reporting_dates/grades_due": "schema",
            },
        ),
    ],
)
def test_an_error_points_into_a_field(
    world, path: str, field: str, value: Any, errors: dict[Any, str]
) -> None:
    response = world.ask("POST", path, {**BODIES[path], field: value})
    world.refuses(response, {(f"/{field}/{place}", code) for place, code in errors.items()})
