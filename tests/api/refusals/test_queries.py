"""Addresses that mean nothing here: wrong parameters, wrong keys, wrong methods."""

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest

from api.urls import RESOURCES
from tests.api.refusals.bodies import BODIES, ROWS

LONG = "9" * 5000


def cursor(said: Any) -> str:
    return urlsafe_b64encode(json.dumps(said).encode()).decode()


@pytest.mark.parametrize(
    ("path", "query", "errors"),
    [
        # Parameters that no list, or not this list, has
        ("terms", "colour=red", {("/colour", "unknown_parameter")}),
        ("terms", "=1", {("/", "unknown_parameter")}),
        ("terms", "non_field_errors=1", {("/non_field_errors", "unknown_parameter")}),
        ("terms", "Page_size=5", {("/Page_size", "unknown_parameter")}),
        ("terms", "page=2", {("/page", "unknown_parameter")}),
        (
            "terms",
            "offset=2&limit=2",
            {("/offset", "unknown_parameter"), ("/limit", "unknown_parameter")},
        ),
        ("terms", "format=json", {("/format", "unknown_parameter")}),
        ("terms", "access_token=secret", {("/access_token", "unknown_parameter")}),
        ("terms", "a%00b=1", {("/a\0b", "unknown_parameter")}),
        ("terms", "from[]=2026-01-01", {("/from[]", "unknown_parameter")}),
        ("terms", "name=Autumn", {("/name", "unknown_parameter")}),
        ("districts", "on=2026-11-23", {("/on", "unknown_parameter")}),
        ("period-templates", "from=2026-11-23", {("/from", "unknown_parameter")}),
        ("terms/@term", "school=maple-high", {("/school", "unknown_parameter")}),
        ("terms/@term", "page_size=5", {("/page_size", "unknown_parameter")}),
        # Empty and repeated ones
        ("terms", "school=", {("/school", "blank")}),
        ("terms", "on", {("/on", "blank")}),
        ("terms", "expand=", {("/expand", "blank")}),
        (
            "terms",
            "search=&ordering=&cursor=",
            {("/search", "blank"), ("/ordering", "blank"), ("/cursor", "blank")},
        ),
        ("terms", "on=2026-11-23&on=2026-11-23", {("/on", "repeated")}),
        ("terms", "page_size=5&page_size=", {("/page_size", "repeated")}),
        ("terms", "school=maple-high&school=birch-high", {("/school", "repeated")}),
        # Dates and instants
        ("terms", "on=2026-02-30", {("/on", "invalid")}),
        ("terms", "on=20261123", {("/on", "invalid")}),
        ("terms", "on=today", {("/on", "invalid")}),
        ("terms", "on=0000-01-01", {("/on", "year_out_of_range")}),
        ("terms", "on=0001-01-01", {("/on", "year_out_of_range")}),
        ("breaks", "from=1899-12-31", {("/from", "year_out_of_range")}),
        ("breaks", "to=2200-01-01", {("/to", "year_out_of_range")}),
        ("quarters", "starts_after=9999-12-31", {("/starts_after", "year_out_of_range")}),
        ("day-overrides", "ends_before=24:00", {("/ends_before", "invalid")}),
        ("terms", f"on={LONG}", {("/on", "invalid")}),
        ("terms", "on=%00", {("/on", "invalid")}),
        ("terms", "on=%FF", {("/on", "invalid")}),
        ("terms", "updated_since=2026-11-23", {("/updated_since", "invalid")}),
        ("terms", "updated_since=2026-11-23T09:45:00", {("/updated_since", "invalid")}),
        ("terms", "updated_since=2026-11-23T24:00:00Z", {("/updated_since", "invalid")}),
        ("terms", "updated_since=2026-11-23T09:45:00%2B99:99", {("/updated_since", "invalid")}),
        (
            "terms",
            "updated_since=9999-12-31T23:59:59-14:00",
            {("/updated_since", "year_out_of_range")},
        ),
        (
            "terms",
            "updated_since=0001-01-01T00:00:00%2B14:00",
            {("/updated_since", "year_out_of_range")},
        ),
        # Pages
        ("terms", "page_size=0", {("/page_size", "min_value")}),
        ("terms", "page_size=-1", {("/page_size", "min_value")}),
        ("terms", "page_size=1001", {("/page_size", "max_value")}),
        ("terms", f"page_size={LONG}", {("/page_size", "max_value")}),
        ("terms", "page_size=1e3", {("/page_size", "invalid")}),
        ("terms", "page_size=1.5", {("/page_size", "invalid")}),
        ("terms", "page_size=ten", {("/page_size", "invalid")}),
        ("terms", "page_size=5.0", {("/page_size", "invalid")}),
        ("terms", "page_size=1_0", {("/page_size", "invalid")}),
        ("terms", "page_size=%2B5", {("/page_size", "invalid")}),
        ("terms", "page_size=%205", {("/page_size", "invalid")}),
        ("terms", "page_size=%D9%A5", {("/page_size", "invalid")}),
        ("terms", "page_size=%00", {("/page_size", "invalid")}),
        ("terms", "cursor=x", {("/cursor", "invalid_cursor")}),
        ("terms", "cursor=%F0%9F%98%80", {("/cursor", "invalid_cursor")}),
        ("terms", f"cursor={cursor(5)}", {("/cursor", "invalid_cursor")}),
        ("terms", f"cursor={cursor(['2026-08-12', 'x'])}", {("/cursor", "invalid_cursor")}),
        (
            "terms",
            f"cursor={cursor(['start_date', '2026-08-12', 'x'])}",
            {("/cursor", "invalid_cursor")},
        ),
        ("terms", f"cursor={LONG}", {("/cursor", "max_length")}),
        ("terms", "cursor=a%00", {("/cursor", "invalid_characters")}),
        ("terms", "ordering=secret", {("/ordering", "invalid_choice")}),
        ("terms", "ordering=--id", {("/ordering", "invalid_choice")}),
        ("terms", "ordering=id,name", {("/ordering", "invalid_choice")}),
        ("terms", "ordering=academic_year__school__district", {("/ordering", "invalid_choice")}),
        ("terms", "expand=quarters", {("/expand/0", "invalid_choice")}),
        (
            "terms",
            "expand=school&expand=x&expand=y",
            {("/expand/1", "invalid_choice"), ("/expand/2", "invalid_choice")},
        ),
        ("terms/@term", "expand=created_by", {("/expand/0", "invalid_choice")}),
        # Filters
        ("terms", "academic_year=maple-high", {("/academic_year", "invalid")}),
        ("quarters", "term=5", {("/term", "invalid")}),
        ("terms", "term_type=sem1", {("/term_type", "invalid_choice")}),
        ("breaks", "kind=%00", {("/kind", "invalid_choice")}),
        ("schools", "is_public=True", {("/is_public", "invalid")}),
        ("day-overrides", "closed=1", {("/closed", "invalid")}),
        ("terms", "search=%00", {("/search", "invalid_characters")}),
        ("terms", f"search={LONG}", {("/search", "max_length")}),
        ("terms", "sourced_id=a%00b", {("/sourced_id", "invalid_characters")}),
        ("terms", f"sourced_id={LONG}", {("/sourced_id", "max_length")}),
        ("terms", f"school={LONG}", {("/school", "max_length")}),
        ("terms", "school=a%00b", {("/school", "invalid_characters")}),
        # Several at once
        (
            "terms",
            "on=x&page_size=0&colour=red&school=&expand=x",
            {
                ("/on", "invalid"),
                ("/page_size", "min_value"),
                ("/colour", "unknown_parameter"),
                ("/school", "blank"),
                ("/expand/0", "invalid_choice"),
            },
        ),
    ],
)
def test_a_question_that_means_nothing_is_refused(
    world, path: str, query: str, errors: set[tuple[str, str]]
) -> None:
    world.refuses(world.ask("GET", f"{path}?{query}"), errors)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "breaks"),
        ("PUT", "breaks/@break"),
        ("PATCH", "breaks/@break"),
        ("DELETE", "breaks/@break"),
        ("POST", "terms/@spring/generate-quarters"),
        ("POST", "period-templates/@late/clone"),
        ("POST", "period-templates/@empty/generate"),
        ("PUT", "period-templates/@late/periods"),
    ],
)
def test_a_write_takes_no_parameters(world, method: str, path: str) -> None:
    response = world.ask(method, f"{path}?dry_run=true&force=", {})
    errors = {("/dry_run", "unknown_parameter"), ("/force", "unknown_parameter")}
    world.refuses(response, errors)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("terms", "school=hidden-high"),
        ("terms", "school=@hidden"),
        ("terms", "school=nowhere"),
        ("terms", "school=Maple-High"),
        ("terms", "school=%ED%A0%80"),
        ("terms", "academic_year=@hidden-year"),
        ("terms", "academic_year=@term"),
        ("schools", "district=@hidden-district"),
        ("schedule-rules", "template=@hidden-template"),
    ],
)
def test_a_filter_by_what_is_out_of_reach_is_not_found(world, path: str, query: str) -> None:
    name = query.partition("=")[0]
    response = world.ask("GET", f"{path}?{query}")
    world.refuses(response, {(f"/{name}", "not_found")}, 404, "not_found")


