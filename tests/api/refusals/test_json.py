"""Bodies that are no JSON, or JSON that two readers would understand in two ways."""

import json
from typing import Any

import pytest

from api.parsers import StrictJSONParser
from tests.api.refusals.bodies import BODIES, ROWS
from tests.api.refusals.conftest import JSON

LARGEST = StrictJSONParser.largest_bytes
NAMED = '{"name": %s}'


def whole(code: str) -> set[tuple[str, str]]:
    return {("", code)}


@pytest.mark.parametrize(
    ("raw", "errors"),
    [
        pytest.param(b" ", whole("malformed_json"), id="a-space"),
        pytest.param(b"\xef\xbb\xbf", whole("malformed_json"), id="nothing-but-a-bom"),
        pytest.param(b"\xef\xbb\xbf[]", whole("invalid"), id="a-bom-is-skipped"),
        pytest.param(b'{"name": ', whole("malformed_json"), id="truncated"),
        pytest.param(b"{} {}", whole("malformed_json"), id="two-bodies"),
        pytest.param(b'{"name": "x",}', whole("malformed_json"), id="trailing-comma"),
        pytest.param(b"{'name': 'x'}", whole("malformed_json"), id="single-quotes"),
        pytest.param(b'{"name": "x"} // why', whole("malformed_json"), id="comment"),
        pytest.param(b'{"name": 01}', whole("malformed_json"), id="leading-zero"),
        pytest.param(b'{"name": +1}', whole("malformed_json"), id="plus"),
        pytest.param(b'{"name": "a\nb"}', whole("malformed_json"), id="line-break-in-text"),
        pytest.param(b'{"name": "a\x00b"}', whole("malformed_json"), id="raw-nul"),
        pytest.param(b'{"name": "\xff"}', whole("invalid_utf8"), id="no-utf-8"),
        pytest.param(b'{"name": "\xed\xa0\x80"}', whole("invalid_utf8"), id="surrogate-in-utf-8"),
        pytest.param("{}".encode("utf-16"), whole("invalid_utf8"), id="utf-16"),
        pytest.param(b"[]", whole("invalid"), id="a-list"),
        pytest.param(b'[{"name": "x"}]', whole("invalid"), id="a-list-of-one"),
        pytest.param(b'"name"', whole("invalid"), id="a-text"),
        pytest.param(b"5", whole("invalid"), id="a-number"),
        pytest.param(b"true", whole("invalid"), id="a-flag"),
        pytest.param(b"null", whole("null"), id="null"),
        pytest.param(b"[" * 100_000, whole("too_deep"), id="deep"),
        pytest.param(
            b'{"a":' * 202 + b"1" + b"}" * 202, {("/a" * 201, "too_deep")}, id="rather-deep"
        ),
        pytest.param(b'{"name": "a", "name": "a"}', {("/name", "repeated_key")}, id="repeated"),
        pytest.param(
            b'{"name": "a", "n\\u0061me": "b"}',
            {("/name", "repeated_key")},
            id="repeated-as-escape",
        ),
        pytest.param(
            b'{"metadata": {"a/b": [{"x": 1, "x": 2}]}}',
            {("/metadata/a~1b/0/x", "repeated_key")},
            id="repeated-within",
        ),
        pytest.param(b'{"name": NaN}', {("/name", "not_finite")}, id="nan"),
        pytest.param(b'{"name": -Infinity}', {("/name", "not_finite")}, id="infinity"),
        pytest.param(b'{"name": 1e400}', {("/name", "not_finite")}, id="1e400"),
        pytest.param(
            b'{"metadata": {"a": [1, 1e400]}}', {("/metadata/a/1", "not_finite")}, id="1e400-within"
        ),
        pytest.param(
            b'{"name": 1' + b"0" * 40 + b"}", {("/name", "number_too_large")}, id="10**40"
        ),
        pytest.param(b'{"name": "a\\u0000"}', {("/name", "invalid_characters")}, id="nul"),
        pytest.param(b'{"name": "\\ud800"}', {("/name", "invalid_characters")}, id="surrogate"),
        pytest.param(b'{"a\\u0000": 1}', whole("invalid_characters"), id="nul-in-key"),
        pytest.param(b'{"\\udfff": 1}', whole("invalid_characters"), id="surrogate-in-key"),
        pytest.param(
            b'{"name": NaN, "slug": 1e400, "a": "\\u0000", "b": 1, "b": 1}',
            {
                ("/name", "not_finite"),
                ("/slug", "not_finite"),
                ("/a", "invalid_characters"),
                ("/b", "repeated_key"),
            },
            id="all-at-once",
        ),
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", "breaks/@break"),
        ("PUT", "period-templates/@regular/periods"),
    ],
)
def test_a_body_that_is_not_plain_json_is_refused(
    world, method: str, path: str, raw: bytes, errors: set[tuple[str, str]]
) -> None:
    response = world.admin.generic(method, f"/api/v1/{world.named(path)}", raw, JSON)
    world.refuses(response, errors)


