"""Who may do what: every operation, in everybody's name, at every school, against one table."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from drf_spectacular.generators import EndpointEnumerator
from typing_extensions import override

from tests.api.access_requests import (
    Answer,
    Call,
    call,
    filtered,
    keys_of_bodies,
    keys_of_filters,
    listed,
    naming,
    operations,
    questions,
    success,
    with_parents,
)
from tests.api.access_world import Place, World

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("access_table.md")
OUTSIDERS = ("anybody", "stranger: admin", "viewer", "district")
"""Somebody of every kind from whom something is hidden."""
SLUGS_ARE_TAKEN_EVERYWHERE = ("replaceCalendar", "district")
"""Who may create a school by its slug learns that another, whoever sees it, has this slug."""


def tables() -> list[list[list[str]]]:
    """Return the tables of the page: their lines, headings first, as lists of cells."""
    found: list[list[list[str]]] = [[]]
    for line in TABLE.read_text().splitlines():
        if not line.startswith("|"):
            found.append([])
        elif "---" not in line:
            found[-1].append([cell.strip() for cell in line.strip("|").split("|")])
    return [table for table in found if table]


ANSWERS = {
    (kind, where, actor): cell
    for headings, *lines in tables()
    if headings[:2] == ["to do", "where"]
    for kind, where, *cells in lines
    for actor, cell in zip(headings[2:], cells, strict=True)
}
KINDS = {
    name: kind
    for headings, *lines in tables()
    if headings == ["operation", "is to"]
    for name, kind in lines
}
LISTS = [name for name, kind in KINDS.items() if kind.startswith("list")]
READS = [name for name, kind in KINDS.items() if kind.startswith("read")]
OTHERS = [name for name in KINDS if name not in LISTS]


def expected(kind: str) -> dict[tuple[str, str], str]:
    """Return what the table says of something to do, by place and actor."""
    return {
        (where, actor): cell for (to_do, where, actor), cell in ANSWERS.items() if to_do == kind
    }


def hidden_from(actors: Iterable[str], name: str) -> list[tuple[str, str]]:
    """Return where some actors are told that there is no such thing, and who is."""
    table = expected(KINDS[name])
    return [at for at in table if at[1] in actors and table[at] == "404"]


# Every operation is in the table


class AllEndpoints(EndpointEnumerator):
    """Every route of the API, also those that the OpenAPI document keeps quiet about."""

    @override
    def should_include_endpoint(self, path: str, callback: Any) -> bool:
        return path.startswith("/api/v1/")


def test_every_operation_has_a_row_in_the_table() -> None:
    assert set(KINDS) == set(operations())
    assert set(KINDS.values()) == {kind for kind, _where, _actor in ANSWERS}


def test_every_route_is_an_operation() -> None:
    routes = {(each[2].lower(), each[0]) for each in AllEndpoints().get_api_endpoints()}
    assert routes == {(method, path) for method, path, _words in operations().values()}


# What each of them answers


@pytest.mark.parametrize("name", OTHERS)
def test_an_operation_is_for_those_whom_the_table_names(world: World, name: str) -> None:
    make_room(world, name)
    table, calls = expected(KINDS[name]), calls_of(world, name)
    answers = {(where, actor): calls[where].sent(world.clients[actor]) for where, actor in table}
    refusals = [answer for at, answer in answers.items() if table[at] != "yes"]

    assert {at: judged(answer, name) for at, answer in answers.items()} == table
    assert [answer.writes for answer in refusals if answer.writes] == []
    assert [answer.headers for answer in refusals if lacks_challenge(answer)] == []


def make_room(world: World, name: str) -> None:
    """Let an operation succeed that nobody could do while the school has anything in it."""
    if name == "deleteSchool":
        for place in world.places.values():
            place.clear()


def calls_of(world: World, name: str) -> dict[str, Call]:
    return {where: call(name, place) for where, place in world.places.items()}


def judged(answer: Answer, name: str) -> str:
    """Return an answer as the table writes it."""
    if answer.status == success(name):
        return "yes"
    is_scope = answer.status == 403 and answer.json["code"] == "insufficient_scope"
    return "scope" if is_scope else str(answer.status)


def lacks_challenge(answer: Answer) -> bool:
    return answer.status == 401 and "WWW-Authenticate" not in answer.headers


@pytest.mark.parametrize("name", OTHERS)
def test_conditions_come_after_access(world: World, name: str) -> None:
    table, calls = expected(KINDS[name]), calls_of(world, name)
    asking = {"stranger: admin", "viewer"}
    refused = {at: table[at] for at in table if at[1] in asking and table[at] != "yes"}
    conditions = {"if_match": '"stale"', "if_none_match": "*"}
    answers = {
        (where, actor): calls[where].sent(world.clients[actor], **conditions)
        for where, actor in refused
    }
    assert {at: judged(answer, name) for at, answer in answers.items()} == refused


@pytest.mark.parametrize("name", [name for name in OTHERS if name not in READS])
def test_a_session_alone_writes_nothing(world: World, name: str) -> None:
    asked = call(name, world.places["own"])
    answer = asked.sent(world.clients["superuser"], x_csrftoken="b" * 32)
    assert (answer.status, answer.json["code"], answer.writes) == (403, "csrf_failed", [])


# What is hidden is not there


@pytest.mark.parametrize("name", [name for name in OTHERS if hidden_from(OUTSIDERS, name)])
def test_what_is_hidden_cannot_be_told_from_what_is_missing(world: World, name: str) -> None:
    told = {}
    for where, actor in hidden_from(OUTSIDERS, name):
        place = world.places[where]
        for asked in spelled(call(name, place), place):
            if (name, actor) != SLUGS_ARE_TAKEN_EVERYWHERE or place["school"] in asked.path:
                told[where, actor, asked.path] = differences(asked, place, world.clients[actor])
    assert {at: each for at, each in told.items() if each} == {}


def spelled(asked: Call, place: Place) -> list[Call]:
    """Return a request with ids, and with slugs if it names what has one."""
    by_slug = asked.elsewhere(place.slugs)
    return [asked] if by_slug == asked else [asked, by_slug]


def differences(asked: Call, place: Place, client: Any) -> list[Any]:
    """Return by what an answer about rows differs from one about rows that are not there."""
    there = asked.sent(client)
    nowhere = asked.elsewhere(place.missing).sent(client)
    pairs = zip(there.told({}), nowhere.told(inverse(place.missing)), strict=True)
    return [pair for pair in pairs if pair[0] != pair[1]]


def inverse(names: dict[str, str]) -> dict[str, str]:
    return {other: name for name, other in names.items()}


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
@pytest.mark.parametrize("name", READS)
def test_other_methods_tell_no_more(world: World, name: str, method: str) -> None:
    told = {}
    for where, actor in hidden_from(["anybody", "district"], name):
        place = world.places[where]
        asked = replace(call(name, place), method=method)
        told[where, actor] = differences(asked, place, world.clients[actor])
    assert {at: each for at, each in told.items() if each} == {}


@pytest.mark.parametrize(("name", "key"), keys_of_bodies())
def test_a_body_that_names_what_is_hidden_names_nothing(world: World, name: str, key: str) -> None:
    own, foreign, client = world.places["own"], world.places["foreign"], world.clients["district"]
    asked = naming(name, key, own, foreign)
    answer = asked.sent(client)
    errors = [(error["pointer"], error["code"]) for error in answer.json["errors"]]

    assert (answer.status, errors) == (404, [(f"/{key}", "not_found")])
    told = [differences(each, foreign, client) for each in spelled(asked, foreign)]
    assert [each for each in told if each] == []


@pytest.mark.parametrize(("name", "key"), keys_of_filters())
def test_a_filter_names_only_what_can_be_read(world: World, name: str, key: str) -> None:
    table = expected("read a district" if key == "district" else "read")
    asked = {where: filtered(name, key, place) for where, place in world.places.items()}
    answers = {at: asked[at[0]].sent(world.clients[at[1]]) for at in table if at[1] in OUTSIDERS}

    assert {at: judged(answer, name) for at, answer in answers.items()} == {
        at: table[at] for at in answers
    }
    told = [
        differences(each, world.places["foreign"], world.clients["district"])
        for each in spelled(asked["foreign"], world.places["foreign"])
    ]
    assert [each for each in told if each] == []


# What a list shows


@pytest.mark.parametrize("name", LISTS)
def test_a_list_shows_what_the_table_says(world: World, name: str) -> None:
    table, asked = expected(KINDS[name]), with_parents(name)
    answers = {actor: asked.sent(client) for actor, client in world.clients.items()}
    shown = {
        (where, actor): seen(answers[actor], name, world.places[where]) for where, actor in table
    }
    assert shown == table


def seen(answer: Answer, name: str, place: Place) -> str:
    """Return whether the rows of a place are in a list, or at least named in it."""
    if answer.status != 200:
        return judged(answer, name)
    if listed(name, place) in {row["id"] for row in answer.json["results"]}:
        return "yes"
    return "leaked" if names_any(answer, name, place) else "no"


def names_any(answer: Answer, name: str, place: Place) -> bool:
    """Return whether a list names anything of a place; anybody may know the own district."""
    rows = {"district"} if name == "listDistricts" else place.rows.keys() - {"district"}
    return any(place[row] in answer.text for row in rows)


@pytest.mark.parametrize("actor", ["anybody", "viewer"])
@pytest.mark.parametrize("name", LISTS)
def test_no_question_makes_a_list_show_more(world: World, name: str, actor: str) -> None:
    hidden = [
        where
        for (where, who), cell in expected(KINDS[name]).items()
        if (who, cell) == (actor, "no")
    ]
    answers = [
        asked.sent(world.clients[actor]) for asked in questions(name, world.clients["superuser"])
    ]

    assert {answer.status for answer in answers} == {200}
    assert not any(
        names_any(answer, name, world.places[where]) for answer in answers for where in hidden
    )
