"""Pages of other origins use the API, but never with a person's session."""

import pytest
from django.test import Client

from tests.factories import SchoolFactory

PAGE = "https://portal.example.org"


@pytest.mark.django_db
def test_a_page_of_any_origin_may_read_and_sees_the_headers_that_matter() -> None:
    SchoolFactory.create(slug="maple-high")
    response = Client().get("/api/v1/schools/maple-high/now", headers={"origin": PAGE})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    exposed = response.headers["Access-Control-Expose-Headers"].split(", ")
    assert {"ETag", "Link", "Location", "Retry-After", "X-Request-Id"} <= set(exposed)


def test_a_page_may_ask_beforehand_whether_it_may_write_on_a_condition() -> None:
    asked = {
        "origin": PAGE,
        "access-control-request-method": "PUT",
        "access-control-request-headers": "authorization,content-type,if-match,idempotency-key",
    }
    response = Client().options("/api/v1/terms", headers=asked)
    assert response.status_code == 200
    allowed = response.headers["Access-Control-Allow-Headers"].split(", ")
    assert {"authorization", "content-type", "if-match", "idempotency-key"} <= set(allowed)
    assert "PUT" in response.headers["Access-Control-Allow-Methods"]


def test_a_page_may_not_touch_the_admin() -> None:
    response = Client().get("/admin/login/", headers={"origin": PAGE})
    assert "Access-Control-Allow-Origin" not in response.headers
