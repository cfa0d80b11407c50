"""Pages: none loses or repeats a row, and none is cut short without a word."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.api.oneroster.conftest import HERE, Reader
from tests.factories import TermFactory

pytestmark = pytest.mark.django_db

ALL = ["q1", "q2", "sem1", "sem2", "y27"]
LINK = re.compile(r'<([^>,]+)>; rel="(\w+)"')


def links(response: Any) -> dict[str, dict[str, str]]:
    """Return the parameters of the links, read as clients do: divided at commas."""
    found = {}
    for part in response["Link"].split(","):
        address, name = LINK.fullmatch(part.strip()).groups()
        found[name] = dict(parse_qsl(urlsplit(address).query), path=urlsplit(address).path)
        assert address.startswith(HERE)
    return found


def offsets(response: Any) -> dict[str, int]:
    return {name: int(each["offset"]) for name, each in links(response).items()}


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6])
def test_pages_lose_and_repeat_nothing(reader: Reader, size: int) -> None:
    found = []
    for offset in range(0, 20, size):
        page = reader.ids("/academicSessions", limit=size, offset=offset)
        found += page
        if len(page) < size:
            break
    assert found == ALL


def test_the_next_pages_are_found_by_their_links(reader: Reader) -> None:
    found, address = [], f"{reader.root}/academicSessions?limit=2&sort=type&fields=sourcedId"
    while address:
        response = reader.client.get(address)
        found += [each["sourcedId"] for each in response.json()["academicSessions"]]
        following = re.search(r'<([^>]*)>; rel="next"', response["Link"])
        address = following and following[1].removeprefix(HERE)
    assert found == ["q1", "q2", "y27", "sem1", "sem2"]


@pytest.mark.parametrize(
    ("limit", "offset", "expected"),
    [
        (100, 0, {"first": 0, "last": 0}),
        (5, 0, {"first": 0, "last": 0}),
        (2, 0, {"first": 0, "next": 2, "last": 4}),
        (2, 1, {"first": 0, "prev": 0, "next": 3, "last": 4}),
        (2, 2, {"first": 0, "prev": 0, "next": 4, "last": 4}),
        (2, 4, {"first": 0, "prev": 2, "last": 4}),
        (2, 100, {"first": 0, "prev": 4, "last": 4}),
        (4, 4, {"first": 0, "prev": 0, "last": 4}),
        (10_000, 2**31 - 1, {"first": 0, "prev": 0, "last": 0}),
    ],
)
def test_links_lead_to_the_pages_there_are(program, limit, offset, expected) -> None:
    response = program.get("/academicSessions", limit=limit, offset=offset)
    assert offsets(response) == expected
    assert response["X-Total-Count"] == "5"


def test_an_empty_collection_has_one_page(program) -> None:
    response = program.get("/terms", filter="title='none'")
    assert (response["X-Total-Count"], offsets(response)) == ("0", {"first": 0, "last": 0})
    beyond = program.get("/terms", filter="title='none'", offset=7)
    assert (beyond["X-Total-Count"], beyond.json()) == ("0", {"academicSessions": []})


def test_links_keep_everything_else_that_was_asked(reader: Reader) -> None:
    asked = {
        "filter": "(type='term' OR title~'a,b<c>') AND schoolYear=2027",
        "sort": "title",
        "orderBy": "desc",
        "fields": "sourcedId,title",
        "más": "ü",
    }
    response = reader.get("/academicSessions/", limit=1, **asked)
    page = {"limit": "1", "path": f"{reader.root}/academicSessions/", **asked}
    assert links(response)["next"] == {**page, "offset": "1"}
    assert response["X-Total-Count"] == "2"


def test_a_link_holds_no_comma_of_an_id(program, harbor) -> None:
    TermFactory.create(academic_year=harbor.year, term_type="TRI1", sourced_id="a,b>c é")
    response = program.get("/terms/a%2Cb%3Ec%20é/gradingPeriods")
    path = "/ims/oneroster/rostering/v1p2/terms/a%2Cb%3Ec%20%C3%A9/gradingPeriods"
    assert links(response)["first"]["path"] == path


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({}, ALL),
        ({"sort": "sourcedId", "orderBy": "desc"}, ALL[::-1]),
        ({"sort": "startDate"}, ["q1", "sem1", "y27", "q2", "sem2"]),
        ({"sort": "startDate", "orderBy": "desc"}, ["sem2", "q2", "q1", "sem1", "y27"]),
        ({"sort": "title"}, ["y27", "q1", "q2", "sem1", "sem2"]),
        ({"sort": "parent.sourcedId"}, ["q1", "q2", "sem1", "sem2", "y27"]),
        ({"sort": "parent.sourcedId", "orderBy": "desc"}, ["sem1", "sem2", "q1", "q2", "y27"]),
        ({"sort": "nope", "orderBy": "desc"}, ALL),
        ({"sort": "children"}, ALL),
        ({"sort": ""}, ALL),
        ({"orderBy": "asc"}, ALL),
    ],
)
def test_rows_come_in_the_order_that_is_asked_for(program, asked: dict, ids: list) -> None:
    assert program.ids("/academicSessions", **asked) == ids


def test_text_is_in_the_order_of_code_points(program, harbor) -> None:
    titles = {"TRI1": "Zoo", "TRI2": "apple", "TRI3": "Ähre"}
    for kind, title in titles.items():
        TermFactory.create(
            academic_year=harbor.year, term_type=kind, name=title, sourced_id=title[::-1]
        )
    found = program.read("/terms", sort="title", filter="title!='semester 1'")
    assert [each["title"] for each in found] == ["Semester 2", "Zoo", "apple", "Ähre"]


@pytest.mark.parametrize(
    ("fields", "keys"),
    [
        ("sourcedId", {"sourcedId"}),
        ("sourcedId,title", {"sourcedId", "title"}),
        (["sourcedId", "title,type"], {"sourcedId", "title", "type"}),
        ("children", {"children"}),
        ("name", None),
        ("sourcedId,nope", None),
        ("sourcedId, title", {"sourcedId", "title"}),
    ],
)
@pytest.mark.parametrize("path", ["/academicSessions/sem1", "/terms"])
def test_only_the_fields_that_are_asked_for_come_back(reader, path, fields, keys) -> None:
    found = reader.read(path, fields=fields)
    first = found[0] if isinstance(found, list) else found
    whole = reader.read("/academicSessions/sem1")
    assert first == {key: whole[key] for key in whole if keys is None or key in keys}


def test_a_page_and_its_count_are_one_question(program, django_assert_num_queries) -> None:
    program.get("/academicSessions")
    # the token with its program, its roles, the state of schools and of districts, the page
    with django_assert_num_queries(5):
        program.get("/academicSessions", limit=2)
    with django_assert_num_queries(5):
        program.get("/academicSessions", limit=5)
