"""What the actions of bell schedules and terms refuse, all or nothing."""

from typing import Any

import pytest

Body = dict[str, Any]
Errors = set[tuple[str, str]]


def period(**changes: Any) -> Body:
    return {"number": 1, "start": "08:30", "length": 50, **changes}


def of_periods(errors: dict[str, str]) -> Errors:
    return {(f"/periods/{place}", code) for place, code in errors.items()}


@pytest.mark.parametrize(
    ("periods", "errors"),
    [
        ([{}], {"0/number": "required", "0/start": "required", "0/length": "required"}),
        ([None], {"0": "null"}),
        ([[]], {"0": "invalid"}),
        (["x"], {"0": "invalid"}),
        ([5], {"0": "invalid"}),
        ([period(colour="red")], {"0/colour": "unknown_field"}),
        ([period(template="@late")], {"0/template": "unknown_field"}),
        ([period(id="@period")], {"0/id": "read_only"}),
        ([period(end="09:20")], {"0/end": "read_only"}),
        ([period(revision=1)], {"0/revision": "read_only"}),
        ([period(number=None)], {"0/number": "null"}),
        ([period(number=-1)], {"0/number": "min_value"}),
        ([period(number=32_768)], {"0/number": "max_value"}),
        ([period(number=10**25)], {"0/number": "max_value"}),
        ([period(start="24:00")], {"0/start": "invalid"}),
        ([period(start="08:30:00")], {"0/start": "invalid"}),
        ([period(start="23:15")], {"0/length": "past_midnight"}),
        ([period(length=29)], {"0/length": "length_out_of_range"}),
        ([period(length=481, type="staff")], {"0/length": "length_out_of_range"}),
        ([period(length=0, irregular=True)], {"0/length": "length_out_of_range"}),
        ([period(length="50")], {"0/length": "invalid"}),
        ([period(passing=31)], {"0/passing": "max_value"}),
        ([period(track="all")], {"0/track": "reserved_track"}),
        ([period(track="A")], {"0/track": "invalid_track"}),
        ([period(type="recess")], {"0/type": "invalid_choice"}),
        ([period(meta=[])], {"0/meta": "invalid"}),
        ([period(meta={"a": {"b/c": -0.0}})], {"0/meta/a/b~1c": "negative_zero"}),
        ([period(name="a\0")], {"0/name": "invalid_characters"}),
        ([period(), period(start="10:00")], {"1/number": "number_taken"}),
        ([period(), period(number=2, start="09:00")], {"1": "overlap"}),
        ([period(number=2, start="09:00"), period()], {"0": "overlap"}),
        ([period(passing=10), period(number=2, start="09:25")], {"0/passing": "passing_too_long"}),
        (
            [period(sourced_id="a"), period(number=2, start="10:00", sourced_id="a")],
            {"1/sourced_id": "sourced_id_taken"},
        ),
        (
            [period(), period(number="2", start=10), period(length=20), period(number=4)],
            {
                "1/number": "invalid",
                "1/start": "invalid",
                "2/number": "number_taken",
                "2/length": "length_out_of_range",
                "2": "overlap",
                "3": "overlap",
            },
        ),
    ],
)
def test_one_wrong_period_refuses_them_all(
    world, periods: list[Any], errors: dict[str, str]
) -> None:
    sound = [period(number=100 + n, start=f"{18 + n}:00", length=40) for n in range(2)]
    response = world.ask("PUT", "period-templates/@late/periods", {"periods": [*periods, *sound]})
    world.refuses(response, of_periods(errors))


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {("/periods", "required")}),
        ({"periods": None}, {("/periods", "null")}),
        ({"periods": {}}, {("/periods", "not_a_list")}),
        ({"periods": "[]"}, {("/periods", "not_a_list")}),
        ({"periods": [], "dry_run": True}, {("/dry_run", "unknown_field")}),
        ({"periods": [period(number=n) for n in range(201)]}, {("/periods", "max_length")}),
        ({"periods": [5] * 100_000}, {("/periods", "max_length")}),
    ],
)
def test_a_body_that_lists_no_periods_is_refused(world, body: Body, errors: Errors) -> None:
    world.refuses(world.ask("PUT", "period-templates/@late/periods", body), errors)


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"code": "late-start"}, {("", "code_taken")}),
        ({"code": ""}, {("/code", "blank")}),
        ({"code": None}, {("/code", "null")}),
        ({"code": 5}, {("/code", "invalid")}),
        ({"code": "Late start"}, {("/code", "invalid_slug")}),
        ({"code": "x" * 64}, {("/code", "max_length")}),
        ({"name": ""}, {("/name", "blank")}),
        ({"name": "x" * 101}, {("/name", "max_length")}),
        ({"name": "a\0", "code": "late"}, {("/name", "invalid_characters")}),
        ({"is_default": True}, {("/is_default", "unknown_field")}),
        (
            {"code": [], "name": {}, "x": 1},
            {("/code", "invalid"), ("/name", "invalid"), ("/x", "unknown_field")},
        ),
    ],
)
def test_a_copy_that_cannot_be_is_refused(world, body: Body, errors: Errors) -> None:
    world.refuses(world.ask("POST", "period-templates/@late/clone", body), errors)