KEYS = (
    "0198c0de-0000-7000-8000-000000000000", "0198c0de", "x", "%00", "%FF", "%", "%0A", "%20",
    "..%2F", "%F0%9F%98%80", "%3Cscript%3E", LONG,
)  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("path", ["schools", "terms", "period-definitions"])
def test_a_key_that_names_no_row_is_not_found(world, path: str, key: str) -> None:
    world.refuses(world.ask("GET", f"{path}/{key}"), set(), 404, "not_found")


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "path",
    ["districts/@hidden-district", "schools/hidden-high", "schools/@hidden", "terms/@year",
     "academic-years/@hidden-year", "period-templates/@hidden-template",
     "period-definitions/@hidden-period"],
)  # fmt: skip
def test_a_row_that_is_out_of_reach_is_not_there(world, method: str, path: str) -> None:
    response = world.ask(method, path, {"x": 1}, client=world.admin)
    world.refuses(response, set(), 404, "not_found")


@pytest.mark.parametrize(
    "path",
    ["", "terms/", "terms/@term/", "terms/@term/quarters", "terms/@term/generate_quarters", "term",
     "Terms", "terms//", "terms.json", "terms/@term/generate-quarters/",
     "schools/maple-high/terms", "../v1/terms/", "%2E%2E", "terms;x=1", "terms%2F@term/x"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_path_that_leads_nowhere_is_not_found(world, method: str, path: str) -> None:
    world.refuses(world.ask(method, path, {}), set(), 404, "not_found")


LIST, ROW = "GET, POST, HEAD, OPTIONS", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"


@pytest.mark.parametrize(
    ("path", "allowed", "methods"),
    [
        *((path, LIST, ["PUT", "PATCH", "DELETE", "TRACE", "LIST"]) for path in RESOURCES),
        *((f"{path}/{key}", ROW, ["POST", "BREW"]) for path, key in ROWS.items()),
        ("terms/@term/generate-quarters", "POST, OPTIONS", ["GET", "PUT", "PATCH", "DELETE"]),
        ("period-templates/@late/clone", "POST, OPTIONS", ["GET", "PUT", "PATCH", "DELETE"]),
        ("period-templates/@late/generate", "POST, OPTIONS", ["GET", "PUT", "PATCH", "DELETE"]),
        ("period-templates/@late/periods", "PUT, OPTIONS", ["GET", "POST", "PATCH", "DELETE"]),
    ],
)
def test_a_method_that_is_not_there_is_told_with_those_that_are(
    world, path: str, allowed: str, methods: list[str]
) -> None:
    for method in methods:
        response = world.ask(method, path, {})
        world.refuses(response, set(), 405, "method_not_allowed")
        assert response.headers["Allow"] == allowed


@pytest.mark.parametrize("accept", ["text/csv", "application/xml", "text/*", "x", "/", "*", ","])
@pytest.mark.parametrize(("method", "path"), [("GET", "terms"), ("POST", "breaks")])
def test_an_answer_in_another_format_is_not_to_be_had(
    world, method: str, path: str, accept: str
) -> None:
    body = world.named(json.dumps(BODIES["breaks"]))
    response = world.admin.generic(
        method, f"/api/v1/{path}", body, "application/json", headers={"accept": accept}
    )
    world.refuses(response, set(), 406, "not_acceptable")
