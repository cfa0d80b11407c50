import math
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from core import metadata
from core.metadata import (
    DEEPEST,
    FreeJSONField,
    MetadataField,
    is_storable,
    json_pointer,
    problems_of_json,
    schema_problems,
)
from scheduling.models import Break, Quarter


def nested(levels: int) -> Any:
    value: Any = {}
    for _level in range(levels):
        value = {"a": value}
    return value


def found(value: Any) -> list[tuple[str, str]]:
    return [(problem.code, problem.params["pointer"]) for problem in problems_of_json(value)]


def schema_found(value: Any) -> list[tuple[str, str]]:
    return [(each.code, each.params["pointer"]) for each in schema_problems(value, Quarter)]


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        pytest.param((), "", id="the-whole"),
        pytest.param(("a", 0), "/a/0", id="keys-and-indexes"),
        pytest.param(("a/b", "c~d"), "/a~1b/c~0d", id="escapes"),
        pytest.param(("",), "/", id="empty-key"),
    ],
)
def test_a_pointer_is_spelled_as_rfc_6901_says(path: tuple[object, ...], pointer: str) -> None:
    assert json_pointer(path) == pointer


@pytest.mark.parametrize(
    ("value", "problems"),
    [
        pytest.param({"a": [1, 2.5, None, True, "é😀"]}, [], id="all-is-well"),
        pytest.param({"a": "x\x00"}, [("invalid_characters", "/a")], id="nul"),
        pytest.param({"a": ["\ud800"]}, [("invalid_characters", "/a/0")], id="surrogate"),
        pytest.param({"a": {"\x00": 1}}, [("invalid_characters", "/a")], id="key-with-nul"),
        pytest.param({"\udfff": 1}, [("invalid_characters", "")], id="key-with-surrogate"),
        pytest.param({"a": math.nan}, [("not_finite", "/a")], id="nan"),
        pytest.param({"a": [math.inf]}, [("not_finite", "/a/0")], id="infinity"),
        pytest.param({"a": -math.inf}, [("not_finite", "/a")], id="minus-infinity"),
        pytest.param({"a": [2**53 - 1, 1 - 2**53]}, [], id="largest"),
        pytest.param({"a": 2**53}, [("number_too_large", "/a")], id="too-large"),
        pytest.param({"a": -(2**53)}, [("number_too_large", "/a")], id="too-small"),
        pytest.param({"a": 2.0**53}, [("number_too_large", "/a")], id="too-large-a-fraction"),
        pytest.param({"a": [-1.5e300]}, [("number_too_large", "/a/0")], id="far-too-small"),
        pytest.param({"a": 10**400}, [("number_too_large", "/a")], id="no-float-either"),
        pytest.param({"a": [-0.0]}, [("negative_zero", "/a/0")], id="signed-zero"),
        pytest.param({"a": [2.0**53 - 1, 5e-324, 0.1, 0.0]}, [], id="fractions"),
        pytest.param(
            {"a": "\x00", "b": math.nan},
            [("invalid_characters", "/a"), ("not_finite", "/b")],
            id="all-at-once",
        ),
        pytest.param(nested(DEEPEST), [], id="deep"),
        pytest.param(nested(DEEPEST + 1), [("too_deep", "/a" * (DEEPEST + 1))], id="too-deep"),
    ],
)
def test_json_that_no_database_stores_is_found(value: Any, problems: list[Any]) -> None:
    assert found(value) == problems


def test_text_is_storable_unless_it_has_nul_or_half_a_character() -> None:
    assert is_storable("Ünïcode 😀 \n")
    assert not is_storable("a\x00b")
    assert not is_storable("\ud83d")


@pytest.mark.parametrize(
    ("value", "problems"),
    [
        pytest.param({}, [], id="empty"),
        pytest.param({"reporting_dates": {"grades_due": "2026-10-14"}}, [], id="date"),
        pytest.param({"homeroom": [1]}, [], id="what-a-district-adds"),
        pytest.param({"assessment_weeks": [1, 53]}, [], id="weeks"),
        pytest.param(
            {"reporting_dates": {"grades_due": "14 October"}},
            [("schema", "/reporting_dates/grades_due")],
            id="no-date",
        ),
        pytest.param(
            {"reporting_dates": {"publish_date": "2026-02-30"}},
            [("schema", "/reporting_dates/publish_date")],
            id="no-such-date",
        ),
        pytest.param(
            {"reporting_dates": {"unknown": "2026-10-14"}},
            [("schema", "/reporting_dates")],
            id="unknown-date",
        ),
        pytest.param({"reporting_dates": []}, [("schema", "/reporting_dates")], id="list"),
        pytest.param({"assessment_weeks": [0]}, [("schema", "/assessment_weeks/0")], id="zero"),
        pytest.param({"assessment_weeks": [54]}, [("schema", "/assessment_weeks/0")], id="54"),
        pytest.param({"assessment_weeks": ["1"]}, [("schema", "/assessment_weeks/0")], id="text"),
        pytest.param({"assessment_weeks": [2, 2]}, [("schema", "/assessment_weeks")], id="twice"),
        pytest.param(
            {"reporting_dates": {"reports_due": 5}, "assessment_weeks": [0, 99]},
            [
                ("schema", "/assessment_weeks/0"),
                ("schema", "/assessment_weeks/1"),
                ("schema", "/reporting_dates/reports_due"),
            ],
            id="all-at-once",
        ),
    ],
)
def test_metadata_is_checked_against_the_schema_of_its_model(
    value: Any, problems: list[Any]
) -> None:
    assert schema_found(value) == problems


def test_a_schema_is_compiled_once_a_class() -> None:
    assert metadata._validator(Quarter) is metadata._validator(Quarter)
    assert metadata._validator(Quarter) is not metadata._validator(Break)


def test_a_message_says_where() -> None:
    problem = next(schema_problems({"assessment_weeks": [54]}, Quarter))

    assert problem.messages == ["/assessment_weeks/0: 54 is greater than the maximum of 53"]


@pytest.mark.parametrize("value", [None, [], "", "text", 5, True, ()])
@pytest.mark.parametrize("field", [FreeJSONField(), MetadataField()], ids=["free", "metadata"])
def test_only_an_object_is_accepted(field: FreeJSONField, value: Any) -> None:
    with pytest.raises(ValidationError) as refusal:
        field.validate(value, None)

    (error,) = refusal.value.error_list
    assert (error.code, error.params) == ("not_an_object", {"pointer": ""})


def test_a_field_raises_every_problem_at_once() -> None:
    value = {"a": "\x00", "b": math.nan}

    with pytest.raises(ValidationError) as refusal:
        FreeJSONField().validate(value, None)

    assert [each.code for each in refusal.value.error_list] == ["invalid_characters", "not_finite"]


def test_a_metadata_field_asks_the_schema_of_the_row_it_sits_on() -> None:
    with pytest.raises(ValidationError) as refusal:
        MetadataField().validate({"assessment_weeks": [0]}, Quarter())
    MetadataField().validate({"assessment_weeks": [0]}, Break())
    MetadataField().validate({"assessment_weeks": [0]}, None)

    assert [each.params["pointer"] for each in refusal.value.error_list] == ["/assessment_weeks/0"]


def test_what_json_cannot_hold_is_refused() -> None:
    with pytest.raises(ValidationError):
        FreeJSONField().validate({"a": object()}, None)
