from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.common import CommonMiddleware
from django.middleware.security import SecurityMiddleware

from api.headers import usual_headers

HTTPS = {
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 60,
    "SECURE_HSTS_PRELOAD": True,
}
HOME = {"SECURE_SSL_REDIRECT": False, "SECURE_HSTS_SECONDS": 60}


def view(_request: Any) -> HttpResponse:
    return HttpResponse("Grüezi")


@pytest.mark.parametrize("said", [HTTPS, HOME], ids=["https", "http"])
def test_the_usual_headers_are_those_that_django_adds_itself(rf, settings, said: dict) -> None:
    for name, value in said.items():
        setattr(settings, name, value)
    request = rf.get("/api/v1/schools", secure=settings.SECURE_SSL_REDIRECT)
    by_django = SecurityMiddleware(CommonMiddleware(XFrameOptionsMiddleware(view)))(request).headers
    ours = usual_headers(view)(request).headers
    assert dict(ours.items()) == dict(by_django.items())
    assert ("Strict-Transport-Security" in ours) is settings.SECURE_SSL_REDIRECT


def test_what_a_view_has_said_of_itself_stays(rf) -> None:
    def careful(_request: Any) -> HttpResponse:
        return HttpResponse(headers={"referrer-policy": "no-referrer", "Content-Length": "7"})

    response = usual_headers(careful)(rf.get("/"))
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Content-Length"] == "7"


def test_a_stream_tells_no_length(rf) -> None:
    response = usual_headers(lambda _request: StreamingHttpResponse([b"a"]))(rf.get("/"))
    assert "Content-Length" not in response.headers
    assert response.headers["X-Content-Type-Options"] == "nosniff"
