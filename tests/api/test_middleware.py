"""What is promised of every request under /api."""

import re

import pytest
from django.http import HttpResponse, JsonResponse
from django.urls import include, path
from rest_framework.test import APIClient

import config.urls
from api.middleware import problem_documents, request_ids
from api.problems import CONTENT_TYPE
from scheduling import lookups
from tests.factories import SchoolFactory


def broken(_request) -> HttpResponse:
    raise ZeroDivisionError("a secret of the source")


def forbidding(_request) -> HttpResponse:
    return HttpResponse("<h1>No.</h1>", status=403, headers={"X-Why": "csrf"})


urlpatterns = [
    path("api/broken", broken),
    path("api/forbidden", forbidding),
    path("broken", broken),
    path("", include(config.urls.urlpatterns)),
]


@pytest.fixture
def patient_client() -> APIClient:
    return APIClient(raise_request_exception=False)


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(
    "url",
    [
        "/api", "/api/", "/api/v1", "/api/v1/", "/api/v2/schools", "/api/v1/schools/x/days/today/",
        "/api/v1/schools/x%2Fy/now", "/api/v1/%00",
    ],
)  # fmt: skip
def test_an_unknown_route_is_a_problem(client, settings, url: str, debug: bool) -> None:
    settings.DEBUG = debug
    response = client.get(url)
    assert response.headers["Content-Type"] == CONTENT_TYPE
    assert response.json() == {
        "type": "/problems/not_found",
        "title": "Not found.",
        "status": 404,
        "code": "not_found",
        "detail": "There is nothing here, or nothing that you may see.",
        "instance": url.replace("%2F", "/"),
        "errors": [],
    }


def test_outside_of_the_api_an_unknown_route_is_a_page(client) -> None:
    response = client.get("/apis")
    assert (response.status_code, response.headers["Content-Type"]) == (
        404,
        "text/html; charset=utf-8",
    )


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("debug", [False, True])
def test_a_bug_is_a_problem_with_the_request_id_and_no_trace(
    patient_client, settings, debug: bool
) -> None:
    settings.DEBUG = debug
    response = patient_client.get("/api/broken", headers={"x-request-id": "the-7th"})
    assert (response.status_code, response.headers["X-Request-Id"]) == (500, "the-7th")
    assert response.json() == {
        "type": "/problems/server_error",
        "title": "Our mistake.",
        "status": 500,
        "code": "server_error",
        "detail": "Something went wrong here. Report it with the request id the-7th.",
        "instance": "/api/broken",
        "errors": [],
    }


@pytest.mark.django_db
def test_a_bug_behind_a_view_of_ours_is_a_problem_too(patient_client, monkeypatch) -> None:
    SchoolFactory.create(slug="maple-high")
    monkeypatch.setattr(lookups, "now", broken)
    response = patient_client.get("/api/v1/schools/maple-high/now")
    assert (response.status_code, response.headers["Content-Type"]) == (500, CONTENT_TYPE)


@pytest.mark.urls(__name__)
def test_an_error_keeps_its_headers(client) -> None:
    response = client.get("/api/forbidden")
    assert (response.status_code, response.headers["X-Why"]) == (403, "csrf")
    assert response.json()["code"] == "permission_denied"


def test_a_wrong_host_name_is_a_problem(client) -> None:
    response = client.get("/api/v1/schools/x/now", headers={"host": "elsewhere.example"})
    assert (response.status_code, response.json()["code"]) == (400, "bad_request")


def test_a_flood_of_parameters_is_a_problem(client) -> None:
    response = client.get("/api/v1/schools/x/now?" + "&".join(f"p{n}" for n in range(1001)))
    assert (response.status_code, response.json()["code"]) == (400, "bad_request")


def test_an_answer_that_is_no_error_is_left_alone(rf) -> None:
    answer = JsonResponse({})
    assert problem_documents(lambda _request: answer)(rf.get("/api/v1")) is answer


@pytest.mark.parametrize("given", ["abc-123", "A.b_c:d", "x" * 128])
def test_a_request_id_is_echoed(client, given: str) -> None:
    assert client.get("/api", headers={"x-request-id": given}).headers["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["", "two words", "x" * 129, "line\nbreak", "é"])
def test_a_request_without_a_usable_id_is_given_one(rf, given: str) -> None:
    request = rf.get("/api", headers={"x-request-id": given})
    response = request_ids(lambda _request: HttpResponse())(request)
    assert re.fullmatch("[0-9a-f]{32}", response.headers["X-Request-Id"])


def test_an_answer_without_a_body_tells_no_length(client, maple, editor) -> None:
    day = "/api/v1/schools/maple-high/days/2026-11-23"
    full = client.get(day)
    known = client.get(day, headers={"if-none-match": full.headers["ETag"]})
    quarter = f"/api/v1/quarters/{maple.quarters[1].pk}"
    gone = client.delete(quarter, headers=editor)
    assert (full.headers["Content-Length"], known.status_code) == (str(len(full.content)), 304)
    assert gone.status_code == 204
    assert {"Content-Length"}.isdisjoint([*known.headers, *gone.headers])
