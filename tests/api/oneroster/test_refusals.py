"""Whatever is refused is refused in the standard's words: never a problem document, never a 500."""

from itertools import product
from typing import Any

import pytest
import time_machine
from django.db import OperationalError

from api.oneroster import queries
from scheduling.access import READ, ROSTER_SCOPES
from tests.api.oneroster.conftest import ROOT_1_2, ROOTS, Reader, reader_of
from tests.factories import ApplicationFactory, bearer

pytestmark = pytest.mark.django_db

COLLECTIONS = [
    "/orgs",
    "/schools",
    "/academicSessions",
    "/terms",
    "/gradingPeriods",
    "/schools/sch1/terms",
    "/terms/sem1/gradingPeriods",
]
OBJECTS = [
    "/orgs/d1",
    "/schools/sch1",
    "/academicSessions/y27",
    "/terms/sem1",
    "/gradingPeriods/q1",
]


def code_of(response: Any) -> str:
    (field,) = response.json()["imsx_CodeMinor"]["imsx_codeMinorField"]
    return field["imsx_codeMinorFieldValue"]


BAD = [
    ("limit=0", "invaliddata"),
    ("limit=10001", "invaliddata"),
    ("limit=-1", "invaliddata"),
    ("limit=", "invaliddata"),
    ("limit=ten", "invaliddata"),
    ("limit=1.0", "invaliddata"),
    ("limit=%2B1", "invaliddata"),
    ("limit=%D9%A3", "invaliddata"),
    ("limit=1e3", "invaliddata"),
    ("limit=99999999999999999999", "invaliddata"),
    ("limit=1&limit=1", "invaliddata"),
    ("limit=%00", "invaliddata"),
    ("offset=-1", "invaliddata"),
    ("offset=2147483648", "invaliddata"),
    ("offset=", "invaliddata"),
    ("offset=x", "invaliddata"),
    ("offset=0&offset=1", "invaliddata"),
    ("orderBy=up", "invaliddata"),
    ("orderBy=", "invaliddata"),
    ("sort=sourcedId&orderBy=ASC", "invaliddata"),
    ("filter=", "invalid_filter_field"),
    ("filter=nope%3D'1'", "invalid_filter_field"),
    ("filter=status", "invalid_filter_field"),
    ("filter=status%3D'a&limit=1", "invalid_filter_field"),
    ("filter=status%3D'%00'", "invalid_filter_field"),
    ("filter=%FF", "invalid_filter_field"),
    ("fields=", "invalid_selection_field"),
    ("fields=sourcedId,", "invalid_selection_field"),
    ("fields=,", "invalid_selection_field"),
    ("fields=%20", "invalid_selection_field"),
    ("fields=sourcedId&fields=", "invalid_selection_field"),
]


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("path", COLLECTIONS)
def test_a_parameter_that_cannot_be_read_is_refused(harbor, path: str, root: str) -> None:
    reader = reader_of(harbor.district, root=root)
    told = {}
    for query, _code in BAD:
        response = reader.get(f"{path}?{query}", status=400)
        told[query] = code_of(response)
    assert told == dict(BAD)


@pytest.mark.parametrize("path", OBJECTS)
def test_one_object_has_no_parameter_but_fields(reader, path: str) -> None:
    assert reader.get(f"{path}?limit=0&filter=x&sort=y&orderBy=z&offset=-1").status_code == 200
    assert code_of(reader.get(f"{path}?fields=", status=400)) == "invalid_selection_field"


@pytest.mark.parametrize("query", ["limit=1", "limit=10000", "limit=00100", "offset=2147483647"])
def test_what_is_just_in_bounds_is_answered(reader, query: str) -> None:
    reader.get(f"/academicSessions?{query}&unknown=1")


