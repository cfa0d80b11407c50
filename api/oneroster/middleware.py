"""Every error below a root of OneRoster is a status document, whoever refuses."""

from collections.abc import Callable
from http import HTTPStatus

import orjson
from django.http import HttpRequest, HttpResponse

from api.oneroster.errors import refusal_of, status_document
from api.oneroster.versions import version_at

GetResponse = Callable[[HttpRequest], HttpResponse]


def status_documents(get_response: GetResponse) -> GetResponse:
    """Write the body of every error below the roots, over whatever another middleware wrote."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            version = version_at(request.path_info)
            if version is not None:
                refusal = refusal_of(response)
                request_id = request.META["HTTP_X_REQUEST_ID"]
                response.content = orjson.dumps(status_document(refusal, version, request_id))
                response.headers["Content-Type"] = "application/json"
                response.headers["Content-Length"] = str(len(response.content))
        return response

    return middleware
