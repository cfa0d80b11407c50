"""What feeds and their tokens refuse: nothing is stored, and nothing breaks."""

from typing import Any

import pytest

from scheduling.models import FeedToken

Errors = set[tuple[str, str]]
LONG = "9" * 5000


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("format=ics", {("/format", "unknown_parameter")}),
        ("token=x", {("/token", "unknown_parameter")}),
        ("weeks=4", {("/weeks", "unknown_parameter")}),
        ("track=none", {("/track", "unknown_parameter")}),
        ("kind=", {("/kind", "blank")}),
        ("kind=bells", {("/kind/0", "invalid_choice")}),
        ("kind=breaks&kind=Breaks", {("/kind/1", "invalid_choice")}),
        ("kind=breaks,terms", {("/kind/0", "invalid_choice")}),
        ("kind=%00", {("/kind/0", "invalid_choice")}),
        ("&".join(["kind=breaks"] * 5), {("/kind", "max_length")}),
        ("key=", {("/key", "blank")}),
        ("key=a&key=b", {("/key", "repeated")}),
        ("key=%00", {("/key", "invalid_characters")}),
        ("key=" + "x" * 101, {("/key", "max_length")}),
        ("key=&kind=x", {("/key", "blank"), ("/kind/0", "invalid_choice")}),
        ("school=maple-high", {("/school", "repeated")}),
    ],
)
def test_a_calendar_feed_that_cannot_be_asked_for_is_refused(
    world, query: str, errors: Errors
) -> None:
    world.refuses(world.ask("GET", f"schools/maple-high/calendar.ics?{query}"), errors)


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("weeks=0", {("/weeks", "min_value")}),
        ("weeks=-1", {("/weeks", "min_value")}),
        ("weeks=27", {("/weeks", "max_value")}),
        (f"weeks={LONG}", {("/weeks", "max_value")}),
        ("weeks=", {("/weeks", "blank")}),
        ("weeks=four", {("/weeks", "invalid")}),
        ("weeks=4.0", {("/weeks", "invalid")}),
        ("weeks=1_0", {("/weeks", "invalid")}),
        ("weeks=%2B4", {("/weeks", "invalid")}),
        ("weeks=%204", {("/weeks", "invalid")}),
        ("weeks=4&weeks=4", {("/weeks", "repeated")}),
        ("track=A", {("/track/0", "invalid_track")}),
        ("track=%00", {("/track/0", "invalid_track")}),
        ("track=none&track=" + "x" * 21, {("/track/1", "invalid_track")}),
        ("&".join(f"track=t-{n}" for n in range(21)), {("/track", "max_length")}),
        ("date=2026-11-23", {("/date", "unknown_parameter")}),
        ("kind=breaks", {("/kind", "unknown_parameter")}),
        ("weeks=x&track=A", {("/weeks", "invalid"), ("/track/0", "invalid_track")}),
    ],
)
def test_a_bells_feed_that_cannot_be_asked_for_is_refused(
    world, query: str, errors: Errors
) -> None:
    world.refuses(world.ask("GET", f"schools/maple-high/bells.ics?{query}"), errors)


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {("/name", "required")}),
        ([], {("", "invalid")}),
        ("Families", {("", "invalid")}),
        ({"name": None}, {("/name", "null")}),
        ({"name": 5}, {("/name", "invalid")}),
        ({"name": ["Families"]}, {("/name", "invalid")}),
        ({"name": ""}, {("/name", "blank")}),
        ({"name": "  "}, {("/name", "blank")}),
        ({"name": "x" * 101}, {("/name", "max_length")}),
        ({"name": "a\0"}, {("/name", "invalid_characters")}),
        ({"name": "\ud800"}, {("/name", "invalid_characters")}),
        ({"name": "Families", "key": "mine"}, {("/key", "unknown_field")}),
        ({"name": "Families", "digest": "a" * 64}, {("/digest", "unknown_field")}),
        ({"name": "Families", "school": "@birch"}, {("/school", "unknown_field")}),
        ({"name": 5, "x": 1}, {("/name", "invalid"), ("/x", "unknown_field")}),
    ],
)
def test_a_token_that_cannot_be_is_refused(world, body: Any, errors: Errors) -> None:
    world.refuses(world.ask("POST", "schools/maple-high/feed-tokens", body), errors)
    assert not FeedToken.objects.exists()


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("colour=red", {("/colour", "unknown_parameter")}),
        ("ordering=name", {("/ordering", "unknown_parameter")}),
        ("page_size=0", {("/page_size", "min_value")}),
        ("page_size=1001", {("/page_size", "max_value")}),
        ("page_size=x", {("/page_size", "invalid")}),
        ("cursor=", {("/cursor", "blank")}),
        ("cursor=made-up", {("/cursor", "invalid_cursor")}),
        ("cursor=%00", {("/cursor", "invalid_characters")}),
    ],
)
def test_a_list_of_tokens_that_cannot_be_asked_for_is_refused(
    world, query: str, errors: Errors
) -> None:
    world.refuses(world.ask("GET", f"schools/maple-high/feed-tokens?{query}"), errors)


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_write_of_a_token_has_no_parameters(world, method: str) -> None:
    path = "schools/maple-high/feed-tokens" + ("/@year" if method == "DELETE" else "")
    response = world.ask(method, f"{path}?dry_run=true", {"name": "Families"})
    world.refuses(response, {("/dry_run", "unknown_parameter")})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "schools/hidden-high/calendar.ics"),
        ("GET", "schools/hidden-high/bells.ics?weeks=1"),
        ("GET", "schools/maple-high/calendar.ics?key=guess"),
        ("GET", "schools/maple-high/bells.ics?key=guess"),
        ("GET", "schools/nowhere/calendar.ics?key=guess"),
        ("GET", "schools/hidden-high/feed-tokens"),
        ("POST", "schools/hidden-high/feed-tokens"),
        ("DELETE", "schools/hidden-high/feed-tokens/@year"),
        ("DELETE", "schools/maple-high/feed-tokens/@year"),
        ("DELETE", "schools/maple-high/feed-tokens/x"),
        ("DELETE", "schools/maple-high/feed-tokens/%00"),
        ("DELETE", "schools/maple-high/feed-tokens/%F0%9F%98%80"),
    ],
)
def test_what_is_not_there_is_not_found(world, method: str, path: str) -> None:
    body = {"name": "Families"} if method == "POST" else None
    world.refuses(world.ask(method, path, body), set(), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "calendar.ics"),
        ("GET", "bells.ics"),
        ("GET", "feed-tokens"),
        ("POST", "feed-tokens"),
        ("DELETE", "feed-tokens/@year"),
    ],
)
def test_a_school_that_cannot_be_is_refused(world, method: str, path: str) -> None:
    body = {"name": "Families"} if method == "POST" else None
    for name, code in (("%00", "invalid_characters"), ("x" * 64, "max_length")):
        world.refuses(world.ask(method, f"schools/{name}/{path}", body), {("/school", code)})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "schools/maple-high/calendar.ics"),
        ("DELETE", "schools/maple-high/bells.ics"),
        ("PUT", "schools/maple-high/feed-tokens"),
        ("GET", "schools/maple-high/feed-tokens/@year"),
        ("PATCH", "schools/maple-high/feed-tokens/@year"),
    ],
)
def test_what_cannot_be_done_is_told(world, method: str, path: str) -> None:
    world.refuses(world.ask(method, path, {}), set(), 405, "method_not_allowed")


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_a_feed_is_written_in_one_way(world, accept: str) -> None:
    url = "/api/v1/schools/maple-high/calendar.ics"
    response = world.admin.get(url, headers={"accept": accept})
    world.refuses(response, set(), 406, "not_acceptable")
