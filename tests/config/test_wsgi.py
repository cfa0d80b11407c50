"""What a server starts: it answers."""

from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest


@pytest.mark.django_db
def test_a_server_gets_answers(settings) -> None:
    settings.LOGGING_CONFIG = None  # is configured by now
    from config.wsgi import application  # noqa: PLC0415

    environ = {"SCRIPT_NAME": "", "PATH_INFO": "/api/schema", "QUERY_STRING": ""}
    setup_testing_defaults(environ)
    told = []
    body = validator(application)(environ, lambda status, _headers: told.append(status))
    assert b"openapi: 3.1.0" in b"".join(body)
    body.close()
    assert told == ["200 OK"]