def test_a_pair_of_surrogates_is_one_character(world) -> None:
    raw = b'{"name": "\\ud83d\\ude00"}'
    response = world.admin.generic("PATCH", world.named("/api/v1/breaks/@break"), raw, JSON)
    assert response.json()["name"] == "😀"


@pytest.mark.parametrize(
    ("key", "pointer"),
    [
        ("colour", "/colour"),
        ("", "/"),
        ("non_field_errors", "/non_field_errors"),
        ("__all__", "/__all__"),
        ("__proto__", "/__proto__"),
        ("a/b~c", "/a~1b~0c"),
        ("Name", "/Name"),
        ("name ", "/name "),
        ("school_id", "/school_id"),
        ("expanded", "/expanded"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_field_that_is_not_known_is_refused(world, method: str, key: str, pointer: str) -> None:
    path = "breaks" if method == "POST" else "breaks/@break"
    code = "read_only" if key == "expanded" else "unknown_field"
    body = {**BODIES["breaks"], key: None}
    world.refuses(world.ask(method, path, body), {(pointer, code)})


READ_ONLY = ("id", "revision", "created_at", "updated_at", "etag")


@pytest.mark.parametrize("path", BODIES)
def test_what_the_service_sets_is_not_to_be_sent(world, path: str) -> None:
    more = {
        "quarters": {"school": "maple-high", "full_label": "Q4 (S2)"},
        "period-templates": {"periods": []},
        "period-definitions": {"school": "maple-high", "end": "13:45"},
        "academic-years": {},
        "schools": {},
        "districts": {},
    }.get(path, {"school": "maple-high"})
    sent: dict[str, Any] = {**dict.fromkeys(READ_ONLY, 1), **more}
    errors = {(f"/{name}", "read_only") for name in sent}
    world.refuses(world.ask("POST", path, {**BODIES[path], **sent}), errors)
    world.refuses(world.ask("PATCH", f"{path}/{ROWS[path]}", sent), errors)


def test_a_body_of_nonsense_is_not_answered_with_a_longer_one(world) -> None:
    response = world.ask("PATCH", "breaks/@break", {f"field-{n}": n for n in range(2_000)})
    assert (response.status_code, len(response.json()["errors"])) == (400, 1000)


def test_nothing_at_all_is_an_empty_body(world) -> None:
    required = ("academic_year", "name", "start_date", "end_date")
    world.refuses(world.ask("POST", "breaks"), {(f"/{name}", "required") for name in required})
    world.refuses(
        world.ask("PUT", "breaks/@break"), {(f"/{name}", "required") for name in required}
    )


def test_a_body_that_is_too_large_is_not_read(world) -> None:
    raw = b'"' + b"x" * LARGEST
    response = world.admin.generic("POST", "/api/v1/breaks", raw, JSON)
    world.refuses(response, set(), 413, "too_large")


def test_no_more_of_a_body_is_read_than_its_length_says(world) -> None:
    raw = json.dumps(BODIES["breaks"]).encode()
    few = {"content-length": "5"}
    response = world.admin.generic("POST", "/api/v1/breaks", raw, JSON, headers=few)
    world.refuses(response, whole("malformed_json"))


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "text/json", "application/xml", "application/x-www-form-urlencoded",
     "multipart/form-data; boundary=x", "application/problem+json", "application/json-patch+json",
     "application", "/", ";", "é/é", "application/json, text/html",
     "application/json;" + "a=b;" * 99],
)  # fmt: skip
def test_a_body_in_another_format_is_refused(world, content_type: str) -> None:
    body = json.dumps(BODIES["breaks"])
    response = world.admin.generic("POST", "/api/v1/breaks", body, content_type)
    world.refuses(response, set(), 415, "unsupported_media_type")
