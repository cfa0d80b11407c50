"""What every request under /api is promised: an id, and a problem document for every error."""

import json
import logging
import re
from collections.abc import Callable
from http import HTTPStatus
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from api import problems

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]

REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")

CODES = {
    HTTPStatus.FORBIDDEN: "permission_denied",
    HTTPStatus.INTERNAL_SERVER_ERROR: "server_error",
}


def request_ids(get_response: GetResponse) -> GetResponse:
    """Echo the caller's X-Request-Id, or make one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid4().hex
        request.META["HTTP_X_REQUEST_ID"] = request_id
        response = get_response(request)
        response.headers["X-Request-Id"] = request_id
        return response

    return middleware


def problem_documents(get_response: GetResponse) -> GetResponse:
    """Turn the errors under /api that no view of ours has answered into problem documents.

    They come from the URL resolver, from other middleware, from a wrong host name, from a bug;
    with DEBUG on, Django would show pages with source code.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_error = response.status_code >= HTTPStatus.BAD_REQUEST
        if is_error and _is_api(request.path_info) and not _is_problem(response):
            _rewrite(response, request)
        return response

    return middleware


def _is_api(path: str) -> bool:
    return path == "/api" or path.startswith("/api/")


def _is_problem(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type") == problems.CONTENT_TYPE


def _rewrite(response: HttpResponse, request: HttpRequest) -> None:
    status = HTTPStatus(response.status_code)
    request_id = request.META["HTTP_X_REQUEST_ID"]
    detail = f"{status.description or status.phrase}."
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("Request %s failed: %s %s", request_id, request.method, request.path)
        detail = f"Something went wrong here. Report it with the request id {request_id}."
    code = CODES.get(status, status.phrase.lower().replace(" ", "_"))
    document = problems.problem(status, code, detail=detail, instance=request.path)
    response.content = json.dumps(document).encode()
    response.headers["Content-Type"] = problems.CONTENT_TYPE
    response.headers["Content-Length"] = str(len(response.content))
