"""Which rosters cannot be asked for as a file."""

import pytest

Errors = set[tuple[str, str]]


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("colour=red", {("/colour", "unknown_parameter")}),
        ("format=zip", {("/format", "unknown_parameter")}),
        ("limit=1", {("/limit", "unknown_parameter")}),
        ("district=x", {("/district", "repeated")}),
        ("mode=", {("/mode", "blank")}),
        ("mode=Bulk", {("/mode", "invalid_choice")}),
        ("mode=full", {("/mode", "invalid_choice")}),
        ("mode=bulk&mode=delta", {("/mode", "repeated")}),
        ("mode=delta", {("/since", "required")}),
        ("mode=delta&since=", {("/since", "blank")}),
        ("mode=delta&since=today", {("/since", "invalid")}),
        ("mode=delta&since=2026-07-01", {("/since", "invalid")}),
        ("mode=delta&since=2026-07-01T09:30:00", {("/since", "invalid")}),
        ("mode=delta&since=2026-07-01T25:30:00Z", {("/since", "invalid")}),
        ("mode=delta&since=1899-07-01T09:30:00Z", {("/since", "year_out_of_range")}),
        ("mode=delta&since=9999-12-31T23:59:59-14:00", {("/since", "year_out_of_range")}),
        ("mode=delta&since=%00", {("/since", "invalid")}),
        ("since=2026-07-01T09:30:00Z", {("/since", "since_of_bulk")}),
        ("mode=bulk&since=2026-07-01T09:30:00Z", {("/since", "since_of_bulk")}),
        ("version=1", {("/version", "invalid_choice")}),
        ("version=1.3", {("/version", "invalid_choice")}),
        ("version=v1p2", {("/version", "invalid_choice")}),
        ("end_dates=last", {("/end_dates", "invalid_choice")}),
        (
            "mode=x&version=x&end_dates=x&since=x",
            {
                *((f"/{name}", "invalid_choice") for name in ("mode", "version", "end_dates")),
                ("/since", "invalid"),
            },
        ),
    ],
)
def test_a_roster_that_cannot_be_asked_for_is_refused(world, query: str, errors: Errors) -> None:
    world.refuses(world.ask("GET", f"districts/@lake/oneroster.zip?{query}"), errors)


@pytest.mark.parametrize(
    "name", ["nowhere", "@hidden-district", "@school", "%20", "%F0%9F%98%80", "a" * 63]
)
def test_what_is_not_there_is_not_found(world, name: str) -> None:
    response = world.ask("GET", f"districts/{name}/oneroster.zip", client=world.admin)
    world.refuses(response, set(), 404, "not_found")


@pytest.mark.parametrize(
    ("name", "code"), [("%00", "invalid_characters"), ("x" * 64, "max_length")]
)
def test_a_district_that_cannot_be_is_refused(world, name: str, code: str) -> None:
    world.refuses(world.ask("GET", f"districts/{name}/oneroster.zip"), {("/district", code)})


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_roster_is_only_read(world, method: str) -> None:
    response = world.ask(method, "districts/@lake/oneroster.zip", {})
    world.refuses(response, set(), 405, "method_not_allowed")


@pytest.mark.parametrize("accept", ["application/json", "text/csv"])
def test_a_roster_is_written_in_one_way(world, accept: str) -> None:
    url = world.named("/api/v1/districts/@lake/oneroster.zip")
    response = world.admin.get(url, headers={"accept": accept})
    world.refuses(response, set(), 406, "not_acceptable")
