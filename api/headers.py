"""Headers of answers, without asking each time what is known: that they can be sent.

Django looks at every name and value for what no header may hold, which costs more than all else
about a header that is the same in every answer, or made of digits.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware
from typing_extensions import override

GetResponse = Callable[[HttpRequest], HttpResponseBase]
Stored = dict[str, tuple[str, str]]


def stored(response: HttpResponseBase) -> Stored:
    """Return the headers of an answer as Django keeps them: by name in lower case."""
    return response.headers._store  # noqa: SLF001


def tell(response: HttpResponseBase, name: str, value: str) -> None:
    """Set a header of plain text, in one line."""
    stored(response)[name.lower()] = name, value


def usual_headers(get_response: GetResponse) -> GetResponse:
    """Give the answers of views what Django's middleware would give them one by one.

    That still does so where no view has answered, or has said something else.
    """
    usual = _usual_headers()

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        headers = stored(response)
        for name, header in usual.items():
            headers.setdefault(name, header)
        if isinstance(response, HttpResponse):
            length = str(len(response.content))
            headers.setdefault("content-length", ("Content-Length", length))
        return response

    return middleware


def are_usual_for(request: HttpRequest) -> bool:
    """Return whether a request comes as it should: then the usual headers are all there are."""
    is_demanded = settings.SECURE_SSL_REDIRECT
    return request.is_secure() is is_demanded and not settings.SECURE_REDIRECT_EXEMPT


class _Reaching(HttpRequest):
    """A request that has come as far as a view: where HTTPS is demanded, it is secure."""

    @override
    def is_secure(self) -> bool:
        return settings.SECURE_SSL_REDIRECT and not settings.SECURE_REDIRECT_EXEMPT


def _usual_headers() -> Stored:
    """Return what Django says of security in every answer; none of our views may be framed."""
    response = HttpResponse()
    told_anyway = set(stored(response))
    for middleware in (SecurityMiddleware, XFrameOptionsMiddleware):
        middleware(lambda _request: response).process_response(_Reaching(), response)
    return {name: each for name, each in stored(response).items() if name not in told_anyway}