MISSING = [
    "",
    "/",
    "/x",
    "/users",
    "/orgs/x",
    "/schools/d1",
    "/schools/x",
    "/academicSessions/x",
    "/academicSessions/SEM1",
    "/terms/y27",
    "/terms/q1",
    "/gradingPeriods/sem1",
    "/schools/x/terms",
    "/schools/d1/terms",
    "/schools/y27/terms",
    "/schools//terms",
    "/terms/x/gradingPeriods",
    "/terms/y27/gradingPeriods",
    "/terms/sem1/x",
    "/orgs/%00",
    "/orgs/%ED%A0%80",
    "/orgs/a%0Ab",
    "/orgs/%FF",
    f"/orgs/{'x' * 3000}",
    "/academicSessions/'%20OR%201=1%20--",
    "/academicSessions/%25",
]


def test_what_is_not_there_is_an_unknown_object(reader) -> None:
    told = {path: code_of(reader.get(path, status=404)) for path in MISSING}
    assert told == dict.fromkeys(MISSING, "unknownobject")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_rosters_are_only_read(reader, method: str) -> None:
    stranger = Reader({}, reader.root)
    for client, path in product((reader.client, stranger.client), (*COLLECTIONS, *OBJECTS)):
        response = client.generic(method, f"{reader.root}{path}", "{}")
        told = response.status_code, response["Allow"], response.json()["imsx_codeMajor"]
        assert (*told, code_of(response)) == (405, "GET, HEAD", "unsupported", "invaliddata")


@pytest.mark.parametrize("path", [COLLECTIONS[0], COLLECTIONS[-1], OBJECTS[2]])
def test_head_tells_what_get_would(reader, path: str) -> None:
    one, other = (
        reader.client.generic(method, f"{reader.root}{path}") for method in ("GET", "HEAD")
    )
    names = ("Content-Type", "Link", "X-Total-Count", "Cache-Control")
    assert other.status_code == 200
    assert [one.get(name) for name in names] == [other.get(name) for name in names]


@pytest.mark.parametrize(
    ("authorization", "challenge"),
    [
        (None, 'Bearer realm="schoolday"'),
        ("Basic eDp5", 'Bearer realm="schoolday"'),
        ("Bearer nonsense", 'Bearer realm="schoolday", error="invalid_token"'),
        ("Bearer é\x00", 'Bearer realm="schoolday", error="invalid_token"'),
    ],
)
def test_who_shows_no_token_is_told_so(harbor, authorization, challenge) -> None:
    headers = {"authorization": authorization} if authorization else {}
    for root, path in product(ROOTS, (*COLLECTIONS, *OBJECTS)):
        response = Reader(headers, root).get(path, status=401)
        told = code_of(response), response["WWW-Authenticate"]
        assert told == ("unauthorisedrequest", challenge)


def test_a_session_of_a_person_opens_no_roster(client, django_user_model, harbor) -> None:
    client.force_login(django_user_model.objects.create(username="boss", is_superuser=True))
    assert client.get(f"{ROOT_1_2}/orgs").status_code == 401


CORE_1_1, FULL_1_1, CORE_1_2, FULL_1_2 = ROSTER_SCOPES


@pytest.mark.parametrize(
    ("scope", "opened"),
    [
        (READ, {"core 1.1", "full 1.1", "core 1.2", "full 1.2"}),
        (FULL_1_2, {"core 1.1", "full 1.1", "core 1.2", "full 1.2"}),
        (CORE_1_2, {"core 1.1", "core 1.2"}),
        (FULL_1_1, {"core 1.1", "full 1.1"}),
        (CORE_1_1, {"core 1.1"}),
        ("calendar.write", set()),
        ("", set()),
    ],
)
def test_a_scope_opens_what_the_standard_says(harbor, scope: str, opened: set) -> None:
    reader = reader_of(harbor.district, scope or "x")
    found = set()
    for root, version in zip(ROOTS, ("1.2", "1.1", "1.1"), strict=True):
        reader.root = root
        for path in (*COLLECTIONS, *OBJECTS):
            kind = "full" if path in COLLECTIONS[-2:] else "core"
            status = 200 if f"{kind} {version}" in opened else 403
            response = reader.get(path, status=status)
            if status == 200:
                found.add(f"{kind} {version}")
            else:
                assert code_of(response) == (
                    "forbidden" if version == "1.2" else "unauthorisedrequest"
                )
                assert 'error="insufficient_scope"' in response["WWW-Authenticate"]
    assert found == opened


