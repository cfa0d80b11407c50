"""What a supervisor asks: does the process live, and can it answer?

Answered before anything else looks at the request: a probe knows no host name, and speaks plain
HTTP inside the cluster.
"""

from collections.abc import Callable
from http import HTTPStatus

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

GetResponse = Callable[[HttpRequest], HttpResponse]


def health_checks(get_response: GetResponse) -> GetResponse:
    """Answer `/livez` and `/readyz`.

    A process lives if it answers at all. It is ready if the database answers; without Redis it is
    only slower.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info == "/livez":
            return _told("alive", HTTPStatus.OK)
        if request.path_info == "/readyz":
            return _readiness()
        return get_response(request)

    return middleware


def _readiness() -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return _told("the database does not answer", HTTPStatus.SERVICE_UNAVAILABLE)
    return _told("ready", HTTPStatus.OK)


def _told(status: str, code: HTTPStatus) -> HttpResponse:
    return JsonResponse({"status": status}, status=code, headers={"Cache-Control": "no-store"})
