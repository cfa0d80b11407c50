"""Every kind of problem there is, provoked over HTTP: all are told in one way."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError
from django.test import Client
from django.urls import include, path
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

import config.urls
from api.codes import DETAILS, TITLES
from api.idempotency import KeyRunning
from api.problems import CONTENT_TYPE
from scheduling.services.pruning import prune_history
from tests.api.conftest import Maple
from tests.factories import ApplicationFactory, MembershipFactory, UserFactory, bearer

FAILURES = {
    "bug": ZeroDivisionError("a secret of the source"),
    "race": IntegrityError("UNIQUE constraint failed: secret"),
    "running": KeyRunning(),
    "lock": OperationalError("database is locked: secret"),
}
"""What no test can bring about at will."""


class FailingView(APIView):
    permission_classes = ()

    def get(self, _request, name: str) -> Response:
        raise FAILURES[name]


def bug(_request) -> None:
    raise FAILURES["bug"]


urlpatterns = [
    path("api/v1/failing/<str:name>", FailingView.as_view()),
    path("oauth/bug", bug),
    path("", include(config.urls.urlpatterns)),
]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

JSON = "application/json"
BREAKS = "/api/v1/breaks"


@dataclass
class Callers:
    """Who asks Maple High."""

    maple: Maple
    anybody: APIClient
    editor: APIClient
    reader: APIClient
    """A program whose token is for reading alone."""
    viewer: APIClient
    person: APIClient
    """An editor who has logged in, but sends no CSRF token."""

    @property
    def row(self) -> str:
        return f"{BREAKS}/{self.maple.year.breaks.get().pk}"


def program(maple: Maple, role: str, *scopes: str) -> APIClient:
    application = ApplicationFactory.create()
    MembershipFactory.create(application=application, school=maple.school, role=role)
    return APIClient(headers=bearer(application, *scopes))


@pytest.fixture
def callers(maple) -> Callers:
    user = UserFactory.create()
    MembershipFactory.create(user=user, school=maple.school, role="editor")
    person = APIClient(enforce_csrf_checks=True)
    person.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return Callers(
        maple,
        anybody=APIClient(raise_request_exception=False),
        editor=program(maple, "editor"),
        reader=program(maple, "editor", "calendar.read"),
        viewer=program(maple, "viewer"),
        person=person,
    )


CHANGES = "/api/v1/schools/maple-high/changes"
UNKNOWN = "v1." + "A" * 98
"""A position that nobody was given."""


def failing(name: str) -> Callable[[Callers], Any]:
    return lambda callers: callers.anybody.get(f"/api/v1/failing/{name}")


def key_of_another_request(callers: Callers) -> Any:
    key = {"idempotency-key": "the-7th"}
    address = f"/api/v1/period-templates/{callers.maple.regular.pk}/clone"
    callers.editor.post(address, {"code": "first"}, headers=key)
    return callers.editor.post(address, {"code": "second"}, headers=key)


def forgotten(callers: Callers) -> Any:
    list(prune_history(timezone.now()))
    return callers.anybody.get("/api/v1/schools/maple-high/calendar", {"as_of": "2001-01-01"})


def too_often(callers: Callers) -> Any:
    callers.anybody.get(BREAKS)
    return callers.anybody.get(BREAKS)


PROBLEMS: dict[str, tuple[int, Callable[[Callers], Any]]] = {
    "bad_request": (
        400,
        lambda callers: callers.anybody.get(BREAKS, headers={"host": "elsewhere.example"}),
    ),
    "conflict": (409, failing("race")),
    "csrf_failed": (403, lambda callers: callers.person.patch(callers.row, {"name": "Snow"})),
    "history_pruned": (410, forgotten),
    "idempotency_key_reused": (422, key_of_another_request),
    "idempotency_key_running": (409, failing("running")),
    "in_use": (
        409,
        lambda callers: callers.editor.delete(f"/api/v1/terms/{callers.maple.term.pk}"),
    ),
    "insufficient_scope": (403, lambda callers: callers.reader.delete(callers.row)),
    "invalid": (400, lambda callers: callers.editor.patch(callers.row, {"name": 5})),
    "invalid_token": (
        401,
        lambda callers: callers.anybody.get(BREAKS, headers={"authorization": "Bearer guess"}),
    ),
    "method_not_allowed": (405, lambda callers: callers.editor.delete(BREAKS)),
    "not_acceptable": (
        406,
        lambda callers: callers.anybody.get(BREAKS, headers={"accept": "text/csv"}),
    ),
    "not_authenticated": (401, lambda callers: callers.anybody.delete(callers.row)),
    "not_found": (404, lambda callers: callers.anybody.get("/api/v1/nothing")),
    "permission_denied": (403, lambda callers: callers.viewer.delete(callers.row)),
    "precondition_failed": (
        412,
        lambda callers: callers.editor.delete(callers.row, headers={"if-match": '"old"'}),
    ),
    "server_error": (500, failing("bug")),
    "sync_token_expired": (410, lambda callers: callers.anybody.get(CHANGES, {"since": UNKNOWN})),
    "throttled": (429, too_often),
    "too_large": (
        413,
        lambda callers: callers.editor.generic("POST", BREAKS, b"x" * 3_000_000, JSON),
    ),
    "unavailable": (503, failing("lock")),
    "unsupported_media_type": (
        415,
        lambda callers: callers.editor.generic("POST", BREAKS, b"a,b", "text/csv"),
    ),
}


def test_every_kind_of_problem_is_here() -> None:
    assert set(PROBLEMS) == set(TITLES)
    assert set(DETAILS) <= set(TITLES)


@pytest.mark.parametrize("debug", [False, True], ids=["production", "debug"])
@pytest.mark.parametrize("code", PROBLEMS)
def test_every_problem_has_one_shape(callers, settings, code: str, debug: bool) -> None:
    settings.DEBUG = debug
    if code == "throttled":
        settings.ANONYMOUS_RATE_LIMIT_PER_MINUTE = 1
    status, provoke = PROBLEMS[code]
    response = provoke(callers)
    problem = response.json()
    assert (response.status_code, response.headers["Content-Type"]) == (status, CONTENT_TYPE)
    assert list(problem) == ["type", "title", "status", "code", "detail", "instance", "errors"]
    assert (problem["status"], problem["code"]) == (status, code)
    assert (problem["type"], problem["title"]) == (f"/problems/{code}", str(TITLES[code]))
    assert problem["instance"] == response.wsgi_request.path
    assert all(set(each) == {"pointer", "code", "detail"} for each in problem["errors"])
    assert problem["detail"].endswith((".", response.headers["X-Request-Id"] + "."))
    assert "secret" not in response.text
    assert "Traceback" not in response.text


@pytest.mark.parametrize(
    ("code", "header", "value"),
    [
        ("invalid_token", "WWW-Authenticate", r'Bearer realm="schoolday", error="invalid_token"'),
        ("not_authenticated", "WWW-Authenticate", r'Bearer realm="schoolday"'),
        (
            "insufficient_scope",
            "WWW-Authenticate",
            r'Bearer realm="schoolday", error="insufficient_scope", scope="calendar\.write"',
        ),
        ("method_not_allowed", "Allow", "GET, POST, HEAD, OPTIONS"),
        ("idempotency_key_running", "Retry-After", "1"),
        ("unavailable", "Retry-After", "2"),
        ("throttled", "Retry-After", r"[1-9]|[1-5]\d|60"),
    ],
)
def test_a_problem_says_in_its_headers_what_helps(
    callers, settings, code: str, header: str, value: str
) -> None:
    if code == "throttled":
        settings.ANONYMOUS_RATE_LIMIT_PER_MINUTE = 1
    response = PROBLEMS[code][1](callers)
    assert re.fullmatch(value, response.headers[header])


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"path": "/api/v1/nothing"}, id="404-of-the-resolver"),
        pytest.param({"path": "/api/v1/schools/nowhere"}, id="404-of-a-view"),
        pytest.param({"path": "/api/v1/schools?x=1"}, id="400"),
        pytest.param({"path": BREAKS, "headers": {"accept": "text/csv"}}, id="406"),
        pytest.param({"path": BREAKS, "headers": {"authorization": "Bearer x"}}, id="401"),
        pytest.param({"path": BREAKS, "headers": {"host": "elsewhere.example"}}, id="host"),
        pytest.param({"path": "/api/v1/failing/bug"}, id="500"),
    ],
)
def test_a_head_has_no_body_even_if_it_fails(asked: dict[str, Any]) -> None:
    client = APIClient(raise_request_exception=False)
    get, head = client.get(**asked), client.head(**asked)
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers["Content-Type"] == CONTENT_TYPE


@pytest.mark.parametrize(
    ("asked", "instance"),
    [
        ("/api/v1/schools/a%20b", "/api/v1/schools/a%20b"),
        (
            "/api/v1/schools/%00%0D%0ASet-Cookie:a",
            "/api/v1/schools/%00%0D%0ASet-Cookie:a",
        ),
        ("/api/v1/schools/%22%3Cscript%3E", "/api/v1/schools/%22%3Cscript%3E"),
        ("/api/v1/schools/%E2%80%AEgnp", "/api/v1/schools/%E2%80%AEgnp"),
        ("/api/v1/schools/é", "/api/v1/schools/%C3%A9"),
        ("/api/v1/schools/%", "/api/v1/schools/%25"),
        ("/api/v1/schools/%ZZ", "/api/v1/schools/%25ZZ"),
        ("/api/v1/schools/%FF", "/api/v1/schools/%25FF"),
        ("/api/v1/schools/a%3Fb%23c", "/api/v1/schools/a%3Fb%23c"),
        ("/api//elsewhere.example", "/api//elsewhere.example"),
        ("/api/v1/nothing?access_token=secret", "/api/v1/nothing"),
    ],
)
def test_an_instance_is_the_path_as_a_reference_and_nothing_else(
    client, asked: str, instance: str
) -> None:
    response = client.get(asked)
    assert (response.status_code, response.json()["instance"]) == (404, instance)
    assert re.fullmatch(r"[\x21-\x7e]+", instance)
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"cookie": r'sessionid="\000abcdefgh"'}, id="nul-in-a-cookie"),
        pytest.param({"cookie": r'csrftoken="\000"; sessionid="\355\240\200x"'}, id="odd-cookies"),
        pytest.param({"cookie": "="}, id="empty-cookie"),
        pytest.param({"authorization": "Basic x"}, id="basic"),
        pytest.param({"authorization": ""}, id="no-scheme"),
        pytest.param({"accept": "a/b;" * 5000 + ",*/*"}, id="endless-accept"),
        pytest.param({"accept": "application/json;q=x;a*=nope''b, */*"}, id="odd-accept"),
        pytest.param({"accept": "application/json; indent=" + "9" * 5000}, id="wide-accept"),
        pytest.param({"if-none-match": '"'}, id="half-an-etag"),
        pytest.param({"origin": "http://[::1"}, id="odd-origin"),
        pytest.param({"x-forwarded-for": "é, \x00"}, id="odd-address"),
        pytest.param({"content-length": "many"}, id="odd-length"),
        pytest.param({"content-length": "-1"}, id="negative-length"),
        pytest.param({"x-csrftoken": "\x00"}, id="odd-csrf-token"),
    ],
)
def test_an_odd_header_is_no_server_error(client, headers: dict[str, str]) -> None:
    response = client.get("/api/v1/schools", headers=headers)
    assert response.status_code in {200, 406}
    unknown = client.post("/api/v1/schools", {}, headers={"accept": "*/*", **headers})
    assert unknown.status_code in {401, 406}


def test_a_token_with_odd_characters_is_no_token(client) -> None:
    for secret in ("", "\x00", "é", "a b", "x" * 9000):
        headers = {"authorization": f"Bearer {secret}"}
        assert client.get("/api/v1/schools", headers=headers).json()["code"] == "invalid_token"


def test_a_person_is_told_of_the_csrf_token_and_nothing_is_changed(callers) -> None:
    response = callers.person.patch(callers.row, {"name": "Snow"})
    assert response.json()["detail"] == (
        "Send the CSRF token in the header X-CSRFToken; the cookie csrftoken has it."
    )
    assert callers.maple.year.breaks.get().name == "Thanksgiving break"


@pytest.mark.parametrize(
    ("method", "address", "headers", "status", "error"),
    [
        ("GET", "/oauth/token", {}, 405, "invalid_request"),
        ("GET", "/oauth/authorize", {}, 404, "invalid_request"),
        ("GET", "/oauth", {}, 404, "invalid_request"),
        ("POST", "/oauth/token/", {}, 404, "invalid_request"),
        ("POST", "/oauth/token", {}, 400, "invalid_request"),
        ("POST", "/oauth/nothing", {"host": "elsewhere.example"}, 400, "invalid_request"),
        ("GET", "/oauth/bug", {}, 500, "server_error"),
    ],
)
@pytest.mark.parametrize("debug", [False, True], ids=["production", "debug"])
def test_programs_are_told_of_errors_in_the_words_of_oauth(
    settings,
    method: str,
    address: str,
    headers: dict[str, str],
    status: int,
    error: str,
    debug: bool,
) -> None:
    settings.DEBUG = debug
    client = Client(raise_request_exception=False)
    response = client.generic(method, address, headers=headers)
    assert (response.status_code, response.headers["Content-Type"]) == (status, JSON)
    assert response.json()["error"] == error
    assert set(response.json()) == {"error", "error_description"}
    assert "secret" not in response.text