@pytest.mark.parametrize("path", ["/orgs", "/x", "/discovery/x"])
@time_machine.travel("2031-03-03T03:03:03Z", tick=False)
def test_who_asks_too_much_is_told_when_to_come_back(harbor, settings, path: str) -> None:
    settings.ANONYMOUS_RATE_LIMIT_PER_MINUTE = 1
    for root in ROOTS:
        statuses = []
        for _try in range(2):
            response = Reader({}, root).client.get(f"{root}{path}", REMOTE_ADDR="192.0.2.77")
            statuses.append(response.status_code)
        assert statuses[1] == 429
        assert code_of(response) == ("server_busy" if root == ROOT_1_2 else "targetreadfailure")
        assert 1 <= int(response["Retry-After"]) <= 60


@time_machine.travel("2031-03-03T03:03:03Z", tick=False)
def test_a_known_program_has_a_minute_of_its_own(harbor, settings) -> None:
    settings.RATE_LIMIT_PER_MINUTE = 2
    reader = reader_of(harbor.district)
    assert reader.get("/orgs")["RateLimit"].startswith('"default";r=1;')
    reader.get("/orgs")
    reader.get("/orgs", status=429)


@pytest.mark.parametrize("root", ROOTS)
def test_while_the_database_is_away_the_server_is_busy(harbor, monkeypatch, root: str) -> None:
    def away(*_args: Any) -> Any:
        raise OperationalError

    reader = reader_of(harbor.district, root=root)
    monkeypatch.setattr(queries, "_lines", away)
    response = reader.get("/academicSessions/q1", status=503)
    assert response["Retry-After"] == "2"


@pytest.mark.parametrize("root", ROOTS)
def test_a_mistake_of_ours_is_told_without_its_inside(harbor, monkeypatch, root: str) -> None:
    def broken(*_args: Any) -> Any:
        message = "secret"
        raise ArithmeticError(message)

    reader = reader_of(harbor.district, root=root)
    reader.client.raise_request_exception = False
    monkeypatch.setattr(queries, "_lines", broken)
    response = reader.get("/academicSessions/q1", status=500)
    assert b"secret" not in response.content
    reader.get("/academicSessions", status=500)


@pytest.mark.parametrize("root", ROOTS)
def test_errors_of_the_framework_are_told_alike(harbor, settings, root: str) -> None:
    reader = reader_of(harbor.district, root=root)
    parameters = "&".join(["a=1"] * 2000)
    assert code_of(reader.get(f"/orgs?{parameters}", status=400)) == "invaliddata"
    settings.ALLOWED_HOSTS = ["elsewhere.example"]
    assert code_of(reader.get("/orgs", status=400)) == "invaliddata"


def test_version_1_1_names_the_request(harbor) -> None:
    for root in ROOTS[1:]:
        client = Reader({"x-request-id": "mine-1"}, root)
        assert client.get("/orgs", status=401).json()["imsx_messageRefIdentifier"] == "mine-1"


def test_paths_beside_the_roots_are_nobodys(client) -> None:
    for path in ("/ims", "/ims/oneroster", "/ims/oneroster/rostering/v1p2x", "/ims/oneroster/v2p0"):
        assert client.get(path).status_code == 404


def test_a_program_without_roles_sees_an_empty_roster(harbor) -> None:
    reader = Reader(bearer(ApplicationFactory.create(), READ))
    for path in COLLECTIONS[:5]:
        assert reader.ids(path) == []
    reader.get("/orgs/d1", status=404)
