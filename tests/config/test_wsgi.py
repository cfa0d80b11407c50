"""What a server calls: it answers, whatever the request looks like."""

import json
from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest

from api.problems import CONTENT_TYPE
from tests.factories import ApplicationFactory, bearer

pytestmark = pytest.mark.django_db


def answer(application: Any, path: str, **environ: Any) -> tuple[str, str, bytes]:
    """Return the status, the content type and the body of an answer."""
    asked = {"SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "", **environ}
    setup_testing_defaults(asked)
    told = []
    body = validator(application)(
        asked, lambda *status_and_headers: told.append(status_and_headers)
    )
    text = b"".join(body)
    body.close()
    [(status, headers)] = told
    return status, dict(headers)["Content-Type"], text


def test_a_server_gets_answers(application) -> None:
    status, _type, text = answer(application, "/api/schema")
    assert status == "200 OK"
    assert b"openapi: 3.1.0" in text


@pytest.mark.parametrize(
    "content_type",
    [
        pytest.param("application/json; charset=hex", id="no-codec-of-text"),
        pytest.param("application/json; charset=undefined", id="no-codec-at-all"),
        pytest.param("application/json;charset=utf-16", id="another-charset"),
        pytest.param("application/json; a*=nope''b", id="unknown-encoding"),
        pytest.param("multipart/form-data; charset=hex; boundary=b", id="form"),
    ],
)
def test_every_query_is_utf_8(application, content_type: str) -> None:
    asked = {"QUERY_STRING": "caf%C3%A9=1", "CONTENT_TYPE": content_type}
    status, found_type, text = answer(application, "/api/v1/schools", **asked)
    assert (status, found_type) == ("400 Bad Request", CONTENT_TYPE)
    assert [error["pointer"] for error in json.loads(text)["errors"]] == ["/café"]


def test_a_flood_of_parameters_is_a_problem_whatever_the_charset(application) -> None:
    asked = {"QUERY_STRING": "a&" * 1200, "CONTENT_TYPE": "application/json; charset=utf-8"}
    status, found_type, _text = answer(application, "/api/v1/schools", **asked)
    assert (status, found_type) == ("400 Bad Request", CONTENT_TYPE)


def sent_in_chunks(application: Any, body: bytes) -> tuple[str, bytes]:
    token = bearer(ApplicationFactory.create(user__is_superuser=True))["authorization"]
    status, _type, text = answer(
        application,
        "/api/v1/districts",
        REQUEST_METHOD="POST",
        CONTENT_TYPE="application/json",
        HTTP_AUTHORIZATION=token,
        HTTP_TRANSFER_ENCODING="chunked",
        **{"wsgi.input": BytesIO(body), "wsgi.input_terminated": True},
    )
    return status, text


def test_a_body_without_a_length_is_read_to_its_end(application) -> None:
    status, text = sent_in_chunks(application, b'{"name": "Lake District", "slug": "lake"}')
    assert (status, json.loads(text)["slug"]) == ("201 Created", "lake")


def test_a_body_without_a_length_is_not_read_without_end(application) -> None:
    status, text = sent_in_chunks(application, b'"' + b"x" * 3_000_000 + b'"')
    assert status == "413 Request Entity Too Large"
    assert json.loads(text)["code"] == "too_large"
