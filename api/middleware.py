"""What every request is promised: an id, and for every error under /api a problem document."""

import json
import logging
import re
from collections.abc import Callable
from http import HTTPStatus
from random import getrandbits
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

from api import problems
from api.codes import DETAILS
from api.headers import tell
from core.metadata import is_storable

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]

ROUTE = "schoolday.route"
"""Where a request's META says which route it took."""

REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")

BODILESS = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
"""Statuses of answers that have no body."""

CODES = {
    HTTPStatus.FORBIDDEN: "permission_denied",
    HTTPStatus.INTERNAL_SERVER_ERROR: "server_error",
}
"""What statuses are called here, where it is not by their own names."""
OAUTH_CODES = {
    HTTPStatus.TOO_MANY_REQUESTS: "temporarily_unavailable",
    HTTPStatus.INTERNAL_SERVER_ERROR: "server_error",
}
"""What statuses are called in OAuth (RFC 6749), where it is not `invalid_request`."""


def request_ids(get_response: GetResponse) -> GetResponse:
    """Echo the caller's X-Request-Id, or make one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request_id = request.META["HTTP_X_REQUEST_ID"] = request_id_of(request.META)
        response = get_response(request)
        tell(response, "X-Request-Id", request_id)
        if request.resolver_match is not None:
            request.META[ROUTE] = request.resolver_match.route
        return response

    return middleware


def request_id_of(meta: dict[str, Any]) -> str:
    """Return the caller's id of a request, or make one: it is no secret, and asks no system."""
    given = meta.get("HTTP_X_REQUEST_ID")
    if given and REQUEST_ID.fullmatch(given):
        return str(given)
    return f"{getrandbits(128):032x}"


def lengths_of_bodies(get_response: GetResponse) -> GetResponse:
    """Tell no length where there can be no body: 0 would be taken for that of the full answer.

    RFC 9110, 8.6: a 204 has none, and that of a 304 would be the 200's.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code in BODILESS:
            response.headers.pop("Content-Length", None)
        return response

    return middleware


def problem_documents(get_response: GetResponse) -> GetResponse:
    """Turn the errors under /api that no view of ours has answered into problem documents.

    They come from the URL resolver, from other middleware, from a wrong host name, from a bug;
    with DEBUG on, Django would show pages with source code. Under /oauth such an error becomes
    what OAuth's clients read, and so does a problem document.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            media_type = response.headers.get("Content-Type")
            if _is_below("/api", request) and media_type != problems.CONTENT_TYPE:
                _rewrite(response, _problem(request, response), problems.CONTENT_TYPE)
            elif _is_below("/oauth", request) and media_type != "application/json":
                _rewrite(response, _oauth_error(request, response), "application/json")
        return response

    return middleware


def readable_requests(get_response: GetResponse) -> GetResponse:
    """Refuse a query that has too many parameters to be read, at once and not in every layer.

    And forget cookies that no database could be asked for: a quoted one can spell a NUL byte.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        separators = request.META.get("QUERY_STRING", "").count("&")
        if separators >= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:
            return HttpResponseBadRequest()
        if request.META.get("HTTP_COOKIE"):
            given = request.COOKIES.items()
            request.COOKIES = {name: value for name, value in given if is_storable(value)}
        else:
            request.COOKIES = {}  # or Django would parse what is not there
        return get_response(request)

    return middleware


def _is_below(path: str, request: HttpRequest) -> bool:
    return request.path_info == path or request.path_info.startswith(f"{path}/")


def _problem(request: HttpRequest, response: HttpResponse) -> problems.Problem:
    status = HTTPStatus(response.status_code)
    code = CODES.get(status, status.phrase.lower().replace(" ", "_"))
    detail = _detail(request, status, code)
    return problems.problem(status, code, detail=detail, instance=request.path)


def _oauth_error(request: HttpRequest, response: HttpResponse) -> dict[str, Any]:
    """Return an error as RFC 6749 has it (5.2)."""
    is_problem = response.headers.get("Content-Type") == problems.CONTENT_TYPE
    document = json.loads(response.content) if is_problem else _problem(request, response)
    code = OAUTH_CODES.get(HTTPStatus(response.status_code), "invalid_request")
    return {"error": code, "error_description": document["detail"]}


def _detail(request: HttpRequest, status: HTTPStatus, code: str) -> Any:
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return DETAILS.get(code, f"{status.description or status.phrase}.")
    request_id = request.META["HTTP_X_REQUEST_ID"]
    logger.error("Request %s failed: %s %r", request_id, request.method, request.path)
    return f"Something went wrong here. Report it with the request id {request_id}."


def _rewrite(response: HttpResponse, document: dict[str, Any], media_type: str) -> None:
    response.content = json.dumps(document).encode()
    response.headers["Content-Type"] = media_type
    response.headers["Content-Length"] = str(len(response.content))