def breaks(*pairs: tuple[Any, Any]) -> Body:
    return {"breaks": [{"after": after, "length": length} for after, length in pairs]}


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"start": "24:00"}, {("/start", "invalid")}),
        ({"start": 830}, {("/start", "invalid")}),
        ({"start": None}, {("/start", "null")}),
        ({"count": 0}, {("/count", "count_out_of_range")}),
        ({"count": -1}, {("/count", "count_out_of_range")}),
        ({"count": 30}, {("/count", "past_midnight")}),
        ({"count": 10**29}, {("/count", "past_midnight")}),
        ({"count": "3"}, {("/count", "invalid")}),
        ({"count": 3.0}, {("/count", "invalid")}),
        ({"count": True}, {("/count", "invalid")}),
        ({"length": 29}, {("/length", "length_out_of_range")}),
        ({"length": -1}, {("/length", "min_value")}),
        ({"length": 10**25}, {("/length", "max_value")}),
        ({"length": 481, "irregular": True}, {("/length", "length_out_of_range")}),
        ({"passing": 31}, {("/passing", "max_value")}),
        ({"passing": -1}, {("/passing", "min_value")}),
        ({"passing": None}, {("/passing", "null")}),
        ({"irregular": "yes"}, {("/irregular", "invalid")}),
        ({"breaks": None}, {("/breaks", "null")}),
        ({"breaks": {"4": 30}}, {("/breaks", "not_a_list")}),
        ({"breaks": [4]}, {("/breaks/0", "invalid")}),
        ({"breaks": [{}]}, {("/breaks/0/after", "required"), ("/breaks/0/length", "required")}),
        (
            {"breaks": [{"after": 1, "length": 30, "name": "Lunch"}]},
            {("/breaks/0/name", "unknown_field")},
        ),
        (breaks(("1", 30.5)), {("/breaks/0/after", "invalid"), ("/breaks/0/length", "invalid")}),
        (breaks((4, 30)), {("/breaks", "unknown_period")}),
        (breaks((0, 30)), {("/breaks", "unknown_period")}),
        (breaks((1, 0)), {("/breaks", "length_out_of_range")}),
        (breaks((1, 10**25)), {("/breaks", "length_out_of_range")}),
        (breaks((1, 30), (2, 20), (1, 20)), {("/breaks/2/after", "repeated")}),
        (breaks(*[(1, 30)] * 31), {("/breaks", "max_length")}),
        ({"template": "@late"}, {("/template", "unknown_field")}),
        (
            {"start": "x", "count": "x", "length": None, "x": 1},
            {
                ("/start", "invalid"),
                ("/count", "invalid"),
                ("/length", "null"),
                ("/x", "unknown_field"),
            },
        ),
    ],
)
def test_a_day_that_cannot_be_generated_is_refused(world, changes: Body, errors: Errors) -> None:
    body = {"start": "08:30", "count": 3, "length": 50, **changes}
    world.refuses(world.ask("POST", "period-templates/@empty/generate", body), errors)


def test_periods_are_generated_for_an_empty_bell_schedule_alone(world) -> None:
    body = {"start": "08:30", "count": 3, "length": 50}
    response = world.ask("POST", "period-templates/@late/generate", body)
    world.refuses(response, {("", "has_periods")})


@pytest.mark.parametrize(
    ("term", "body", "errors"),
    [
        ("@trimester", {}, {("", "requires_semester")}),
        ("@short", {}, {("/end_date", "too_short")}),
        ("@short", {"strategy": "balanced"}, {("/end_date", "too_short")}),
        ("@spring", {"strategy": "fair"}, {("/strategy", "invalid_choice")}),
        ("@spring", {"strategy": ""}, {("/strategy", "invalid_choice")}),
        ("@spring", {"strategy": None}, {("/strategy", "null")}),
        ("@spring", {"strategy": ["even"]}, {("/strategy", "invalid_choice")}),
        ("@spring", {"sequence": 1}, {("/sequence", "unknown_field")}),
    ],
)
def test_quarters_that_cannot_be_are_refused(world, term: str, body: Body, errors: Errors) -> None:
    world.refuses(world.ask("POST", f"terms/{term}/generate-quarters", body), errors)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "terms/@hidden-year/generate-quarters"),
        ("POST", "terms/x/generate-quarters"),
        ("POST", "period-templates/@hidden-template/clone"),
        ("POST", "period-templates/@hidden-template/generate"),
        ("PUT", "period-templates/@hidden-template/periods"),
        ("PUT", "period-templates/%00/periods"),
    ],
)
def test_an_action_on_what_is_out_of_reach_is_not_found(world, method: str, path: str) -> None:
    world.refuses(world.ask(method, path, {"x": 1}), set(), 404, "not_found")
