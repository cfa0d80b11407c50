"""The WSGI application; production unless DJANGO_SETTINGS_MODULE says otherwise."""

import os
import re
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

BOUNDARY = re.compile(r';\s*boundary=("[^"]*"|[^;"\s]+)', re.IGNORECASE)

ANY_LENGTH = str(2**62)
"""What is read of a body is for its reader to limit."""

django = get_wsgi_application()

from django.conf import settings  # noqa: E402  # these need Django set up

from config.door import Door  # noqa: E402
from config.metrics import measured  # noqa: E402
from core.garbage import collect_seldom  # noqa: E402

answer = measured(Door(django, settings.DOOR_MAX_BYTES) if settings.DOOR_MAX_BYTES else django)
collect_seldom()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer a request; all that can be wrong with it is told by Django, or by views."""
    _make_readable(environ)
    return answer(environ, start_response)


def _make_readable(environ: dict[str, Any]) -> None:
    """Mend the headers that Django would not read, or not survive, as they are.

    A body in chunks has no length, but an end, which the server knows. And Django decodes the
    query with any codec that a Content-Type names, before it can answer that this went wrong;
    here all text is UTF-8.
    """
    if environ.get("CONTENT_TYPE"):
        media_type, _semicolon, parameters = environ["CONTENT_TYPE"].partition(";")
        boundary = BOUNDARY.search(f";{parameters}")
        environ["CONTENT_TYPE"] = f"{media_type}{boundary[0] if boundary else ''}"
    if "HTTP_TRANSFER_ENCODING" in environ and environ.get("wsgi.input_terminated"):
        environ["CONTENT_LENGTH"] = ANY_LENGTH
