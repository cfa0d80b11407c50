"""Programs are spared what only people need, and notice nothing of it."""

from typing import Any

import pytest
from django.test import Client

from scheduling.models import School
from tests.factories import ApplicationFactory, SchoolFactory, bearer

pytestmark = pytest.mark.django_db

OWN = {"X-Request-Id", "RateLimit", "Vary"}


@pytest.fixture
def school() -> School:
    return SchoolFactory.create(slug="maple-high", is_public=True)


@pytest.mark.parametrize("path", ["/api/v1/schools/maple-high", "/api/v1/schools/maple-high/now"])
@pytest.mark.parametrize("is_known", [True, False])
def test_a_cookie_that_means_nothing_changes_nothing(school, path, is_known) -> None:
    headers = bearer(ApplicationFactory.create(user__is_superuser=True)) if is_known else {}
    plain, with_cookie = Client(), Client()
    with_cookie.cookies["theme"] = "dark"
    answers: list[Any] = [each.get(path, headers=headers) for each in (plain, with_cookie)]
    told = [
        (answer.status_code, {k: v for k, v in answer.headers.items() if k not in OWN})
        for answer in answers
    ]
    assert told[0] == told[1]
    assert told[0][0] == 200


def test_nobody_looks_for_the_session_of_a_program(school) -> None:
    plain, with_cookie = (Client().get, Client(headers={"cookie": "theme=dark"}).get)
    path = "/api/v1/schools/maple-high"
    assert not hasattr(plain(path).wsgi_request, "session")
    assert hasattr(with_cookie(path).wsgi_request, "session")
    assert hasattr(Client().get("/admin/login/").wsgi_request, "session")


def test_answers_to_programs_do_not_vary_with_cookies(school) -> None:
    vary = Client().get("/api/v1/schools/maple-high").headers["Vary"].lower()
    assert "cookie" not in vary
    assert "origin" in vary
