"""What the Ed-Fi addresses refuse: all that is wrong with each request is told."""

import pytest

from scheduling.edfi.resources import RESOURCES

Errors = set[tuple[str, str]]
LONG = "9" * 5000
NO_NUMBER = {("/school", "no_edfi_school_id")}


@pytest.mark.parametrize("resource", ["sessions", "bellSchedules"])
@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("academic_year=", {("/academic_year", "blank")}),
        ("academic_year=2026-2027", {("/academic_year", "invalid")}),
        ("academic_year=today", {("/academic_year", "invalid")}),
        ("academic_year=%00", {("/academic_year", "invalid")}),
        (f"academic_year={LONG}", {("/academic_year", "invalid")}),
        ("academic_year=@year&academic_year=@year", {("/academic_year", "repeated")}),
        ("year=2027", {("/year", "unknown_parameter")}),
        ("limit=5&offset=0", {("/limit", "unknown_parameter"), ("/offset", "unknown_parameter")}),
        ("track=none", {("/track", "unknown_parameter")}),
        ("end_dates=", {("/end_dates", "blank")}),
        ("end_dates=Inclusive", {("/end_dates", "invalid_choice")}),
        ("end_dates=last", {("/end_dates", "invalid_choice")}),
        ("end_dates=exclusive&end_dates=exclusive", {("/end_dates", "repeated")}),
        ("namespace=", {("/namespace", "blank")}),
        ("namespace=ed-fi.org", {("/namespace", "invalid")}),
        ("namespace=uri://ed-fi.org/", {("/namespace", "invalid")}),
        ("namespace=uri://ed-fi.org%0A", {("/namespace", "invalid")}),
        ("namespace=uri://ed-fi.org/a%23b", {("/namespace", "invalid")}),
        ("namespace=uri://%C3%A9", {("/namespace", "invalid")}),
        (
            "namespace=uri://%00",
            {("/namespace", "invalid"), ("/namespace", "invalid_characters")},
        ),
        ("namespace=uri://" + "x" * 195, {("/namespace", "max_length")}),
        (
            "academic_year=x&end_dates=x&namespace=x&x=x",
            {
                ("/academic_year", "invalid"),
                ("/end_dates", "invalid_choice"),
                ("/namespace", "invalid"),
                ("/x", "unknown_parameter"),
            },
        ),
        ("school=maple-high", {("/school", "repeated")}),
        ("", NO_NUMBER),
        ("academic_year=@birch-year", NO_NUMBER),
    ],
)
def test_what_cannot_be_asked_for_is_refused(
    world, resource: str, query: str, errors: Errors
) -> None:
    path = f"schools/maple-high/edfi/{resource}?{world.named(query)}"
    world.refuses(world.ask("GET", path), errors)


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_year_of_another_school_is_not_found(world, resource: str) -> None:
    response = world.ask("GET", f"schools/birch-high/edfi/{resource}?academic_year=@year")
    world.refuses(response, {("/academic_year", "not_found")}, 404, "not_found")


@pytest.mark.parametrize("resource", RESOURCES)
def test_what_is_not_there_is_not_found(world, resource: str) -> None:
    for path in ("hidden-high/edfi", "nowhere/edfi"):
        world.refuses(world.ask("GET", f"schools/{path}/{resource}"), set(), 404, "not_found")


@pytest.mark.parametrize(
    "path", ["edfi", "edfi/", "edfi/Sessions", "edfi/sessions/1", "edfi/schools", "edfi/terms"]
)
def test_other_resources_are_not_found(world, path: str) -> None:
    world.refuses(world.ask("GET", f"schools/maple-high/{path}"), set(), 404, "not_found")


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_school_that_cannot_be_is_refused(world, resource: str) -> None:
    for name, code in (("%00", "invalid_characters"), ("x" * 64, "max_length")):
        response = world.ask("GET", f"schools/{name}/edfi/{resource}")
        world.refuses(response, {("/school", code)})


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_bodies_are_only_read(world, method: str) -> None:
    response = world.ask(method, "schools/maple-high/edfi/sessions", {})
    world.refuses(response, set(), 405, "method_not_allowed")


@pytest.mark.parametrize("accept", ["text/html", "application/vnd.ed-fi.session.writable+json"])
def test_bodies_are_written_in_one_way(world, accept: str) -> None:
    url = "/api/v1/schools/maple-high/edfi/sessions"
    response = world.admin.get(url, headers={"accept": accept})
    world.refuses(response, set(), 406, "not_acceptable")
